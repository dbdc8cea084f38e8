"""Who passed which course, in which version."""

from django.db import models


class Completion(models.Model):
    """An officer passed a course. A newer version of the course asks again; old completions stay."""

    officer = models.ForeignKey("people.Officer", on_delete=models.CASCADE, related_name="+")
    course = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    score = models.PositiveSmallIntegerField()
    questions = models.PositiveSmallIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["officer", "course", "version"], name="one_completion_a_version"),
        )

    def __str__(self) -> str:
        return f"{self.course} {self.version}"
