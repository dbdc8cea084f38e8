"""A sender's file: its sheets, what each column means, its lines understood."""

import base64
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from django.utils import timezone

from vungxanh.exchange import cells, heads, tables
from vungxanh.exchange.faults import Fault
from vungxanh.exchange.safe import Value
from vungxanh.exchange.tables import Table
from vungxanh.outbreak.intake.lines import FIELDS, Context, Line
from vungxanh.outbreak.intake.understand import understand
from vungxanh.outbreak.models import HeadMemory, ImportFile

_DAYS = (
    "birth", "onset", "sampled", "tested", "reported", "admitted", "discharged", "outcome_date", "death_date",
    "isolation_start", "exposure_first", "exposure_last",
)  # fmt: skip
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the sender's: what it is taken for, why, and what stands in it."""

    index: int
    title: str
    field: str
    why: str
    samples: tuple[str, ...]


def content(file: ImportFile) -> bytes:
    return base64.b64decode(file.content.open())


def sheets(raw: bytes) -> list[Table]:
    """Raises UserError of `exchange`."""
    return tables.read(raw, heads.known)


def remembered(sender: str) -> dict[str, str]:
    """Title -> field, as somebody corrected it for this sender."""
    return dict(HeadMemory.objects.filter(sender=sender).values_list("title", "field"))


def columns(table: Table, sender: str, kind: str) -> list[Column]:
    """Every column with its guess. A column that was corrected to mean nothing stays so."""
    known = remembered(sender)
    matches = heads.guess(table.head, FIELDS[kind], known)
    return [_column(table, match, known) for match in matches]


def _column(table: Table, match: heads.Match, known: Mapping[str, str]) -> Column:
    off = known.get(heads.normal(match.title)) == ""
    values = (row[match.index] for row in table.rows[:200])
    shown = islice((cells.text(value)[:40] for value in values if not cells.nothing(value)), SAMPLES)
    why = "remembered" if off else match.why
    return Column(match.index, match.title, "" if off else match.field or "", why, tuple(shown))


def kind_of(table: Table) -> str:
    """What a list seems to hold: links, contacts, people, else cases."""
    ready = heads.recognised(table.head)
    found = {match.field for match in heads.guess(table.head)}
    if {"from", "to"} <= found and len(found) <= 6:
        return "links"
    if ready is not None and "contact" in ready.key:
        return "contacts"
    if ready is not None and "traveller" in ready.key:
        return "people"
    if (
        found & {"exposure_last", "exposure_first"}
        and "source_case" in found
        and not found & {"onset", "reported"}
    ):
        return "contacts"
    return "cases"


def best_sheet(found: Sequence[Table]) -> int:
    """The sheet whose head names most fields."""
    scores = [(sum(bool(match.field) for match in heads.guess(table.head)), len(table.rows)) for table in found]
    return max(range(len(found)), key=lambda index: scores[index])


def context(file: ImportFile, table: Table, home: str) -> Context:
    """What the list as a whole says. The order of dates is judged column by column."""
    ready = heads.recognised(table.head)
    usual = ready.date_order if ready else "dmy"
    where = places_of(file)
    orders = {
        name: cells.day_order((row[where[name]] for row in table.rows), usual) for name in _DAYS if name in where
    }
    return Context(
        kind=file.kind,
        today=timezone.localdate(),
        order=usual,
        orders=orders,
        empty=ready.empty if ready else frozenset(),
        sender=file.sender,
        disease=file.disease,
        home=home,
    )


def places_of(file: ImportFile) -> dict[str, int]:
    """Field -> place of its column."""
    return {field: int(place) for place, field in file.mapping.items() if field}


def first_row(table: Table) -> int:
    """Rows under the head that are no data (SORMAS writes its words there)."""
    ready = heads.recognised(table.head)
    return ready.skip_rows if ready else 0


def lines(
    file: ImportFile,
    table: Table,
    told: Context,
    start: int = 0,
    stop: int | None = None,
    *,
    only: Container[int] = (),
) -> Iterator[Line]:
    """Lines `start` to `stop` (counted from the first row of data), understood; `only` these lines of the file."""
    where = list(places_of(file).items())
    skip = first_row(table)
    rows = zip(table.numbers[skip:], table.rows[skip:], strict=True)
    for number, row in islice(rows, start, stop):
        if only and number not in only:
            continue
        named = {name: row[place] for name, place in where if row[place] not in told.empty}
        line = understand(number, named, told)
        line.raw = {"row": [jsonable(value) for value in row]}
        yield line


def jsonable(value: Value) -> Any:
    """A cell as JSON keeps it."""
    return {"at": value.isoformat()} if isinstance(value, _MOMENTS) else value


_MOMENTS = (datetime, date, time)


def faults(file: ImportFile, table: Table, found: Sequence[Line]) -> list[Fault]:
    """Faults of lines at their cells in the sender's file; what has no column stands in the first."""
    where = places_of(file)
    width = dict(zip(table.numbers, table.rows, strict=True))
    made = []
    for line in found:
        for fault in line.faults:
            column = where.get(fault.field, min(where.values(), default=0))
            value = cells.text(width[line.number][column])
            made.append(Fault(table.sheet, line.number, column, fault.code, value, fault.params))
    return made
