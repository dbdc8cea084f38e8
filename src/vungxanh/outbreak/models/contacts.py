"""Contacts of cases and their follow-up."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from vungxanh.core.models import ScopedModel
from vungxanh.outbreak.models.cases import Case


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
        indexes = (GinIndex(fields=["path"], name="contact_path"),)
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
    team = models.BigIntegerField(null=True)

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

    class Channel(models.TextChoices):
        CALL = "call", _("call or visit")
        WEB = "web", _("reported on the web")
        SMS = "sms", _("reported by SMS")

    class Result(models.TextChoices):
        NEGATIVE = "negative", _("negative")
        POSITIVE = "positive", _("positive")

    followup = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="checks")
    day = models.DateField()
    test = models.BooleanField(default=False)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    at = models.DateTimeField(null=True)
    by = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["followup", "day"], name="one_check_a_day"),)
        indexes = (models.Index(fields=["day"], condition=models.Q(outcome=""), name="check_due"),)

    def __str__(self) -> str:
        return f"{self.day} of follow-up {self.followup_id}"
