"""How long somebody is followed and when tested: dated rules as data, `data/followup.toml`."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "followup.toml"
FULL, OTHER = "full", "other"


@dataclass(frozen=True, slots=True)
class Length:
    """So many days, tests on these days of them, so many days of watching oneself after it."""

    days: int
    test_days: tuple[int, ...]
    after_days: int


@dataclass(frozen=True)
class FollowUpRule:
    """One instrument. `isolation`: does it also keep the person apart?"""

    id: str
    disease: str
    classes: tuple[int, ...]
    valid_from: date
    valid_to: date | None
    document: str
    verified: str
    isolation: bool
    lengths: dict[str, Length]

    def length(self, group: str) -> Length:
        """The length for a group; whoever is in none is everybody else."""
        return self.lengths.get(group) or self.lengths[OTHER]

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def rules() -> tuple[FollowUpRule, ...]:
    return tuple(_rule(raw) for raw in tomllib.loads(FILE.read_text("utf-8"))["rule"])


@cache
def most_slides() -> int:
    """How many days an end slides at most while nobody is reached; then the person counts as lost."""
    return int(tomllib.loads(FILE.read_text("utf-8"))["most_slides"])


def _rule(raw: dict[str, Any]) -> FollowUpRule:
    lengths = {
        key: Length(group["days"], tuple(group["test_days"]), group["after_days"])
        for key, group in raw["group"].items()
    }
    return FollowUpRule(
        raw["id"],
        raw["disease"],
        tuple(raw["classes"]),
        raw["valid_from"],
        raw.get("valid_to"),
        raw["basis"]["document"],
        raw["basis"]["verified"],
        raw.get("isolation", True),
        lengths,
    )


def rule_on(day: date, disease: str) -> FollowUpRule | None:
    """The rule in force on the day of last exposure; None where there was none."""
    found = [rule for rule in rules() if rule.disease == disease and rule.in_force(day)]
    return found[-1] if found else None


def plan(origin: date, length: Length, first: date) -> dict[date, bool]:
    """Day -> is a test due, from `first` to the end of the follow-up.

    A test whose day passed before somebody was found is due on their first day.
    """
    end = origin + timedelta(days=length.days)
    days = [first + timedelta(days=n) for n in range((end - first).days + 1)]
    tests = {max(first, origin + timedelta(days=n)) for n in length.test_days if days}
    return {day: day in tests for day in days}
