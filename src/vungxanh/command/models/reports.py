"""Reports up the line: the office's own template, and one report with its figures frozen when it was drawn up."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vungxanh.core.scope import Scope


class ReportKind(models.TextChoices):
    DAILY = "daily", _("daily")
    WEEKLY = "weekly", _("weekly")


class ReportTemplate(models.Model):
    """What an office writes every day or week. `body`: one paragraph a line, figures as `{name}`."""

    SCOPE: ClassVar[Scope] = Scope(org=None)

    kind = models.CharField(max_length=6, choices=ReportKind.choices)
    superior = models.CharField(_("Body above, in the head"), max_length=200, blank=True)
    body_name = models.CharField(_("Who reports"), max_length=200)
    symbol = models.CharField(_("Symbol after the number"), max_length=40)
    place = models.CharField(_("Place before the date"), max_length=100)
    addressees = models.TextField(_("Addressees, one a line"), blank=True)
    abstract = models.CharField(_("About"), max_length=300)
    body = models.TextField(_("Text, one paragraph a line"))
    recipients = models.TextField(_("Recipients, one a line"))
    rank = models.CharField(_("Rank of who signs"), max_length=100)
    edited_by = models.BigIntegerField(null=True)
    edited_at = models.DateTimeField(auto_now=True)
    scope_path = models.CharField(max_length=120, db_collation="C")
    scope_sector = models.CharField(max_length=20)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "scope_path", "scope_sector"], name="one_template_an_office"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.scope_path}"


class Report(models.Model):
    """One report. `figures`: name -> number; `lists`: name -> ids of the rows behind it; both as drawn up.

    `head` holds the template's other fields as they were that day. Until `signed_at` every paper of it is a draft.
    """

    SCOPE: ClassVar[Scope] = Scope(org=None)

    kind = models.CharField(max_length=6, choices=ReportKind.choices)
    since = models.DateTimeField()
    until = models.DateTimeField()
    head = models.JSONField()
    body = models.TextField(_("Text, one paragraph a line"))
    figures = models.JSONField()
    lists = models.JSONField()
    words = models.JSONField(default=dict)
    number = models.CharField(_("Number"), max_length=20, blank=True)
    drafted_by = models.BigIntegerField()
    drafted_at = models.DateTimeField(auto_now_add=True)
    signed_by = models.BigIntegerField(null=True)
    signed_at = models.DateTimeField(null=True)
    signer = models.CharField(max_length=120, blank=True)
    scope_path = models.CharField(max_length=120, db_collation="C")
    scope_sector = models.CharField(max_length=20)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(signed_at__isnull=True, signed_by__isnull=True)
                | (models.Q(signed_at__isnull=False, signed_by__isnull=False) & ~models.Q(number="")),
                name="a_signed_report_has_who_and_number",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.until:%Y-%m-%d}"
