"""The dated facts by which a zone is run, and what is counted of one."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from vungxanh.zoning.models import ZoneNeed, ZoneProposal, ZoneReview

#: kinds of unit that a trader stands behind
STALLS = frozenset({"stall", "shop"})


@cache
def facts() -> dict[str, Any]:
    return tomllib.loads((resources.files("vungxanh.zoning") / "data" / "running.toml").read_text("utf-8"))


def words(group: str, language: str) -> list[tuple[str, str]]:
    """(key, word) of the kinds of needs or passes."""
    column = "en" if language.startswith("en") else "vi"
    return [(key, one[column]) for key, one in facts()[group].items()]


def word(group: str, key: str, language: str) -> str:
    return dict(words(group, language)).get(key, key)


@dataclass(frozen=True)
class Door:
    """A home or place inside: how many live or work there, which of its needs are open."""

    name: str
    kind: str
    people: int
    needs: tuple[ZoneNeed, ...]


def doors(zone: ZoneProposal, needs: "list[ZoneNeed]") -> list[Door]:
    """Residents by door, those with something open first."""
    by_door: dict[str, list[ZoneNeed]] = {}
    for need in needs:
        if need.done_at is None:
            by_door.setdefault(need.door, []).append(need)
    found = [
        Door(unit["name"], unit["kind"], unit["people"], tuple(by_door.get(unit["name"], ())))
        for unit in zone.chosen
    ]
    return sorted(found, key=lambda door: (not door.needs, door.kind, door.name))


def cost_of(units: "list[dict[str, Any]]") -> tuple[int, int]:
    """(worker-days of one day, stalls and shops closed): people who belong to closed places of work."""
    places = [unit for unit in units if unit["kind"] == "place"]
    return sum(unit["people"] for unit in places), sum(unit.get("of") in STALLS for unit in places)


@dataclass(frozen=True)
class Totals:
    """Since the first day."""

    days: int
    worker_days: int
    stall_days: int
    inside: int
    outside: int


def totals(reviews: "QuerySet[ZoneReview]") -> Totals:
    rows = list(reviews)
    return Totals(
        len(rows),
        sum(row.worker_days for row in rows),
        sum(row.stalls_closed for row in rows),
        sum(row.cases_inside for row in rows),
        sum(row.cases_outside for row in rows),
    )


@dataclass(frozen=True)
class LiftPlan:
    """What must be true for the zone to end, known from its first hour."""

    test_days: tuple[date, ...]
    clear_days: int
    earliest: date
    lift_below: float


def lift_plan(zone: ZoneProposal) -> LiftPlan:
    """From the hour of effect; a later case inside moves the earliest day on."""
    plan = facts()["plan"]
    first = timezone.localdate(zone.effective_at or timezone.now())
    last = zone.reviews.filter(cases_inside__gt=0).order_by("-day").first()
    since = max(first, last.day) if last else first
    return LiftPlan(
        tuple(first + timedelta(days=number - 1) for number in plan["test_days"]),
        plan["clear_days"],
        since + timedelta(days=plan["clear_days"]),
        plan["lift_below"],
    )
