"""Words for the examples: a clock in Viet Nam, people by name, places by what they are."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from vungxanh.core.minutes import floor_minute
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.memory import MemoryLake
from vungxanh.rules.contact import Bounds, ContactRule
from vungxanh.tracing import trace
from vungxanh.tracing.model import IndexPerson, TraceRequest, TraceResult

CASE, AN, BINH, CHI, DUNG = 1, 2, 3, 4, 5
CV_11042, CV_1909, QD_3638, QD_4689 = (f"vn.covid19.f1.{number}" for number in (11042, 1909, 3638, 4689))
ONSET = date(2022, 1, 3)


def at(text: str) -> int:
    """`3 09:30` is 3 January 2022, half past nine in the morning in Viet Nam."""
    day, _, clock = text.partition(" ")
    hour, minute = map(int, clock.split(":"))
    return floor_minute(datetime(2022, 1, int(day), hour, minute, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")))


def traced(
    evidence: Evidence,
    *,
    onset: date = ONSET,
    rule: str | ContactRule | None = CV_11042,
    generations: int = 1,
    bounds: Bounds | None = None,
    person: int = CASE,
) -> TraceResult:
    """The answer of both engines, which is one answer."""
    lake = MemoryLake(evidence)
    case = IndexPerson(person, onset=onset)
    request = TraceRequest((case,), rule, generations, "reference", bounds)
    found = trace(request, lake)
    same = trace(TraceRequest((case,), rule, generations, "index", bounds), lake)
    assert list(same.rows) == list(found.rows)
    assert (same.truncated, same.place_events, same.bad_data) == (
        found.truncated,
        found.place_events,
        found.bad_data,
    )
    return found


def listed(result: TraceResult) -> dict[int, str]:
    """contact -> certainty."""
    return {row.contact: row.certainty.label for row in result.rows}
