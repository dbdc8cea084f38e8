"""A file of cases: `person,onset,sampled[,from,to,isolated,negative]`, one a line."""

import csv
from pathlib import Path

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import floor_minute, parse_date, parse_instant
from vungxanh.tracing.model import IndexPerson


def minute_of(text: str) -> int:
    """ISO 8601, local time where it has no offset, or minutes since the epoch."""
    text = text.strip()
    return int(text) if text.isdecimal() else floor_minute(parse_instant(text))


def read_cases(path: Path) -> list[IndexPerson]:
    """Raises UserError `tracing.bad-cases` naming the first wrong line: a missing case is a missing chain."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [case_of(line, record) for line, record in enumerate(csv.DictReader(file), start=2)]
    except UnicodeDecodeError as exc:
        raise UserError("tracing.bad-cases", line=1, reason="UTF-8") from exc


def case_of(line: int, record: dict[str, str | None]) -> IndexPerson:
    given = {
        name.strip().lower(): (value or "").strip() for name, value in record.items() if isinstance(value, str)
    }
    try:
        onset, sampled = given.get("onset"), given.get("sampled")
        times = {
            field: minute_of(given[name]) if given.get(name) else None
            for field, name in (
                ("start", "from"),
                ("end", "to"),
                ("isolated", "isolated"),
                ("negative", "negative"),
            )
        }
        return IndexPerson(
            int(given.get("person", "")),
            parse_date(onset) if onset else None,
            parse_date(sampled) if sampled else None,
            **times,
        )
    except (ValueError, UserError) as exc:
        raise UserError("tracing.bad-cases", line=line, reason=str(exc)) from exc
