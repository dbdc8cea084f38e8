"""Cases of a disease. A person may have several; everywhere here a person is an integer."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vungxanh.core.models import ScopedModel


class Case(ScopedModel):
    """One episode of one disease in one person, with where its dates come from: a wrong onset moves everything.

    A day is a calendar day of Viet Nam. `isolated_at` ends the infectious window, `negative_at` where the rule
    says so.
    """

    class Status(models.TextChoices):
        SUSPECTED = "suspected", _("suspected")
        CONFIRMED = "confirmed", _("confirmed")
        WITHDRAWN = "withdrawn", pgettext_lazy("case", "withdrawn")

    class Provenance(models.TextChoices):
        """Who says when it began."""

        PATIENT = "patient", _("said by the patient")
        RELATIVE = "relative", _("said by a relative")
        RECORD = "record", _("medical record")
        ESTIMATE = "estimate", _("estimated by the officer")

    person = models.BigIntegerField(db_index=True)
    disease = models.CharField(max_length=40, default="covid19")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.CONFIRMED)
    onset = models.DateField(null=True, blank=True)
    onset_provenance = models.CharField(max_length=12, choices=Provenance.choices, blank=True)
    sampled = models.DateField(null=True, blank=True)
    symptoms = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    isolated_at = models.DateTimeField(null=True, blank=True)
    negative_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField()
    reported_by = models.BigIntegerField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["disease", "-onset"], name="case_newest_onset"),
            models.Index(fields=["status", "-reported_at"], name="case_newest_report"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(onset__isnull=False) | models.Q(sampled__isnull=False), name="case_has_a_day"
            ),
            models.UniqueConstraint(
                fields=["person", "disease"],
                condition=~models.Q(status="withdrawn") & models.Q(negative_at=None),
                name="one_open_case_a_disease",
            ),
        )

    def __str__(self) -> str:
        return f"case {self.pk}"

    @property
    def kept(self) -> int:
        """How many exposed people were written down and still count."""
        return self.contacts.exclude(status=Contact.Status.DROPPED).count()


class CaseChange(models.Model):
    """One correction of a case: what it was, what it became, why. Never changed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="changes")
    field = models.CharField(max_length=30)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
    by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.field} of case {self.case_id}"


class Contact(ScopedModel):
    """A person whom a trace found exposed to a case. The class is never typed: it follows from the path."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("exposed")
        INTERVIEW = "interview", _("to be interviewed")
        DROPPED = "dropped", _("no longer exposed")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="contacts")
    person = models.BigIntegerField(db_index=True)
    path = ArrayField(models.BigIntegerField())
    first_exposed = models.DateTimeField()
    last_exposed = models.DateTimeField()
    seconds = models.PositiveIntegerField()
    certainty = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=60)
    evidence = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    found_at = models.DateTimeField()
    found_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "person"], name="one_contact_a_case"),)

    def __str__(self) -> str:
        return f"contact {self.person} of case {self.case_id}"


class FollowUp(ScopedModel):
    """Watching one person from `since` to `until` under a rule; later exposure slides the end."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("under follow-up")
        COMPLETED = "completed", _("completed")
        LOST = "lost", _("lost")
        CASE = "case", _("became a case")
        DROPPED = "dropped", _("no longer needed")

    class Protection(models.TextChoices):
        UNKNOWN = "", _("not known")
        FULL = "full", _("fully vaccinated or recently recovered")
        OTHER = "other", _("neither")

    person = models.BigIntegerField(db_index=True)
    disease = models.CharField(max_length=40)
    origin = models.DateField()
    since = models.DateField()
    until = models.DateField()
    rule = models.CharField(max_length=60)
    protection = models.CharField(max_length=10, choices=Protection.choices, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "disease"], condition=models.Q(status="active"), name="one_active_followup"
            ),
        )

    def __str__(self) -> str:
        return f"follow-up {self.pk}"


class Check(models.Model):
    """One day of a follow-up: what is due, and what came of it."""

    class Outcome(models.TextChoices):
        WELL = "well", _("no symptoms")
        SYMPTOMS = "symptoms", _("symptoms")
        UNREACHABLE = "unreachable", _("not reached")
        REFUSED = "refused", _("refused")

    class Result(models.TextChoices):
        NEGATIVE = "negative", _("negative")
        POSITIVE = "positive", _("positive")

    followup = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="checks")
    day = models.DateField()
    test = models.BooleanField(default=False)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)
    at = models.DateTimeField(null=True)
    by = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["followup", "day"], name="one_check_a_day"),)
        indexes = (models.Index(fields=["day"], condition=models.Q(outcome=""), name="check_due"),)

    def __str__(self) -> str:
        return f"{self.day} of follow-up {self.followup_id}"


class Order(ScopedModel):
    """An isolation: drafted here, decided by a named official, told to the person, ended with a certificate.

    The software drafts and never decides: `signer` is who signed, `number` what the records office gave.
    `previous` is the order that this one extends or changes.
    """

    class Form(models.TextChoices):
        HOME = "home", _("at home")
        FACILITY = "facility", _("at a health facility")
        GATE = "gate", _("at the border gate")
        OTHER = "other", _("at another place")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SIGNED = "signed", _("signed")
        NOTIFIED = "notified", _("told to the person")
        ENDED = "ended", _("ended")
        CANCELLED = "cancelled", _("cancelled")

    person = models.BigIntegerField(db_index=True)
    disease = models.CharField(max_length=40)
    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="orders")
    form = models.CharField(max_length=10, choices=Form.choices)
    where = models.CharField(max_length=200, blank=True)
    since = models.DateField()
    until = models.DateField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    number = models.CharField(max_length=40, blank=True)
    signer = models.CharField(max_length=120, blank=True)
    signer_title = models.CharField(max_length=120, blank=True)
    detected_at = models.DateTimeField()
    listed_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="next")
    prepared_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(since__lte=models.F("until")), name="order_days_in_order"),
            models.CheckConstraint(
                condition=models.Q(signed_at=None) | ~models.Q(signer=""), name="order_signed_by_name"
            ),
            models.UniqueConstraint(
                fields=["person", "disease"],
                condition=models.Q(status__in=["draft", "signed", "notified"]),
                name="one_open_order_a_person",
            ),
        )

    def __str__(self) -> str:
        return f"order {self.pk}"
