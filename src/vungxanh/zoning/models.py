"""Counts of communes, levels with what they stand on, zone proposals with their decision. No person is here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from vungxanh.core.models import ScopedModel
from vungxanh.core.scope import Scope, Sector


class CommuneCount(models.Model):
    """Cases of a disease in a commune on a day. A correction is a new row, told later; the newest counts."""

    SCOPE = Scope(org=None, sector=None, fixed_sector=Sector.HEALTH)

    scope_path = models.CharField(max_length=120, db_collation="C")
    commune_code = models.CharField(max_length=5)
    commune_scheme = models.CharField(max_length=8)
    disease = models.CharField(max_length=40)
    day = models.DateField()
    cases = models.PositiveIntegerField()
    linked = models.PositiveIntegerField(default=0)
    counted_by = models.CharField(max_length=10, default="onset")
    source = models.CharField(max_length=120)
    told_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["commune_scheme", "commune_code", "disease", "day", "told_at"], name="one_count_a_telling"
            ),
        )
        indexes = (models.Index(fields=["disease", "day"], name="count_by_day"),)

    def __str__(self) -> str:
        return f"{self.commune_code} {self.disease} {self.day}: {self.cases}"


class AreaLevel(ScopedModel):
    """A level of a commune under one rule: drafted by the software or an officer, decided by a named official."""

    SCOPE = Scope(org=None, sector=None, fixed_sector=Sector.GOVERNMENT)

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        DECIDED = "decided", _("decided")
        REPLACED = "replaced", _("replaced")

    commune_code = models.CharField(max_length=5)
    commune_scheme = models.CharField(max_length=8)
    name = models.CharField(max_length=120)
    rule = models.CharField(max_length=60)
    #: what was computed, with numerator, criteria, reasons; empty where an official named the level alone
    computed = models.JSONField(default=dict)
    level = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    on = models.DateField()
    drafted_by = models.BigIntegerField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    effective_at = models.DateTimeField(null=True)
    why = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["commune_scheme", "commune_code", "rule"],
                condition=models.Q(state="decided"),
                name="one_decided_level",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}: {self.level} ({self.state})"


class ZoneProposal(ScopedModel):
    """Three areas and the curve between them, for one cluster; what an official decided of it.

    `cases` are case numbers of the caller. `options`: [{share, people, held, missed, units: [{kind, id, name,
    people, parent}]}]; `curve`: [[people, share]].
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        DECIDED = "decided", _("decided")
        LIFTED = "lifted", _("lifted")

    cases = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)
    days = models.PositiveSmallIntegerField(default=7)
    expected = models.FloatField()
    options = models.JSONField()
    curve = models.JSONField()
    dots = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    chosen = models.JSONField(default=list)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    effective_at = models.DateTimeField(null=True)
    review_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"zone {self.pk} ({self.state})"
