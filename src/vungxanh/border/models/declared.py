"""Entry declarations, what followed, what the desk did. A person is an integer; names stand in `people` alone."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vungxanh.core.models import ScopedModel
from vungxanh.core.scope import Scope
from vungxanh.core.vault import EncryptedTextField

DECLARATION_SCOPE = Scope(
    path="declaration__scope_path", org="declaration__scope_org", sector="declaration__scope_sector"
)


class Draft(models.Model):
    """A declaration that somebody is writing. Gone when it is sent, or after some days.

    `by`: an officer writes it at the desk. `after`: for a companion of whoever declared that. `met_at`: commune in
    which an officer met the person away from a gate. `sender`: id that an offline desk gave it.
    """

    token = models.CharField(max_length=32, unique=True)
    form = models.CharField(max_length=80)
    answers = EncryptedTextField(record_class="border-draft")
    updated_at = models.DateTimeField(auto_now=True, db_index=True)
    corrects = models.ForeignKey("Declaration", null=True, on_delete=models.CASCADE, related_name="drafts")
    after = models.ForeignKey("Declaration", null=True, on_delete=models.CASCADE, related_name="companion_drafts")
    by = models.BigIntegerField(null=True)
    sender = models.UUIDField(null=True, unique=True)
    met_at = models.CharField(max_length=5, blank=True)

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Channel(models.TextChoices):
    WEB = "web", _("by themselves")
    DESK = "desk", _("at the desk")
    IMPORT = "import", _("from another record")


class Declaration(ScopedModel):
    """One entry of one person under one form. `answers` hold nothing that names anybody.

    A correction is a new row that points to the old one; the old one stays. `party` joins those who travel
    together, `tie` says how (family, others). `met_at`: commune in which somebody was met away from a gate.
    `seen_at`: when a desk first opened it, which begins the waiting time.
    """

    token = models.CharField(max_length=32, unique=True)
    person = models.BigIntegerField(db_index=True)
    document_hash = models.BinaryField(max_length=32, null=True)
    form = models.CharField(max_length=80)
    order = models.CharField(max_length=60, blank=True)
    answers = models.JSONField()
    notes = models.JSONField(default=list)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    declared_at = models.DateTimeField()
    declared_by = models.BigIntegerField(null=True)
    gate = models.CharField(max_length=8)
    entry_on = models.DateField()
    mode = models.CharField(max_length=8)
    flight = models.CharField(max_length=10, blank=True)
    seat = models.CharField(max_length=4, blank=True)
    vehicle = models.CharField(max_length=60, blank=True)
    crew = models.BooleanField(default=False)
    nationality = models.CharField(max_length=3, blank=True)
    party = models.CharField(max_length=24, blank=True, db_index=True)
    tie = models.CharField(max_length=8, blank=True)
    met_at = models.CharField(max_length=5, blank=True)
    sender = models.UUIDField(null=True, unique=True)
    seen_at = models.DateTimeField(null=True)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["document_hash", "-declared_at"], name="declaration_by_document"),
            models.Index(fields=["flight", "entry_on"], name="declaration_by_flight"),
            models.Index(fields=["gate", "entry_on", "-declared_at"], name="declaration_by_gate"),
            models.Index(fields=["entry_on", "scope_path"], name="declaration_by_day"),
        )

    def __str__(self) -> str:
        return f"declaration {self.pk}"


class Certificate(models.Model):
    """A health certificate that was shown with a declaration. `name_agrees` compares it with who declared."""

    SCOPE: ClassVar[Scope] = DECLARATION_SCOPE

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="certificates")
    format = models.CharField(max_length=8)
    kind = models.CharField(max_length=16)
    verdict = models.CharField(max_length=20)
    issuer = models.CharField(max_length=40, blank=True)
    entry = models.JSONField(default=dict)
    name_agrees = models.BooleanField(null=True)
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"certificate {self.pk}: {self.verdict}"


class Picture(models.Model):
    """A photograph shown with a declaration, without where and by what it was taken; base64, faces stand in it."""

    SCOPE: ClassVar[Scope] = DECLARATION_SCOPE

    class Kind(models.TextChoices):
        PERSON = "person", _("the person")
        TEST = "test", _("a test result")

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="pictures")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    content = EncryptedTextField(record_class="border-photo")
    content_type = models.CharField(max_length=20)
    taken_in_at = models.DateTimeField(auto_now_add=True)
    by = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class RuleVersion(models.Model):
    """A result rule put in force here, or the withdrawal of one that came with the program (`body` null)."""

    key = models.CharField(max_length=80, unique=True)
    rule = models.CharField(max_length=60)
    body = models.JSONField(null=True)
    put_by = models.BigIntegerField(null=True)
    put_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.key


class Recall(models.Model):
    """A rule was found wrong: everybody whose result it touched was worked out again."""

    rule_key = models.CharField(max_length=80)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=300)
    touched = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    messages = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"recall of {self.rule_key}"


class Result(models.Model):
    """What followed from a declaration under one version of a rule. The latest row counts; none is changed."""

    SCOPE: ClassVar[Scope] = DECLARATION_SCOPE

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="results")
    rule_key = models.CharField(max_length=80)
    class_id = models.CharField(max_length=20)
    reasons = models.JSONField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    recall = models.ForeignKey(Recall, null=True, on_delete=models.PROTECT, related_name="results")
    told_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["declaration"], condition=models.Q(replaced_at=None), name="one_result_counts"
            ),
        )
        indexes = (models.Index(fields=["rule_key"], condition=models.Q(replaced_at=None), name="result_by_rule"),)

    def __str__(self) -> str:
        return f"{self.class_id} by {self.rule_key}"


class Review(models.Model):
    """What an officer decided at the desk, once a crossing. `second_by`: the other pair of eyes, where asked."""

    SCOPE: ClassVar[Scope] = DECLARATION_SCOPE

    class Outcome(models.TextChoices):
        RELEASE = "release", _("may go on")
        HOLD = "hold", _("held for a health check")
        TRANSFER = "transfer", _("transferred")

    declaration = models.OneToOneField(Declaration, on_delete=models.CASCADE, related_name="review")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    class_before = models.CharField(max_length=20)
    reason = models.CharField(max_length=300, blank=True)
    temperature = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    sampled = models.BooleanField(default=False)
    destination = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    second_by = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"review {self.pk}: {self.outcome}"


class Hold(models.Model):
    """Somebody kept at the gate, with the steps that the law's clocks wait for."""

    SCOPE: ClassVar[Scope] = DECLARATION_SCOPE

    declaration = models.OneToOneField(Declaration, on_delete=models.CASCADE, related_name="hold")
    started_at = models.DateTimeField()
    list_at = models.DateTimeField(null=True)
    decision_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    transfer_at = models.DateTimeField(null=True)
    release_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"hold {self.pk}"

    @property
    def steps(self) -> dict[str, object]:
        names = ("list", "decision", "transfer", "release")
        return {name: at for name in names if (at := getattr(self, f"{name}_at"))}
