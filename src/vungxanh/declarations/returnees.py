"""What is owed by people back from an epidemic area, by the rule in force on the day they arrived."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

KINDS = ("full", "partly", "none")
WORDS = {"full": "tiêm đủ hoặc đã khỏi", "partly": "tiêm chưa đủ", "none": "chưa tiêm"}


@dataclass(frozen=True, slots=True)
class Owed:
    """Days at home, days of watching after them, days of tests counted from the arrival (1 is that day)."""

    home: int
    watch: int
    tests: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """`owed` by vaccination; a kind that is missing was left to the locality."""

    id: str
    valid_from: date
    valid_to: date | None
    basis: str
    verified: bool
    owed: dict[str, Owed]
    note_vi: str
    note_en: str

    @property
    def sure_tests(self) -> list[int]:
        """Days on which everybody is tested, whatever their vaccination, which the form does not ask."""
        if len(self.owed) < len(KINDS):
            return []
        return sorted(set.intersection(*(set(one.tests) for one in self.owed.values())))

    @property
    def sentence(self) -> str:
        """What the visitor has to know, in Vietnamese, for the work list."""
        parts = [
            f"{WORDS[kind]}: ở nhà {one.home} ngày, tự theo dõi {one.watch} ngày,"
            f" xét nghiệm ngày {', '.join(map(str, one.tests))}"
            for kind, one in self.owed.items()
        ]
        return (
            f"{self.basis}. "
            + " ".join([*(f"{part[0].upper()}{part[1:]}." for part in parts), self.note_vi]).strip()
        )


@cache
def rules() -> tuple[Rule, ...]:
    file = resources.files("vungxanh.declarations") / "rules" / "returnees.toml"
    return tuple(_rule(raw) for raw in tomllib.loads(file.read_text("utf-8"))["rule"])


def _rule(raw: dict[str, Any]) -> Rule:
    owed = {
        kind: Owed(raw[kind]["home"], raw[kind]["watch"], tuple(raw[kind]["tests"]))
        for kind in KINDS
        if kind in raw
    }
    note = raw.get("note", {"vi": "", "en": ""})
    end = raw.get("valid_to")
    return Rule(raw["id"], raw["valid_from"], end, raw["basis"], raw["verified"], owed, note["vi"], note["en"])


def in_force(arrived: date) -> Rule | None:
    """The rule of the day of arrival; None where none was in force."""
    found = [
        one for one in rules() if one.valid_from <= arrived and (one.valid_to is None or arrived <= one.valid_to)
    ]
    return max(found, key=lambda one: one.valid_from, default=None)
