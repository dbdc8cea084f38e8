"""Rows of a trace as people and programs read them: JSON, CSV, Parquet. Files appear whole or not at all."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import format_minute
from vungxanh.lake.files import durable
from vungxanh.tracing.model import ContactRow, EvidenceItem, TraceResult, Window
from vungxanh.tracing.progress import note

if TYPE_CHECKING:
    from vungxanh.tracing.backward import Backward

COLUMNS = (
    "index",
    "contact",
    "generation",
    "first_exposed",
    "last_exposed",
    "minutes",
    "certainty",
    "rule",
    "path",
    "evidence",
)
_ITEM = pa.struct(
    [
        ("kind", pa.string()),
        ("place", pa.int64()),
        ("start", pa.string()),
        ("end", pa.string()),
        ("seconds", pa.int32()),
        ("infector", pa.int64()),
        ("source_row", pa.int64()),
        ("contact_row", pa.int64()),
        ("assumed", pa.bool_()),
        ("air", pa.bool_()),
        ("contained", pa.bool_()),
    ]
)
SCHEMA = pa.schema(
    [
        ("index", pa.int64()),
        ("contact", pa.int64()),
        ("generation", pa.int32()),
        ("first_exposed", pa.string()),
        ("last_exposed", pa.string()),
        ("minutes", pa.float64()),
        ("certainty", pa.string()),
        ("rule", pa.string()),
        ("path", pa.string()),
        ("evidence", pa.list_(_ITEM)),
    ]
)


def minutes_of(seconds: int) -> int | float:
    """Seconds as minutes with at most two decimals."""
    return seconds // 60 if seconds % 60 == 0 else round(seconds / 60, 2)


def item_fields(item: EvidenceItem) -> dict[str, object]:
    return {
        "kind": item.kind,
        "place": item.place,
        "start": format_minute(item.start),
        "end": format_minute(item.end),
        "seconds": item.seconds,
        "infector": item.infector,
        "source_row": item.source_row,
        "contact_row": item.contact_row,
        "assumed": item.assumed,
        "air": item.air,
        "contained": item.contained,
    }


def fields_of(row: ContactRow) -> dict[str, object]:
    """A row under the names of COLUMNS; evidence as structs."""
    return {
        "index": row.index,
        "contact": row.contact,
        "generation": row.generation,
        "first_exposed": format_minute(row.first_exposed),
        "last_exposed": format_minute(row.last_exposed),
        "minutes": minutes_of(row.seconds),
        "certainty": row.certainty.label,
        "rule": row.rule,
        "path": ">".join(map(str, row.path)),
        "evidence": [item_fields(item) for item in row.evidence],
    }


class Scored:
    """Rows with the points of each, for a column `score` before the evidence."""

    def __init__(self, rows: Sequence[ContactRow], points: Sequence[float | None]) -> None:
        self.rows, self.points = rows, points

    def __iter__(self) -> Iterator[ContactRow]:
        return iter(self.rows)


def columns_of(rows: Iterable[ContactRow]) -> tuple[str, ...]:
    return (*COLUMNS[:-1], "score", COLUMNS[-1]) if isinstance(rows, Scored) else COLUMNS


def records(rows: Iterable[ContactRow]) -> Iterator[dict[str, object]]:
    """Rows under the names of their columns."""
    points = rows.points if isinstance(rows, Scored) else None
    for number, row in enumerate(counted(rows)):
        fields = fields_of(row)
        if points is not None:
            evidence = fields.pop("evidence")
            fields |= {"score": points[number], "evidence": evidence}
        yield fields


def words_of(row: ContactRow) -> list[object]:
    """A row as cells; evidence as one text."""
    fields = fields_of(row)
    return [*(fields[name] for name in COLUMNS[:-1]), ";".join(map(str, row.evidence))]


def window_json(window: Window) -> dict[str, object]:
    return {
        "index": window.index,
        "start": format_minute(window.start),
        "end": format_minute(window.end),
        "ended_by": window.ended_by,
        "rule": window.rule,
    }


def summary(result: TraceResult) -> dict[str, object]:
    """Counts, windows, rule, and everything that was cut, presumed or odd."""
    counts: dict[str, dict[str, int]] = {}
    for row in result.rows:
        of = counts.setdefault(str(row.generation), {})
        of[row.certainty.label] = of.get(row.certainty.label, 0) + 1
    return {
        "contacts": len(result.rows),
        "by_generation": counts,
        "windows": [window_json(w) for w in result.windows],
        "rule": result.rule,
        "truncated": [{"hop": t.hop, "bound": t.bound, "left_out": t.left_out} for t in result.truncated],
        "place_events": [
            {
                "index": e.index,
                "hop": e.hop,
                "place": e.place,
                "day": format_minute(e.day * 1440)[:10],
                "people": e.people,
            }
            for e in result.place_events
        ],
        "bad_data": [
            {"index": b.index, "infector": b.infector, "contact": b.contact, "what": "two places at once"}
            for b in result.bad_data
        ],
        "unknown": list(result.unknown),
        "presumed_no": list(result.presumed),
        "lake": result.lake,
        "engine": result.engine,
    }


def json_text(rows: Iterable[ContactRow]) -> Iterator[str]:
    """One JSON array, in pieces."""
    yield "["
    for n, fields in enumerate(records(rows)):
        yield (",\n" if n else "\n") + json.dumps(fields, ensure_ascii=False)
    yield "\n]\n"


def counted(rows: Iterable[ContactRow]) -> Iterator[ContactRow]:
    """The rows, noting how many were written."""
    for number, row in enumerate(rows):
        if number % 1000 == 0:
            note("rows written", number)
        yield row


def write(rows: Iterable[ContactRow], path: Path) -> None:
    """By the ending of the name: .csv, .json, .parquet. Raises UserError `tracing.unknown-ending`."""
    known_ending(path)
    with durable(path) as draft:
        WRITERS[path.suffix](rows, draft)


def known_ending(path: Path) -> None:
    """Before the work, not after it."""
    if path.suffix not in WRITERS:
        raise UserError("tracing.unknown-ending", name=path.name, choices=", ".join(WRITERS))


def write_csv(rows: Iterable[ContactRow], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        sheet = csv.writer(out, lineterminator="\n")
        sheet.writerow(columns_of(rows))
        if isinstance(rows, Scored):
            both = zip(counted(rows), rows.points, strict=True)
            sheet.writerows([*words_of(row)[:-1], points, words_of(row)[-1]] for row, points in both)
        else:
            sheet.writerows(words_of(row) for row in counted(rows))


def write_json(rows: Iterable[ContactRow], path: Path) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.writelines(json_text(rows))


def write_parquet(rows: Iterable[ContactRow], path: Path, batch: int = 20_000) -> None:
    kinds = {"score": pa.float64()}
    schema = pa.schema([SCHEMA.field(n) if n in COLUMNS else (n, kinds[n]) for n in columns_of(rows)])
    with pq.ParquetWriter(path, schema, compression="zstd") as out:
        held: list[dict[str, object]] = []
        for fields in records(rows):
            held.append(fields)
            if len(held) == batch:
                out.write_table(pa.Table.from_pylist(held, schema=schema))
                held = []
        out.write_table(pa.Table.from_pylist(held, schema=schema))


WRITERS = {".csv": write_csv, ".json": write_json, ".parquet": write_parquet}


def backward_json(found: "Backward") -> dict[str, object]:
    """Ranked sources, places and clusters."""
    return {
        "sources": [
            {
                "person": s.person,
                "cases": list(s.cases),
                "minutes": minutes_of(s.seconds),
                "certainty": s.certainty.label,
                "is_case": s.is_case,
            }
            for s in found.sources
        ],
        "places": [
            {
                "place": p.place,
                "cases": list(p.cases),
                "first": format_minute(p.first),
                "last": format_minute(p.last),
                "minutes": minutes_of(p.seconds),
            }
            for p in found.places
        ],
        "clusters": [{"cases": list(c.cases), "places": list(c.places)} for c in found.clusters],
        "windows": [window_json(w) for w in found.windows],
    }
