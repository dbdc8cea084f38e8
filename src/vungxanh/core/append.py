"""The seam through which lists of records come in: gates, phones, officers, other systems.

Each record has an id made by its sender. A list is written in one batch (COPY into a staging table, then insert
on conflict do nothing), and each record gets one verdict. When `append` returns inside a committed transaction the
accepted records are on disk; sending the same list again is harmless.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import Any, Literal, Protocol, TypeVar

from django.db import connection, models, transaction

from vungxanh.core.errors import UserError
from vungxanh.core.ids import content_id

Status = Literal["accepted", "duplicate", "refused"]


class Row(Protocol):
    """A row on its way: an instance of the model, or something lighter with an attribute for each column."""

    id: int
    digest: int


A = TypeVar("A", bound=Row)


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


def append(rows: Sequence[tuple[str, A]], into: type[Appended] | None = None) -> list[Verdict]:
    """(own id, row) pairs of one model -> a verdict each, in order. All rows are written or none.

    `into` names the model where the rows are lighter than its instances.

    An id that came before with other content is refused as `core.id-reused`: nothing is overwritten, nothing lost
    silently.
    """
    first: dict[int, A] = {}
    for _, row in rows:
        first.setdefault(row.id, row)
    if not first:
        return []
    model = into or type(rows[0][1])
    assert issubclass(model, Appended)
    with transaction.atomic(savepoint=False):
        written = copy_in(list(first.values()), model)
        known = _digests(model, first.keys() - written)
    return [_verdict(own, row, first, written, known) for own, row in rows]


def _verdict(own: str, row: A, first: dict[int, A], written: set[int], known: dict[int, int]) -> Verdict:
    if first[row.id] is row and row.id in written:
        return Verdict(own, "accepted")
    stored = first[row.id].digest if row.id in written else known.get(row.id)
    return Verdict(own, "duplicate") if stored == row.digest else Verdict(own, "refused", "core.id-reused")


def copy_in(rows: Sequence[Any], into: type[models.Model] | None = None) -> set[int]:
    """Write rows of one model in one batch; -> keys of those that were new. A known key leaves its row as it is.

    Inside the caller's transaction. A few rows are one statement; more go through a staging table, which lives as
    long as the connection.
    """
    model: Any = into or type(rows[0])
    words, value = _statements(model), _values(model._meta.concrete_fields)  # noqa: SLF001  public API
    with connection.cursor() as cursor:
        raw = cursor.cursor
        if len(rows) <= _FEW:
            raw.execute(words.few(len(rows)), [each for row in rows for each in value(row)])
            return {int(found[0]) for found in raw.fetchall()}
        raw.execute(words.stage)
        with raw.copy(words.copy) as copy:
            for row in rows:
                copy.write_row(value(row))
        raw.execute(words.insert)
        written = {int(found[0]) for found in raw.fetchall()}
        # for a second batch in the same transaction; truncating costs more than a list of hundreds
        raw.execute(words.clear)
    return written


#: up to here a statement with values is cheaper than a staging table
_FEW = 10


@dataclass(frozen=True, slots=True)
class _Words:
    """The statements of one model."""

    stage: str
    copy: str
    insert: str
    clear: str
    start: str
    row: str
    ending: str

    def few(self, rows: int) -> str:
        return f"{self.start} VALUES {', '.join([self.row] * rows)} {self.ending}"


@cache
def _statements(model: type[models.Model]) -> _Words:
    """Names come from the model alone, never from what was sent."""
    meta = model._meta  # noqa: SLF001  public API
    quote = connection.ops.quote_name
    table, stage = quote(meta.db_table), quote(f"stage_{meta.db_table}"[:63])
    columns = ", ".join(quote(str(f.column)) for f in meta.concrete_fields)
    key = quote(str(_key(meta).column))
    start, ending = f"INSERT INTO {table} ({columns})", f"ON CONFLICT ({key}) DO NOTHING RETURNING {key}"
    return _Words(
        stage=f"CREATE TEMPORARY TABLE IF NOT EXISTS {stage} (LIKE {table}) ON COMMIT DELETE ROWS",
        copy=f"COPY {stage} ({columns}) FROM STDIN",
        insert=f"{start} SELECT {columns} FROM {stage} {ending}",  # noqa: S608
        clear=f"DELETE FROM {stage}",  # noqa: S608
        start=start,
        row=f"({', '.join(['%s'] * len(meta.concrete_fields))})",
        ending=ending,
    )


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
        quote = connection.ops.quote_name
        columns = ", ".join(quote(str(f.column)) for f in meta.concrete_fields)
        # made whole first: encrypting may ask the database for a key, and a COPY in progress holds the connection
        ready = [value(row) for row in rows]
        into = f"COPY {quote(meta.db_table)} ({columns}) FROM STDIN"
        with cursor.cursor.copy(into) as copy:
            for line in ready:
                copy.write_row(line)


def _key(meta: Any) -> Any:
    assert meta.pk is not None  # a model has a key
    return meta.pk


#: what the driver writes as it stands; everything else is asked how it wants to be written
_PLAIN = (models.IntegerField, models.CharField, models.DateField, models.BooleanField)


def _values(fields: Iterable[Any]) -> Callable[[Any], Sequence[Any]]:
    """Row -> its columns, without asking each plain field of each row."""
    listed = [(f.attname, None if isinstance(f, _PLAIN) or f.is_relation else f) for f in fields]
    if all(column is None for _, column in listed):
        return attrgetter(*(name for name, _ in listed))

    def read(row: Any) -> list[Any]:
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
