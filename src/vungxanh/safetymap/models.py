"""Assessments of places, and what is published of them and of exposed places."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from vungxanh.core.scope import Scope, Sector


class Assessment(models.Model):
    """Answers of one assessor to one criteria set. The set is kept by id; `verdict` is as judged when finished."""

    SCOPE = Scope(path="place__scope_path", org="place__scope_org", sector="place__scope_sector")

    class Assessor(models.TextChoices):
        SELF = "self", _("the place itself")
        INSPECTOR = "inspector", _("inspector")

    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="assessments")
    criteria = models.CharField(max_length=60)
    assessor = models.CharField(max_length=10, choices=Assessor.choices)
    by = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    #: item number -> score, true, false, "na"
    answers = models.JSONField(default=dict)
    verdict = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["place", "criteria", "assessor"],
                condition=models.Q(finished_at=None),
                name="one_open_assessment",
            ),
        )
        indexes = (models.Index(fields=["place", "-finished_at"], name="assessment_newest"),)

    def __str__(self) -> str:
        return f"{self.assessor} of place {self.place_id} by {self.criteria}"


class Picture(models.Model):
    """Evidence for one item. Kept small and inside the database, so that a backup holds it."""

    SCOPE = Scope(
        path="assessment__place__scope_path",
        org="assessment__place__scope_org",
        sector="assessment__place__scope_sector",
    )

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="pictures")
    item = models.PositiveSmallIntegerField()
    content = models.BinaryField()
    media_type = models.CharField(max_length=20)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"picture of item {self.item}"


class Snapshot(models.Model):
    """All that the public pages read: never changed. The newest is shown; `digest` is its ETag."""

    SCOPE = Scope(path="scope_path", org=None, sector=None, fixed_sector=Sector.GOVERNMENT)

    scope_path = models.CharField(max_length=120, default="/", db_collation="C")
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)
    data = models.JSONField()
    digest = models.CharField(max_length=32)

    class Meta:
        indexes = (models.Index(fields=["-made_at"], name="snapshot_newest"),)

    def __str__(self) -> str:
        return f"snapshot of {self.made_at:%Y-%m-%d %H:%M}"
