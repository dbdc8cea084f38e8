"""iCalendar (RFC 5545): follow-ups due and isolations ending, for any calendar program.

Titles carry no name and no diagnosis: calendars sync to clouds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

LONGEST_LINE = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, slots=True)
class Event:
    """`starts`: a date for a whole day, an aware datetime else. `uid` stays the same when the event changes."""

    uid: str
    title: str
    starts: date
    ends: date | None = None
    text: str = ""
    cancelled: bool = False


def write(events: Iterable[Event], name: str, stamp: datetime) -> bytes:
    """One calendar. `stamp`: when it was made (aware)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Vung Xanh//vungxanh//VI", f"X-WR-CALNAME:{_text(name)}"]
    for event in events:
        lines += _event(event, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(event: Event, stamp: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"DTSTAMP:{_moment(stamp)}",
        _when("DTSTART", event.starts),
    ]
    if event.ends is not None:
        lines.append(_when("DTEND", event.ends))
    lines.append(f"SUMMARY:{_text(event.title)}")
    if event.text:
        lines.append(f"DESCRIPTION:{_text(event.text)}")
    if event.cancelled:
        lines.append("STATUS:CANCELLED")
    return [*lines, "END:VEVENT"]


def _when(name: str, value: date) -> str:
    if isinstance(value, datetime):
        return f"{name}:{_moment(value)}"
    return f"{name};VALUE=DATE:{value:%Y%m%d}"


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    return value.translate(_ESCAPES)


def _folded(line: str) -> bytes:
    """Lines of at most 75 bytes, never cut inside a letter."""
    parts, current = [], b""
    for letter in line:
        raw = letter.encode()
        if len(current) + len(raw) > LONGEST_LINE:
            parts.append(current)
            current = b" "
        current += raw
    return b"\r\n".join([*parts, current]) + b"\r\n"
