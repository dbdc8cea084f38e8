"""Tables that every room stands on: the audit trail, the vault's wrapped keys, and the scope of a row."""

import json
from typing import Any

from django.db import models

from vungxanh.core.scope import ANY_PATH, Scope


class AuditEvent(models.Model):
    """One thing that somebody did or looked at; written by `core.audit` alone, never changed or removed.

    `seq` has no gap: it is given under a lock, so a missing number is a removed row. `details` is canonical
    JSON text, because the chain hashes exactly what is stored. `by` is an officer's id as a bare integer.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    action = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200, blank=True)
    details = models.TextField(default="{}")
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        ordering = ("seq",)
        indexes = (
            models.Index(fields=["subject", "seq"], name="audit_subject"),
            models.Index(fields=["by", "seq"], name="audit_by"),
            models.Index(fields=["action", "seq"], name="audit_action"),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.subject}"

    @property
    def facts(self) -> dict[str, Any]:
        """`details` as the object that it spells."""
        found: dict[str, Any] = json.loads(self.details)
        return found


class DataKey(models.Model):
    """A key that encrypts one class of records, itself encrypted ("wrapped") by a key of the key provider."""

    record_class = models.CharField(max_length=40)
    wrapped = models.BinaryField()
    wrapping_key = models.CharField(max_length=80)
    made_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["record_class"], condition=models.Q(retired_at=None), name="one_current_key_a_class"
            ),
        )

    def __str__(self) -> str:
        return f"{self.record_class}/{self.pk}"


class ScopedModel(models.Model):
    """A row that only some officers may see: where it is, whose it is, and of which sector.

    `scope_path` is the path of the administrative unit or place (`core.scope`), `scope_org` the organisation
    that manages it (`people.Organisation`, a bare integer), `scope_sector` one of `core.scope.Sector`.
    """

    SCOPE = Scope()

    scope_path = models.CharField(max_length=120, default=ANY_PATH, db_collation="C", db_index=True)
    scope_org = models.BigIntegerField(null=True, blank=True)
    scope_sector = models.CharField(max_length=20)

    class Meta:
        abstract = True


class JobRun(models.Model):
    """When a job of the worker last began and ended, and how: the status page shows what is late."""

    name = models.CharField(max_length=60, primary_key=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name


class Removal(models.Model):
    """So many records of a kind were over and went; what they said is nowhere any more."""

    room = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    count = models.PositiveIntegerField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.room}.{self.kind} {self.count}"


class LegalHold(models.Model):
    """A kind of record (all kinds of a room where `kind` is empty) that must stay until the hold is lifted."""

    room = models.CharField(max_length=40)
    kind = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300)
    basis = models.CharField(max_length=200)
    since = models.DateTimeField(auto_now_add=True)
    by = models.BigIntegerField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["room", "kind"], condition=models.Q(lifted_at=None), name="one_hold_a_kind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.room}.{self.kind or '*'}"
