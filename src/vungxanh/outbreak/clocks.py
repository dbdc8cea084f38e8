"""Legal clocks of an isolation: what is due when, by whom; dated data, `data/clocks.toml`."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

FILE = Path(__file__).parent / "data" / "clocks.toml"


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Clock:
    """One step: `done` when it was taken. `who` names the office that answers for it."""

    step: str
    who_vi: str
    who_en: str
    due: datetime
    done: datetime | None

    def is_late(self, now: datetime) -> bool:
        return (self.done or now) > self.due

    def left(self, now: datetime) -> timedelta:
        """Time left; negative when it has run out."""
        return self.due - now


def clocks(
    form: str,
    *,
    detected: datetime,
    listed: datetime | None,
    signed: datetime | None,
    notified: datetime | None,
) -> list[Clock]:
    """List, decide, notify, each counted from the step before it (or when that was due), and the longest hold.

    None for what was detected before the decree came into force.
    """
    if timezone.localdate(detected) < in_force_since():
        return []
    rule = _data()["form"][form]
    list_due = detected + timedelta(hours=rule["list"]["hours"])
    decide_due = (listed or list_due) + timedelta(hours=rule["decide"]["hours"])
    notify_due = (signed or decide_due) + timedelta(hours=rule["notify"]["hours"])
    hold_due = detected + timedelta(hours=rule["hold_hours"])
    decider = rule["decide"]
    return [
        _clock("list", rule["list"], list_due, listed),
        _clock("decide", decider, decide_due, signed),
        _clock("hold", decider, hold_due, signed),
        _clock("notify", rule["notify"], notify_due, notified),
    ]


def kind_of(act: str, form: str) -> str:
    """Which hours count: an order to enforce has its own, whatever the form."""
    return "coerce" if act == "coerce" else form


def forms_of(act: str) -> tuple[str, str]:
    """(numbers of the decree's forms for this decision, `verified`): which of several is not known here."""
    found = _data()["paper"][act]
    return str(found["forms"]), str(found["verified"])


def _clock(step: str, rule: dict[str, Any], due: datetime, done: datetime | None) -> Clock:
    return Clock(step, rule["who_vi"], rule["who_en"], due, done)


def in_force_since() -> date:
    found: date = _data()["valid_from"]
    return found


def basis() -> str:
    return str(_data()["basis"]["document"])


def running(found: list[Clock]) -> Clock | None:
    """The open clock that runs out first."""
    return min((clock for clock in found if clock.done is None), key=lambda clock: clock.due, default=None)
