"""What comes after the desk, and what an offline desk sent."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vungxanh.border.models.declared import Declaration
from vungxanh.core.models import ScopedModel
from vungxanh.core.scope import Scope, Sector
from vungxanh.core.vault import EncryptedTextField


class Following(models.Model):
    """Days on which the arrival commune asks after somebody, after the desk let them go on."""

    SCOPE: ClassVar[Scope] = Scope(path="commune_path", org=None, sector=None, fixed_sector=Sector.HEALTH)

    declaration = models.OneToOneField(Declaration, on_delete=models.CASCADE, related_name="following")
    person = models.BigIntegerField()
    commune_path = models.CharField(max_length=120, db_collation="C")
    since = models.DateField()
    until = models.DateField(db_index=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"following {self.pk}"


class DeskRecord(ScopedModel):
    """What a desk sent that may have been offline, once by its own id. Nothing that was sent is lost.

    `state`: taken, or kept for a person to settle, with the reason's code.
    """

    class State(models.TextChoices):
        TAKEN = "taken", _("taken over")
        KEPT = "kept", _("kept for an officer to settle")

    record = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    received_at = models.DateTimeField(db_index=True)
    by = models.BigIntegerField(null=True)
    body = EncryptedTextField(record_class="border-desk")
    state = models.CharField(max_length=6, choices=State.choices)
    reason = models.CharField(max_length=60, blank=True)
    declaration = models.ForeignKey(Declaration, null=True, on_delete=models.SET_NULL, related_name="desk_records")
    settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
