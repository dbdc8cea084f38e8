"""Dispatches, what they tell whom, and what became of it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from vungxanh.core.scope import Scope
from vungxanh.core.vault import EncryptedTextField


class DirectiveState(models.TextChoices):
    DRAFT = "draft", _("draft, not in force")
    IN_FORCE = "in_force", _("in force")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Directive(models.Model):
    """An administrative document that tells somebody to do something. Read by rules, in force when confirmed.

    `compared`: the official has compared it with others in force on the same matter. `rule_*`: the rule that it
    changes, as proposed; `rule_shown` is the fingerprint of what was shown to the official. `file` is base64.
    """

    SCOPE: ClassVar[Scope] = Scope()

    number = models.CharField(max_length=20, blank=True)
    symbol = models.CharField(max_length=40, blank=True)
    day = models.DateField(null=True)
    issuer_name = models.CharField(max_length=200, blank=True)
    abstract = models.TextField(blank=True)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=DirectiveState.choices, default=DirectiveState.DRAFT)
    drafted_by = models.BigIntegerField(null=True)
    drafted_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    answer_hours = models.PositiveSmallIntegerField(default=24)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    compared = models.BooleanField(default=False)
    rule_kind = models.CharField(max_length=20, blank=True)
    rule_id = models.CharField(max_length=60, blank=True)
    rule_text = models.TextField(blank=True)
    rule_shown = models.CharField(max_length=64, blank=True)
    file = EncryptedTextField(record_class="dispatch", null=True)
    file_name = models.CharField(max_length=120, blank=True)
    scope_path = models.CharField(max_length=120, db_collation="C")
    scope_org = models.BigIntegerField(null=True)
    scope_sector = models.CharField(max_length=20)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="a_directive_in_force_has_a_named_official",
            ),
            models.UniqueConstraint(
                fields=["number", "symbol", "day"],
                condition=~models.Q(number="") & ~models.Q(state="draft"),
                name="one_directive_a_number",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}/{self.symbol}".strip("/") or f"#{self.pk}"


class CitedDocument(models.Model):
    """A document that a directive rests on; `known` where it is in this register."""

    directive = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="cited")
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=60)
    day = models.DateField(null=True)
    issuer = models.CharField(max_length=200, blank=True)
    known = models.ForeignKey(Directive, null=True, on_delete=models.SET_NULL, related_name="cited_by")

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Duty(models.Model):
    """One thing that one addressee is told to do. `every`: "", "day" or "week"."""

    directive = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="duties")
    position = models.PositiveSmallIntegerField()
    ordinal = models.CharField(max_length=20, blank=True)
    addressee = models.CharField(max_length=400, blank=True)
    text = models.TextField()
    due = models.DateTimeField(null=True)
    every = models.CharField(max_length=4, blank=True)
    place_kinds = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.ordinal} {self.text[:60]}"


class Receipt(models.Model):
    """A directive in the hands of one organisation; `passed_from` is the receipt of who passed it down."""

    SCOPE: ClassVar[Scope] = Scope("organisation__scope_path", "organisation_id", "organisation__sector")

    directive = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="receipts")
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    passed_from = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="passed_to")
    sent_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.BigIntegerField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["directive", "organisation"], name="one_receipt_a_unit"),
            models.CheckConstraint(
                condition=models.Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | models.Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="an_acknowledgement_has_who_and_when",
            ),
        )
        indexes = (
            models.Index(
                fields=["directive"], condition=models.Q(acknowledged_at=None), name="command_not_acknowledged"
            ),
            models.Index(fields=["organisation", "-sent_at"], name="command_unit_inbox"),
        )

    def __str__(self) -> str:
        return f"{self.directive_id} → {self.organisation_id}"


class ChargeState(models.TextChoices):
    OPEN = "open", _("not begun")
    DOING = "doing", _("under way")
    DONE = "done", _("done")


class Charge(models.Model):
    """A duty of one organisation and how far it is."""

    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="charges")
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="charges")
    state = models.CharField(max_length=5, choices=ChargeState.choices, default=ChargeState.OPEN)
    note = models.TextField(blank=True)
    updated_at = models.DateTimeField(null=True)
    updated_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["receipt", "duty"], name="one_charge_a_duty"),)

    def __str__(self) -> str:
        return f"{self.duty_id}: {self.state}"


class Difficulty(models.Model):
    """What a unit cannot do alone; a named official answers before `answer_due`."""

    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="difficulties")
    duty = models.ForeignKey(Duty, null=True, on_delete=models.CASCADE, related_name="difficulties")
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField()
    answerer = models.ForeignKey("people.Officer", on_delete=models.PROTECT, related_name="+")
    answer_due = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answer="")
                | (models.Q(answered_at__isnull=False, answered_by__isnull=False) & ~models.Q(answer="")),
                name="an_answer_has_words_who_and_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.receipt_id}: {self.text[:60]}"
