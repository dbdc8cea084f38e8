"""What a case counts as by the definition of its day: proposed with its reason, decided by an officer."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from vungxanh.outbreak.models import Case, Contact, LabResult, Link

FILE = Path(__file__).parent / "data" / "definitions.toml"


@dataclass(frozen=True, slots=True)
class Fit:
    """The classification that a definition gives, and by which of its conditions."""

    id: str
    status: str
    conditions: tuple[str, ...]
    document: str


@cache
def _definitions() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(FILE.read_text("utf-8"))["definition"]
    return found


def fit(disease: str, day: date, facts: Mapping[str, int]) -> Fit | None:
    """`facts`: condition -> how many (0 is no). None where no definition holds on that day or nothing fits."""
    for one in _definitions():
        in_force = one["valid_from"] <= day and day <= one.get("valid_to", date.max)
        if one["disease"] == disease and in_force:
            return _first(one, facts)
    return None


def _first(one: Mapping[str, Any], facts: Mapping[str, int]) -> Fit | None:
    for step in one["steps"]:
        if all(_holds(condition, facts) for condition in step["all"]):
            return Fit(one["id"], step["status"], tuple(step["all"]), one["basis"]["document"])
    return None


def _holds(condition: str, facts: Mapping[str, int]) -> bool:
    name, _, least = condition.partition(":")
    return facts.get(name, 0) >= int(least or 1)


def suggested(case: Case) -> Fit | None:
    """From what is known of the case: its tests, symptoms, and whether it had contact with another."""
    return fit(case.disease, case.onset or case.sampled or timezone.localdate(case.reported_at), facts_of(case))


def facts_of(case: Case) -> dict[str, int]:
    tests = list(case.tests.filter(result=LabResult.Result.POSITIVE).values_list("kind", flat=True))
    # scope: yes or no about a case in hand
    exposed = Contact.objects.filter(person=case.person, case__disease=case.disease)
    exposed = exposed.exclude(status=Contact.Status.DROPPED).exclude(case__status=Case.Status.WITHDRAWN)
    linked = Link.objects.filter(target=case).exists() or exposed.exists()
    antigen = tests.count(LabResult.Kind.ANTIGEN)
    return {
        "pcr": tests.count(LabResult.Kind.PCR),
        "antigen": antigen,
        "antigen_twice": int(antigen >= 2),
        "contact": int(linked),
        "symptoms": len(case.symptoms),
        "fever_and_cough": int({"fever", "cough"} <= set(case.symptoms)),
    }
