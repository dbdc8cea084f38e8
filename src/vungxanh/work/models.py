"""Things due, and what happened to each."""

from django.db import models

from vungxanh.core.models import ScopedModel
from vungxanh.core.vault import EncryptedTextField


class WorkItem(ScopedModel):
    """Something that somebody has to do by a time.

    `kind` is one of `kinds.toml` or of a room (`work.kinds`); `source` is what asks for it (`declaration:12`), so
    that the same cause asks once; `clock` is the rule that set the time. `person`, `place` and `household` are
    bare ids: the list groups by household. `reason` is a sentence without names.
    """

    class State(models.TextChoices):
        OPEN = "open"
        ACKNOWLEDGED = "acknowledged"
        DONE = "done"
        CANCELLED = "cancelled"

    kind = models.CharField(max_length=60)
    person = models.BigIntegerField(null=True)
    place = models.BigIntegerField(null=True)
    household = models.BigIntegerField(null=True)
    due = models.DateTimeField()
    clock = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=120)
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=14, choices=State.choices, default=State.OPEN)
    assigned_to = models.ForeignKey(
        "people.Officer", null=True, blank=True, on_delete=models.SET_NULL, related_name="work"
    )
    team = models.ForeignKey(
        "people.Organisation", null=True, blank=True, on_delete=models.SET_NULL, related_name="work"
    )
    escalation = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "source", "person", "place"],
                nulls_distinct=False,
                condition=models.Q(state__in=["open", "acknowledged"]),
                name="one_open_item_a_cause",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "acknowledged"], finished_at=None)
                | models.Q(state__in=["done", "cancelled"], finished_at__isnull=False),
                name="finished_items_say_when",
            ),
        )
        indexes = (
            models.Index(fields=["due"], condition=models.Q(finished_at=None), name="work_open_by_due"),
            models.Index(
                fields=["scope_path", "due"], condition=models.Q(finished_at=None), name="work_open_by_area"
            ),
            models.Index(fields=["person"], name="work_by_person"),
            models.Index(fields=["source"], name="work_by_source"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Beat(ScopedModel):
    """Who of a community team looks after a household, or a person without one: what is due there is theirs."""

    officer = models.ForeignKey("people.Officer", on_delete=models.CASCADE, related_name="beats")
    household = models.BigIntegerField(null=True)
    person = models.BigIntegerField(null=True)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["household"], name="one_beat_a_household"),
            models.UniqueConstraint(fields=["person"], name="one_beat_a_person"),
            models.CheckConstraint(
                condition=models.Q(household=None) ^ models.Q(person=None), name="a_beat_is_of_one_thing"
            ),
        )

    def __str__(self) -> str:
        return f"beat of {self.officer_id}"


class WorkEvent(models.Model):
    """What happened to an item. `record` is the sender's own id: the same record sent twice counts once.

    `at` is when it happened by the sender's clock, `received_at` when it reached us.
    """

    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="events")
    record = models.UUIDField(unique=True)
    verb = models.CharField(max_length=20)
    outcome = models.CharField(max_length=30, blank=True)
    note = EncryptedTextField(record_class="work-note", null=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    by = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.verb} {self.item_id}"
