"""What the field brings in and what goes up the line: milestones, daily answers, reports, dated counts."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vungxanh.core.models import ScopedModel
from vungxanh.core.vault import EncryptedTextField
from vungxanh.outbreak.models.cases import Case, Spot
from vungxanh.outbreak.models.contacts import FollowUp
from vungxanh.outbreak.models.orders import Order


class Milestone(ScopedModel):
    """Somebody was at a place from `start` to `end`, as told in an interview: evidence for the trace.

    `person` is the case itself or somebody it named. Never changed; a mistake is taken back (`withdrawn_at`).
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="milestones")
    person = models.BigIntegerField(db_index=True)
    place = models.BigIntegerField()
    start = models.DateTimeField()
    end = models.DateTimeField()
    mask = models.BooleanField(null=True)
    said_by = models.CharField(max_length=12, choices=Case.Provenance.choices, default=Case.Provenance.PATIENT)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("start", "pk")
        constraints = (
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="milestone_times_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.person} at {self.place}"


class ReportCode(models.Model):
    """The code with which a person (or the head of the household for all in it) reports each day by web or SMS.

    Only its hash is kept. It ends with the follow-up. `tries`: wrong years of birth on the day `tried_on`.
    """

    followup = models.OneToOneField(FollowUp, on_delete=models.CASCADE, related_name="code")
    code_hash = models.BinaryField(max_length=16, unique=True)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_on = models.DateField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"code of follow-up {self.followup_id}"


class OrderPaper(models.Model):
    """The signed paper of an order: a PDF with the official's own digital signature, a detached signature, or a
    scan. `checked`: what the signature says of itself; a scan says nothing."""

    class Kind(models.TextChoices):
        HANDED = "handed", _("handed out to be signed")
        PADES = "pades", _("digitally signed PDF")
        DETACHED = "detached", _("detached digital signature")
        SCAN = "scan", _("scan of the signed paper")

    class Checked(models.TextChoices):
        WHOLE = "whole", _("whole, signer not in our list of trust")
        TRUSTED = "trusted", _("whole and trusted")
        BROKEN = "broken", _("changed after signing")
        NONE = "none", _("not checked")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    content = EncryptedTextField(record_class="paper")
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    signer = models.CharField(max_length=200, blank=True)
    checked = models.CharField(max_length=10, choices=Checked.choices, default=Checked.NONE)
    at = models.DateTimeField(auto_now_add=True)
    by = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} of order {self.order_id}"


class Submission(ScopedModel):
    """One record of a form that the law asks for, on its way up: prepared, sent, accepted or returned."""

    class State(models.TextChoices):
        PREPARED = "prepared", pgettext_lazy("report", "to be sent")
        SENT = "sent", pgettext_lazy("report", "sent")
        ACCEPTED = "accepted", pgettext_lazy("report", "accepted")
        RETURNED = "returned", pgettext_lazy("report", "returned")

    form = models.CharField(max_length=60)
    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="submissions")
    spot = models.ForeignKey(Spot, null=True, on_delete=models.CASCADE, related_name="submissions")
    day = models.DateField(null=True)
    due = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    national = models.CharField(max_length=60, blank=True)
    why = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    by = models.BigIntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=["state", "due"], name="submission_due"),)
        constraints = (
            models.UniqueConstraint(
                fields=["form", "case", "spot", "day"], nulls_distinct=False, name="one_submission_a_subject"
            ),
        )

    def __str__(self) -> str:
        return f"{self.form} {self.pk}"


class DatedCount(ScopedModel):
    """Beds, tests or staff of an area on a day: how many there are and how many are taken or used up."""

    class Kind(models.TextChoices):
        BEDS = "beds", _("beds for patients")
        ICU = "icu", _("intensive-care beds")
        ISOLATION = "isolation", _("places for isolation")
        TESTS = "tests", _("tests in store")
        STAFF = "staff", _("staff on duty")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    day = models.DateField()
    total = models.PositiveIntegerField()
    used = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(auto_now=True)
    by = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "day", "scope_path"], name="one_count_a_day"),)

    def __str__(self) -> str:
        return f"{self.kind} on {self.day}"
