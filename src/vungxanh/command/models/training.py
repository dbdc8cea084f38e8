"""Who passed which course, in which version; which organisation was asked to; drills and their scores."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Completion(models.Model):
    """An officer passed a course. A newer version, or a change of a rule it teaches, asks again; rows stay."""

    officer = models.ForeignKey("people.Officer", on_delete=models.CASCADE, related_name="+")
    course = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    rules = models.CharField(max_length=64, blank=True)
    score = models.PositiveSmallIntegerField()
    questions = models.PositiveSmallIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["officer", "course", "version", "rules"], name="one_completion_a_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.course} {self.version}"


class CourseTask(models.Model):
    """An organisation and those under it are asked to pass a course, whatever their role, until a day."""

    organisation = models.ForeignKey(
        "people.Organisation", verbose_name=_("Organisation"), on_delete=models.CASCADE, related_name="+"
    )
    course = models.CharField(_("Course"), max_length=40)
    due = models.DateField(_("To be passed until"), null=True, blank=True)
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["organisation", "course"], name="one_task_a_course"),)

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.course}"


class DrillRun(models.Model):
    """One trainee's try at a drill: begun, handed in, scored by the engine. `score` as the drill gave it."""

    officer = models.ForeignKey("people.Officer", on_delete=models.CASCADE, related_name="+")
    drill = models.CharField(max_length=40)
    seed = models.PositiveIntegerField()
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    passed = models.BooleanField(default=False)
    score = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.drill} {self.seed}"

    @property
    def minutes(self) -> int:
        """Minutes taken, at least one; 0 while it runs."""
        return max(1, round((self.ended_at - self.begun_at).total_seconds() / 60)) if self.ended_at else 0
