"""Files of Bluezone v2: the history of a phone (`data_trace.txt`) and the keys of cases as it was sent them.

History: tab-separated own id, contact id, RSSI, time; Android wrote milliseconds, iOS seconds.
Keys: `{"data": [{"daily_key", "time_start", "time_end", "max"}, …]}`, times in Unix seconds.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from vungxanh.core.errors import UserError
from vungxanh.exposure.codec.adverts import BLUEZONE_ID_BYTES
from vungxanh.exposure.codec.bluezone import BASE_KEY_BYTES, check_schedule
from vungxanh.exposure.codec.keys import hex_bytes

#: a smaller number cannot be milliseconds of any year after 1973, a greater one cannot be seconds
MILLISECONDS_FROM = 100_000_000_000


@dataclass(frozen=True, slots=True)
class HistoryRow:
    own_id: bytes
    contact_id: bytes
    rssi: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class CaseKey:
    daily_key: bytes
    start: int
    end: int
    slots: int = 96


def milliseconds(value: int) -> int:
    """Time of either platform -> Unix milliseconds."""
    return value if value >= MILLISECONDS_FROM else value * 1000


def read_history(text: str) -> Iterator[HistoryRow]:
    """Rows of a history file. Raises UserError `exposure.bluezone-history` with the line number."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield _history_row(line, number)


def _history_row(line: str, number: int) -> HistoryRow:
    parts = line.split("\t")
    try:
        own, contact, rssi, at = (part.strip() for part in parts)
        return HistoryRow(
            hex_bytes(own, BLUEZONE_ID_BYTES, "own_id"),
            hex_bytes(contact, BLUEZONE_ID_BYTES, "contact_id"),
            int(rssi),
            milliseconds(int(at)),
        )
    except (ValueError, UserError) as exc:
        raise UserError("exposure.bluezone-history", field=f"line {number}", line=number) from exc


def write_history(rows: Iterator[HistoryRow] | list[HistoryRow]) -> str:
    """Rows -> the file as Android wrote it."""
    return "".join(
        f"{row.own_id.hex().upper()}\t{row.contact_id.hex().upper()}\t{row.rssi}\t{row.at_ms}\n" for row in rows
    )


def read_cases(text: str) -> list[CaseKey]:
    """Keys of cases. Raises UserError `exposure.bluezone-cases`, `exposure.bluezone-not-midnight`."""
    try:
        items = json.loads(text)["data"]
        found = [
            CaseKey(
                hex_bytes(item["daily_key"], BASE_KEY_BYTES, "daily_key"),
                int(item["time_start"]),
                int(item["time_end"]),
                int(item.get("max", 96)),
            )
            for item in items
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        raise UserError("exposure.bluezone-cases") from exc
    for case in found:
        check_schedule(case.start, case.slots)
    return found


def write_cases(cases: list[CaseKey]) -> str:
    """Keys of cases -> JSON in the original's fields."""
    return json.dumps(
        {
            "data": [
                {
                    "daily_key": c.daily_key.hex().upper(),
                    "time_start": c.start,
                    "time_end": c.end,
                    "max": c.slots,
                }
                for c in cases
            ]
        }
    )
