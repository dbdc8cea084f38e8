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


class AreaFact(models.Model):
    """Something about an area that a level needs and nobody counts here: population, coverage, capacity.

    `name` as the rules say it (`population`, `adults_one_dose_pct`, `capacity_met`, `group`, `endemic`) or
    `epidemic-year` with the year as value; `disease` empty where it holds for all.
    """

    SCOPE = Scope(org=None, sector=None, fixed_sector=Sector.HEALTH)

    scope_path = models.CharField(max_length=120, db_collation="C")
    commune_code = models.CharField(max_length=5)
    commune_scheme = models.CharField(max_length=8)
    disease = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=40)
    value = models.JSONField()
    on = models.DateField()
    source = models.CharField(max_length=120)
    told_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["name", "commune_code"], name="area_fact"),)

    def __str__(self) -> str:
        return f"{self.commune_code} {self.name}={self.value}"


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
    disease = models.CharField(max_length=40, default="covid19")
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
                fields=["commune_scheme", "commune_code", "rule", "disease"],
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
    #: the units with what each holds, people as numbers that mean nothing: for editing by hand
    search = models.BinaryField(null=True)
    disease = models.CharField(max_length=40, default="covid19")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    chosen = models.JSONField(default=list)
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    effective_at = models.DateTimeField(null=True)
    review_on = models.DateField(null=True)
    signer = models.CharField(max_length=120, blank=True)
    lifted_by = models.BigIntegerField(null=True)
    lifted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"zone {self.pk} ({self.state})"


class ZoneReview(models.Model):
    """A zone looked at again: what it would hold from today on, what is proposed, what it cost until now."""

    SCOPE = Scope(path="zone__scope_path", org="zone__scope_org", sector="zone__scope_sector")

    class Proposes(models.TextChoices):
        KEEP = "keep", _("keep it")
        SHRINK = "shrink", _("shrink it")
        WIDEN = "widen", _("widen it")
        LIFT = "lift", _("lift it")

    zone = models.ForeignKey(ZoneProposal, on_delete=models.CASCADE, related_name="reviews")
    day = models.DateField()
    at = models.DateTimeField()
    #: infections expected in the next days if it were opened, and the share of them that it holds
    expected = models.FloatField()
    held = models.FloatField()
    proposes = models.CharField(max_length=10, choices=Proposes.choices)
    #: the area proposed instead: one option as in `ZoneProposal.options`
    option = models.JSONField(default=dict)
    cases_inside = models.PositiveIntegerField(default=0)
    cases_outside = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField()
    #: people who belong to a closed place of work, for this day
    worker_days = models.PositiveIntegerField()
    stalls_closed = models.PositiveIntegerField()
    taken_by = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["zone", "day"], name="one_zone_review_a_day"),)

    def __str__(self) -> str:
        return f"review of zone {self.zone_id} on {self.day}"


class ZoneGate(models.Model):
    """An exit that is staffed as a gate. `place`: where it is registered to scan, if it is."""

    SCOPE = Scope(path="zone__scope_path", org="zone__scope_org", sector="zone__scope_sector")

    zone = models.ForeignKey(ZoneProposal, on_delete=models.CASCADE, related_name="gates")
    name = models.CharField(max_length=120)
    place = models.IntegerField(null=True)
    staff = models.CharField(max_length=120)
    hours = models.CharField(max_length=60, default="0-24")
    phone = models.CharField(max_length=20, blank=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class ZonePass(models.Model):
    """Who or what may pass and why. `bearer` is a number plate, a team, a door: no person's name."""

    SCOPE = Scope(path="zone__scope_path", org="zone__scope_org", sector="zone__scope_sector")

    zone = models.ForeignKey(ZoneProposal, on_delete=models.CASCADE, related_name="passes")
    kind = models.CharField(max_length=20)
    bearer = models.CharField(max_length=120)
    why = models.CharField(max_length=300)
    since = models.DateTimeField()
    until = models.DateTimeField()
    given_by = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind}: {self.bearer}"


class ZoneNeed(models.Model):
    """Something needed behind a door: what, who sees to it, by when, done when. A complaint is one too."""

    SCOPE = Scope(path="zone__scope_path", org="zone__scope_org", sector="zone__scope_sector")

    zone = models.ForeignKey(ZoneProposal, on_delete=models.CASCADE, related_name="needs")
    kind = models.CharField(max_length=20)
    door = models.CharField(max_length=120, blank=True)
    what = models.CharField(max_length=300)
    owner = models.CharField(max_length=120)
    due = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)
    done_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = (models.Index(fields=["zone", "done_at", "due"], name="zone_need_due"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"
