"""Numbers of an official table, stated of many communes at once: population, coverage, beds."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.zoning import counts

Stated = tuple[str, float]


def read_facts(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[Stated]:
    """(code, number) of a table with columns `code` and `value`.

    Raises UserError `zoning.column-missing`, `zoning.bad-number`, `zoning.told-twice`.
    """
    at = {str(name).strip().lower(): number for number, name in enumerate(head)}
    for name in ("code", "value"):
        if name not in at:
            raise UserError("zoning.column-missing", field=name, column=name)
    found: dict[str, float] = {}
    for row in rows:
        code, given = (
            str(row[at[name]] or "").strip() if at[name] < len(row) else "" for name in ("code", "value")
        )
        if not code and not given:
            continue
        code = code.split(".")[0].zfill(5)
        if code in found:
            raise UserError("zoning.told-twice", field="code", commune=code)
        found[code] = _number(code, given)
    return list(found.items())


def _number(code: str, given: str) -> float:
    try:
        value = float(given)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e9:  # not a number is no number either
        raise UserError("zoning.bad-number", field="value", commune=code, value=given[:40])
    return int(value) if value.is_integer() else value


@transaction.atomic
def state_all(*, by: audit.By, rows: Sequence[Stated], name: str, on: date, source: str) -> int:
    """State each, or none. -> how many. Raises UserError `places.unknown-code`, `zoning.source-needed`."""
    for code, value in rows:
        counts.state(by=by, code=code, name=name, value=value, on=on, source=source)
    return len(rows)
