"""Isolations and their papers."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vungxanh.core.models import ScopedModel
from vungxanh.outbreak.models.cases import Case


class Order(ScopedModel):
    """An isolation: drafted here, decided by a named official, told to the person, ended with a certificate.

    The software drafts and never decides: `signer` is who signed, `number` what the records office gave.
    `previous` is the order that this one extends, changes or enforces, for the `reason` told.
    """

    class Form(models.TextChoices):
        HOME = "home", _("at home")
        FACILITY = "facility", _("at a health facility")
        GATE = "gate", _("at the border gate")
        OTHER = "other", _("at another place")

    class Act(models.TextChoices):
        """What the paper decides. A refusal is answered by a decision to enforce, at once."""

        APPLY = "apply", pgettext_lazy("order", "isolation")
        EXTEND = "extend", pgettext_lazy("order", "extension")
        CHANGE = "change", pgettext_lazy("order", "change of form")
        COERCE = "coerce", pgettext_lazy("order", "enforcement")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SIGNED = "signed", _("signed")
        NOTIFIED = "notified", _("told to the person")
        ENDED = "ended", _("ended")
        CANCELLED = "cancelled", _("cancelled")

    person = models.BigIntegerField(db_index=True)
    disease = models.CharField(max_length=40)
    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="orders")
    act = models.CharField(max_length=10, choices=Act.choices, default=Act.APPLY)
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
    reason = models.CharField(max_length=200, blank=True)
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
