"""Write CSV that a spreadsheet opens right: UTF-8 with its mark, text that would run made harmless."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from io import StringIO

from vungxanh.exchange.safe import Value, for_csv

BOM = "\ufeff"


def write(
    head: Sequence[str], rows: Iterable[Sequence[Value]], *, delimiter: str = ",", mark: bool = True
) -> bytes:
    """One table. Dates as `2022-01-03`, moments with their offset; `mark` False where a BOM is disliked."""
    target = StringIO(newline="")
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([for_csv(title) for title in head])
    for row in rows:
        writer.writerow([_text(value) for value in row])
    return ((BOM if mark else "") + target.getvalue()).encode("utf-8")


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return for_csv(value) if isinstance(value, str) else str(value)
