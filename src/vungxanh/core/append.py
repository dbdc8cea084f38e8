"""The seam through which lists of records come in: gates, phones, officers, other systems.

Each record has an id made by its sender. A list is written in one batch (COPY into a staging table, then insert
on conflict do nothing), and each record gets one verdict. When `append` returns inside a committed transaction the
accepted records are on disk; sending the same list again is harmless.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Literal, TypeVar

from django.db import connection, models, transaction
from psycopg import sql

from vungxanh.core.errors import UserError
from vungxanh.core.ids import content_id

Status = Literal["accepted", "duplicate", "refused"]
A = TypeVar("A", bound="Appended")


class Appended(models.Model):
    """A record as its sender sent it. `id` is `ids.sender_id(sender, own id)`; `digest` tells a record that was
    sent again from another one under the same id. Rows are never changed, only removed when their time is over."""

    id = models.BigIntegerField(primary_key=True)
    digest = models.BigIntegerField()
    received_at = models.DateTimeField()

    class Meta:
        abstract = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """Answer to one record. `id` is the sender's own; a refused record says why and may be sent again."""

    id: str
    status: Status
    reason: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        answer: dict[str, object] = {"id": self.id, "status": self.status}
        if self.reason:
            error = UserError(self.reason, **self.params)
            answer |= {"reason": self.reason, "message": error.text("en"), "thong_bao": error.text("vi")}
        return answer


def refused(own_id: str, error: UserError) -> Verdict:
    return Verdict(own_id, "refused", error.code, dict(error.params))


def digest_of(values: Iterable[object]) -> int:
    """Digest over what the sender said, without what the receiver adds."""
    return content_id(*values)


def append(rows: Sequence[tuple[str, A]]) -> list[Verdict]:
    """(own id, row) pairs of one model -> a verdict each, in order. All rows are written or none.

    An id that came before with other content is refused as `core.id-reused`: nothing is overwritten, nothing lost
    silently.
    """
    first: dict[int, A] = {}
    for _, row in rows:
        first.setdefault(row.id, row)
    if not first:
        return []
    with transaction.atomic():
        written = copy_in(list(first.values()))
        known = _digests(type(rows[0][1]), first.keys() - written)
    return [_verdict(own, row, first, written, known) for own, row in rows]


def _verdict(own: str, row: A, first: dict[int, A], written: set[int], known: dict[int, int]) -> Verdict:
    if first[row.id] is row and row.id in written:
        return Verdict(own, "accepted")
    stored = first[row.id].digest if row.id in written else known.get(row.id)
    return Verdict(own, "duplicate") if stored == row.digest else Verdict(own, "refused", "core.id-reused")


def copy_in(rows: Sequence[models.Model]) -> set[int]:
    """Write rows of one model in one batch; -> keys of those that were new. A known key leaves its row as it is.

    Inside the caller's transaction. The staging table lives as long as the connection.
    """
    meta = rows[0]._meta  # noqa: SLF001  public API
    table, stage = sql.Identifier(meta.db_table), sql.Identifier(f"stage_{meta.db_table}"[:63])
    key = sql.Identifier(str(_key(meta).column))
    columns = sql.SQL(", ").join([sql.Identifier(str(f.column)) for f in meta.concrete_fields])
    value = _values(meta.concrete_fields)
    with connection.cursor() as cursor:
        raw = cursor.cursor
        raw.execute(
            sql.SQL("CREATE TEMPORARY TABLE IF NOT EXISTS {} (LIKE {}) ON COMMIT DELETE ROWS").format(stage, table)
        )
        with raw.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(stage, columns)) as copy:
            for row in rows:
                copy.write_row(value(row))
        raw.execute(
            sql.SQL("INSERT INTO {t} ({c}) SELECT {c} FROM {s} ON CONFLICT ({k}) DO NOTHING RETURNING {k}").format(
                t=table, c=columns, s=stage, k=key
            )
        )
        written = {int(found[0]) for found in raw.fetchall()}
        raw.execute(sql.SQL("TRUNCATE {}").format(stage))
    return written


def copy_new(rows: Sequence[models.Model]) -> None:
    """Number new rows of one model from its sequence and write them by COPY. Inside the caller's transaction."""
    if not rows:
        return
    meta = rows[0]._meta  # noqa: SLF001  public API
    with connection.cursor() as cursor:
        sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
        cursor.execute(sequence, [meta.db_table, str(_key(meta).column), len(rows)])
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number
        value = _values(meta.concrete_fields)
        columns = sql.SQL(", ").join([sql.Identifier(str(f.column)) for f in meta.concrete_fields])
        # made whole first: encrypting may ask the database for a key, and a COPY in progress holds the connection
        ready = [value(row) for row in rows]
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(meta.db_table), columns)
        with cursor.cursor.copy(into) as copy:
            for line in ready:
                copy.write_row(line)


def _key(meta: Any) -> Any:
    assert meta.pk is not None  # a model has a key
    return meta.pk


#: what the driver writes as it stands; everything else is asked how it wants to be written
_PLAIN = (models.IntegerField, models.CharField, models.DateField, models.BooleanField)


def _values(fields: Iterable[Any]) -> Callable[[models.Model], Sequence[Any]]:
    """Row -> its columns, without asking each plain field of each row."""
    listed = [(f.attname, None if isinstance(f, _PLAIN) or f.is_relation else f) for f in fields]
    if all(column is None for _, column in listed):
        return attrgetter(*(name for name, _ in listed))

    def read(row: models.Model) -> list[Any]:
        return [
            getattr(row, name) if column is None else column.get_db_prep_save(getattr(row, name), connection)
            for name, column in listed
        ]

    return read


def _digests(model: type[Appended], ids: Iterable[int]) -> dict[int, int]:
    wanted = list(ids)
    if not wanted:
        return {}
    rows = model._default_manager.filter(pk__in=wanted)  # noqa: SLF001  public API
    return dict(rows.values_list("pk", "digest"))
