"""Pages of figures that the worker counts ahead."""

from django.db import models


class CountedPage(models.Model):
    """The body of a page of figures as it was counted for a scope; it names nobody. `key`: hash of what was asked
    and of the grants that it was counted under; `officer` asked last, and it is counted anew as theirs."""

    key = models.CharField(max_length=64, primary_key=True)
    page = models.CharField(max_length=20)
    asked = models.JSONField(default=dict)
    language = models.CharField(max_length=5)
    officer = models.BigIntegerField()
    html = models.TextField()
    counted_at = models.DateTimeField()
    asked_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.page} of {self.counted_at:%H:%M}"
