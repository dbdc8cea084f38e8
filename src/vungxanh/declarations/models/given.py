"""Declarations as they were given, drafts on their way, and the dated list of epidemic areas.

Answers are encrypted; what identifies somebody stands in `people` only.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vungxanh.core.models import ScopedModel
from vungxanh.core.vault import EncryptedTextField


class Whom(models.TextChoices):
    """For whom somebody declares."""

    SELF = "self", _("For myself")
    OTHER = "other", _("For somebody in my family or in my care")


class Draft(models.Model):
    """A declaration on its way, under a random key that only the device holds. Gone when sent or expired."""

    key_hash = models.BinaryField(max_length=16, unique=True)
    form = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    whom = models.CharField(max_length=10, choices=Whom.choices, default=Whom.SELF)
    answers = EncryptedTextField(record_class="declaration")
    person = models.BigIntegerField(null=True)
    corrects = models.BigIntegerField(null=True)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Declaration(ScopedModel):
    """One declaration. Corrections are new rows that point to the one they replace; nothing is overwritten."""

    class Channel(models.TextChoices):
        WEB = "web", pgettext_lazy("channel", "web")
        DESK = "desk", pgettext_lazy("channel", "keyed in by staff")
        PAPER = "paper", pgettext_lazy("channel", "paper")
        SMS = "sms", pgettext_lazy("channel", "SMS")

    person = models.BigIntegerField(db_index=True)
    form = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    order = models.CharField(max_length=60, blank=True)
    whom = models.CharField(max_length=10, choices=Whom.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    declared_by = models.BigIntegerField(null=True)
    device_hash = models.BinaryField(max_length=16, null=True, db_index=True)
    sender_hash = models.BinaryField(max_length=16, unique=True)
    answers = EncryptedTextField(record_class="declaration")
    given_at = models.DateTimeField()
    received_at = models.DateTimeField()
    version_ended = models.BooleanField(default=False)
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    withdrawn_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=40)
    result_rule = models.CharField(max_length=60)
    reasons = models.JSONField(default=list)
    valid_until = models.DateTimeField()
    asked = models.PositiveSmallIntegerField(default=0)
    filled = models.PositiveSmallIntegerField(default=0)
    odd = models.PositiveSmallIntegerField(default=0)
    straight = models.BooleanField(default=False)
    delete_after = models.DateTimeField(db_index=True)

    class Meta:
        indexes = (
            models.Index(fields=["result", "-received_at"], name="declaration_result"),
            models.Index(fields=["scope_path", "-received_at"], name="declaration_area"),
        )

    def __str__(self) -> str:
        return f"declaration {self.pk}"


class EpidemicArea(models.Model):
    """An area on the list of epidemic areas, from day to day (both inclusive; None is open). Public."""

    disease = models.CharField(max_length=40)
    code = models.CharField(max_length=10)
    scheme = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200)
    added_by = models.BigIntegerField(null=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["disease", "code", "scheme", "since"], name="one_area_a_day"),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")), name="area_days_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.since}"
