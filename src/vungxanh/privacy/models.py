"""Breaches of personal data, and what the data-protection officer decided of unusual look-ups."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vungxanh.core.models import ScopedModel


class Breach(ScopedModel):
    """One breach, from the moment it was found. `kinds` are keys of `data/records.toml`; nobody is named here."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("breach", "open")
        TOLD = "told", _("authority told")
        CLOSED = "closed", _("closed")

    found_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    what = models.CharField(max_length=2000)
    where = models.CharField(max_length=300)
    kinds = ArrayField(models.CharField(max_length=40))
    people = models.PositiveIntegerField(null=True)
    consequences = models.CharField(max_length=2000)
    measures = models.CharField(max_length=2000, blank=True)
    contact = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    due = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=120, blank=True)
    late_because = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True)
    written_by = models.BigIntegerField()
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (models.Index(fields=["state", "due"], name="breach_due"),)

    def __str__(self) -> str:
        return f"breach {self.pk}"


class LookReview(models.Model):
    """What came of a day on which an officer's look-ups were unusual by `rule`."""

    class Outcome(models.TextChoices):
        EXPLAINED = "explained", _("explained")
        REFERRED = "referred", _("referred to the head of the unit")

    officer = models.BigIntegerField()
    day = models.DateField()
    rule = models.CharField(max_length=20)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    note = models.CharField(max_length=500)
    by = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["officer", "day", "rule"], name="one_review_a_day_and_rule"),
        )

    def __str__(self) -> str:
        return f"{self.officer} {self.day} {self.rule}"
