"""The legal clocks of a hold at a gate: what is due by when, what was done, what runs out. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Literal

from vungxanh.rules.dated import Basis, Evidence, Strict, Text

State = Literal["running", "soon", "over", "done", "late", "waiting"]
#: a clock turns "soon" in the last quarter of its time
SOON = 0.25


class Clock(Strict):
    """`minutes` from the hold, or from when `after` was done; `ends_by` names the step that stops it."""

    id: str
    minutes: int
    name: Text
    who: Text
    after: str = ""
    ends_by: str = ""
    escalate_hours: tuple[float, ...] = (0,)


class ClockRule(Strict):
    id: str
    valid_from: date
    territory: str
    verified: bool
    evidence: Evidence
    basis: Basis
    clocks: tuple[Clock, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One clock at one moment. `due` is None while it waits for a step before it."""

    clock: Clock
    state: State
    due: datetime | None
    done: datetime | None

    def minutes_left(self, now: datetime) -> int | None:
        """Whole minutes, negative once it is over."""
        return None if self.due is None else int((self.due - now).total_seconds() // 60)


@cache
def rule() -> ClockRule:
    """The clocks in force."""
    raw = tomllib.loads((resources.files("vungxanh.border") / "data" / "clocks.toml").read_text("utf-8"))
    return ClockRule.model_validate(raw)


def read(started: datetime, steps: Mapping[str, datetime], now: datetime) -> list[Reading]:
    """`steps`: what was done and when (list, decision, transfer, release). A release stops every clock."""
    return [_reading(clock, started, steps, now) for clock in rule().clocks]


def _reading(clock: Clock, started: datetime, steps: Mapping[str, datetime], now: datetime) -> Reading:
    begins = steps.get(clock.after) if clock.after else started
    done = steps.get(clock.ends_by or clock.id) or steps.get("release")
    due = begins + timedelta(minutes=clock.minutes) if begins else None
    if due is None:
        return Reading(clock, "done" if done else "waiting", None, done)
    if done:
        return Reading(clock, "done" if done <= due else "late", due, done)
    if now > due:
        return Reading(clock, "over", due, None)
    soon = due - now <= timedelta(minutes=clock.minutes * SOON)
    return Reading(clock, "soon" if soon else "running", due, None)
