"""Lists that came in: the file, what its columns mean, what became of each row."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vungxanh.core.models import ScopedModel
from vungxanh.core.vault import EncryptedTextField
from vungxanh.outbreak.models.cases import Case
from vungxanh.outbreak.models.contacts import Contact


class ImportFile(ScopedModel):
    """One file from one sender, from its upload to its last row.

    `content` is the sender's file (base64), encrypted. `mapping`: place of a column -> field. `done` rows are
    written for good: a run that was cut off goes on behind them.
    """

    class Kind(models.TextChoices):
        CASES = "cases", _("cases")
        CONTACTS = "contacts", _("contacts")
        PEOPLE = "people", _("people only")
        LINKS = "links", _("links between cases")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("columns to be checked")
        CHECKED = "checked", _("ready to import")
        RUNNING = "running", _("being imported")
        DONE = "done", pgettext_lazy("import", "imported")
        FAILED = "failed", pgettext_lazy("import", "stopped by a fault")

    name = models.CharField(max_length=200)
    sender = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CASES)
    content = EncryptedTextField(record_class="import")
    size = models.PositiveIntegerField()
    sheet = models.PositiveSmallIntegerField(default=0)
    mapping = models.JSONField(default=dict)
    date_order = models.CharField(max_length=3, default="dmy")
    disease = models.CharField(max_length=40, default="covid19")
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    failure = models.CharField(max_length=60, blank=True)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.BigIntegerField()
    moved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["state"], condition=models.Q(state="running"), name="import_running"),)

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def left(self) -> int:
        """Lines that are still to be read."""
        return self.total - self.done


class ImportRow(models.Model):
    """What became of one line. `raw` is the line as it was sent (JSON, encrypted), so that nothing is lost and a
    list can be given back in the sender's own layout."""

    class Verdict(models.TextChoices):
        NEW = "new", pgettext_lazy("row", "new")
        UPDATED = "updated", pgettext_lazy("row", "updated")
        SAME = "same", pgettext_lazy("row", "unchanged")
        FAULT = "fault", pgettext_lazy("row", "with faults")
        HELD = "held", pgettext_lazy("row", "to be decided: perhaps known")

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    person = models.BigIntegerField(null=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    matches = models.JSONField(default=list)
    raw = EncryptedTextField(record_class="import")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["file", "line"], name="one_row_a_line_sent"),)
        indexes = (models.Index(fields=["file", "verdict"], name="import_rows_by_verdict"),)

    def __str__(self) -> str:
        return f"line {self.line} of import {self.file_id}"


class Reference(models.Model):
    """The id that a sender gives to one of our records: the same id again means the same record.

    `sender` empty: an id of our own export. The id itself may be a citizen's number, so only its hash is compared.
    """

    sender = models.CharField(max_length=120, blank=True)
    own_hash = models.BinaryField(max_length=16)
    own = EncryptedTextField(record_class="import")
    kind = models.CharField(max_length=10, choices=ImportFile.Kind.choices)
    person = models.BigIntegerField()
    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="references")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="references")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["sender", "kind", "own_hash"], name="one_record_a_senders_id"),
        )

    def __str__(self) -> str:
        return f"reference {self.pk}"


class HeadMemory(models.Model):
    """What a sender's column turned out to mean, once somebody corrected it. `field` empty: it means nothing."""

    sender = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    field = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["sender", "title"], name="one_meaning_a_title"),)

    def __str__(self) -> str:
        return f"{self.sender}: {self.field}"
