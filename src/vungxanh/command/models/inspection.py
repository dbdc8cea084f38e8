"""Visits to places: what was found against what the place owes, when to come again, whom it was referred to."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vungxanh.core.scope import Scope


class Finding(models.TextChoices):
    MET = "met", _("met")
    MEND = "mend", _("to be mended")
    ABSENT = "absent", _("not there")


class Inspection(models.Model):
    """One visit. `findings`: system -> finding; `basis` is the instrument in force that day. Never a fine."""

    SCOPE: ClassVar[Scope] = Scope("place__scope_path", "place__scope_org", "place__scope_sector")

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.BigIntegerField()
    findings = models.JSONField()
    note = models.TextField(blank=True)
    basis = models.CharField(max_length=200)
    revisit_on = models.DateField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    referred_to = models.ForeignKey("people.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    referred_why = models.TextField(blank=True)
    referral_answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["place", "-at"], name="command_last_visit"),)

    def __str__(self) -> str:
        return f"{self.place_id} {self.at:%Y-%m-%d}"

    @property
    def is_met(self) -> bool:
        """Was everything that the place owes met?"""
        return all(found == Finding.MET for found in self.findings.values())
