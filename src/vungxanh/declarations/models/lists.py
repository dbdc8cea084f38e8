"""Lists that come in from others and go out to them: who, on what basis, which fields, what came of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from vungxanh.core.models import ScopedModel
from vungxanh.core.vault import EncryptedTextField


class ListIn(ScopedModel):
    """A list that police, a hotel, a carrier, a school or a neighbour gave."""

    source = models.CharField(max_length=20)
    giver = models.CharField(max_length=160)
    digest = models.BinaryField(max_length=16)
    received_at = models.DateTimeField(auto_now_add=True)
    received_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["scope_path", "digest"], name="one_list_in_a_file"),)

    def __str__(self) -> str:
        return f"list in {self.pk}"


class ListInRow(models.Model):
    """One line of a list with its answer: `taken`, `known` (somebody we had), `refused` with a code."""

    list = models.ForeignKey(ListIn, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    state = models.CharField(max_length=10)
    person = models.BigIntegerField(null=True)
    code = models.CharField(max_length=60, blank=True)
    column = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["list", "line"], name="one_answer_a_line"),)

    def __str__(self) -> str:
        return f"line {self.line} of {self.list_id}"


class ListOut(ScopedModel):
    """A numbered list that left: to whom, for what, on what basis, with which fields, and who signed for it."""

    number = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()
    recipient = models.CharField(max_length=20)
    recipient_name = models.CharField(max_length=160)
    basis = models.CharField(max_length=200)
    purpose = models.CharField(max_length=300)
    fields = ArrayField(models.CharField(max_length=20))
    people = models.PositiveIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.BigIntegerField()
    received_at = models.DateTimeField(null=True)
    received_by = EncryptedTextField(record_class="declaration", null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["scope_path", "year", "number"], name="one_number_a_list"),)

    def __str__(self) -> str:
        return f"{self.number}/{self.year}/DS-YT"


class ListOutRow(models.Model):
    """Somebody on a list that left, and what came back of them."""

    class Outcome(models.TextChoices):
        FOUND = "found"
        MOVED = "moved"
        NOT_FOUND = "not-found"

    list = models.ForeignKey(ListOut, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    person = models.BigIntegerField()
    item = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=10, blank=True, choices=Outcome.choices)
    note = EncryptedTextField(record_class="declaration", null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["list", "line"], name="one_line_of_a_list_out"),)

    def __str__(self) -> str:
        return f"line {self.line} of {self.list_id}"
