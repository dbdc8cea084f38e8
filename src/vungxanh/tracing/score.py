"""An exposure score beside the legal class: minutes × place × day of infectiousness × distance × masks, all shown.

It ranks whom to call first. It never makes anybody a contact and never takes anybody off a list.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from vungxanh.core.minutes import MINUTES_A_DAY, VIETNAM, local_date
from vungxanh.rules.contact import contact_rule
from vungxanh.tracing.engines.world import World
from vungxanh.tracing.explain import Reason, explain
from vungxanh.tracing.model import ContactRow
from vungxanh.tracing.progress import note

if TYPE_CHECKING:
    from vungxanh.lake.store import LakeStore

SELDOM = 0.05


@dataclass(frozen=True, slots=True)
class Weighed:
    """One item: its minutes and the factors that each weigh them; `points` is their product."""

    reason: Reason
    minutes: float
    factors: Mapping[str, float]

    @property
    def points(self) -> float:
        found = self.minutes
        for factor in self.factors.values():
            found *= factor
        return found


@dataclass(frozen=True, slots=True)
class Score:
    """`points`: minutes face to face in a small closed room on the worst day that would weigh as much."""

    points: float
    parts: tuple[Weighed, ...]
    verified: str

    def as_json(self) -> dict[str, object]:
        """The points, and how each item came to its own."""
        return {
            "points": self.points,
            "means": "minutes face to face in a small closed room on the worst day that would weigh as much",
            "verified": self.verified,
            "parts": [
                {"minutes": round(part.minutes, 2), **dict(part.factors), "points": round(part.points, 2)}
                for part in self.parts
            ],
        }


@cache
def _weights() -> Mapping[str, Any]:
    return tomllib.loads((resources.files("vungxanh.rules") / "data" / "score.toml").read_text("utf-8"))


def score(reasons: Iterable[Reason], onset: date, zone: str = VIETNAM) -> Score:
    """Score of one contact from its reasons (tracing.explain); `onset`: first symptoms, else the sample day."""
    parts = tuple(_weighed(reason, onset, zone) for reason in reasons)
    return Score(round(sum(part.points for part in parts), 2), parts, _weights()["verified"])


def _weighed(reason: Reason, onset: date, zone: str) -> Weighed:
    item, known = reason.item, reason.known
    minutes = item.seconds / 60
    if item.kind == "household":
        days = (item.end - item.start) / MINUTES_A_DAY
        minutes = days * _weights()["other"]["household_minutes_a_day"]
    factors = {
        "space": _space(known),
        "day": _day(local_date(item.start, zone), onset),
        "distance": _distance(known.get("distance_m"), household=item.kind == "household"),
        "masks": _masks(known),
    }
    return Weighed(reason, minutes, {**factors, "air": _weights()["other"]["air"]} if item.air else factors)


def _space(known: Mapping[str, object]) -> float:
    space = "closed_narrow" if known.get("setting") == "household" else str(known.get("space", "unknown"))
    return float(_weights()["space"].get(space, _weights()["space"]["unknown"]))


def _day(day: date, onset: date) -> float:
    return float(_weights()["infectious_day"].get(str((day - onset).days), SELDOM))


def _distance(metres: object, *, household: bool) -> float:
    if metres is None:
        return 1.0 if household else float(_weights()["other"]["distance_unknown"])
    for line in _weights()["distance"]:
        if float(str(metres)) <= line["up_to_m"]:
            return float(line["factor"])
    return SELDOM


def _masks(known: Mapping[str, object]) -> float:
    worn = [known.get(name) is True for name in ("mask_case", "mask_contact")]
    if all(worn):
        return float(_weights()["other"]["both_masked"])
    return float(_weights()["other"]["one_masked"]) if any(worn) else 1.0


def scores(rows: Iterable[ContactRow], days: Mapping[int, date | None], lake: "LakeStore") -> list[Score | None]:
    """A score for each row, in order; None where nobody knows the index person's day. `days`: index -> onset, else
    sample day. Reads the rows of the people named, once."""
    listed = list(rows)
    people = {person for row in listed for item in row.evidence for person in (row.contact, item.infector)}
    world = World(lake.evidence_of(people))
    found: list[Score | None] = []
    for number, row in enumerate(listed):
        note("scored", number, len(listed))
        day, rule = days.get(row.index), contact_rule(row.rule)
        found.append(None if day is None else score(explain(row, rule, world), day, rule.zone))
    return found
