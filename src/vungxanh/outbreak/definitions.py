"""What a case counts as by the definition of its day: proposed with its reason, decided by an officer."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from vungxanh.outbreak import symptoms
from vungxanh.outbreak.models import Case, Contact, LabResult, Link

FILE = Path(__file__).parent / "data" / "definitions.toml"


#: conditions that are no symptom
FACTS = {
    "pcr": gettext_lazy("positive PCR"),
    "antigen": gettext_lazy("positive rapid antigen test"),
    "antigen_twice": gettext_lazy("two positive rapid antigen tests"),
    "serology": gettext_lazy("IgM antibodies"),
    "contact": gettext_lazy("contact with a case"),
    "admitted": gettext_lazy("admitted to a hospital"),
    "symptoms": gettext_lazy("symptoms, at least"),
    "fever_and_cough": gettext_lazy("fever and cough"),
}


@dataclass(frozen=True, slots=True)
class Fit:
    """The classification that a definition gives, by which of its conditions, and whether its text was read."""

    id: str
    status: str
    conditions: tuple[str, ...]
    document: str
    verified: str


@cache
def _definitions() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(FILE.read_text("utf-8"))["definition"]
    return found


def of(disease: str) -> list[dict[str, Any]]:
    """Definitions of a disease, as they stand in the data."""
    return [one for one in _definitions() if one["disease"] == disease]


def fit(disease: str, day: date, facts: Mapping[str, int]) -> Fit | None:
    """`facts`: condition -> how many (0 is no). None where no definition holds on that day or nothing fits."""
    in_force = [one for one in of(disease) if one["valid_from"] <= day <= one.get("valid_to", date.max)]
    return _first(in_force[0], facts) if in_force else None


def _first(one: Mapping[str, Any], facts: Mapping[str, int]) -> Fit | None:
    for step in one["steps"]:
        if all(_holds(condition, facts) for condition in step["all"]):
            return Fit(one["id"], step["status"], tuple(step["all"]), **_basis(one))
    return None


def in_words(disease: str, conditions: Sequence[str]) -> str:
    """`sốt + phát ban + tiếp xúc ca bệnh`, in the reader's language."""
    known = FACTS | dict(symptoms.choices(disease))
    parts = (condition.partition(":") for condition in conditions)
    return " + ".join(f"{known.get(name, name)} {least}".strip() for name, _colon, least in parts)


def _basis(one: Mapping[str, Any]) -> dict[str, str]:
    return {name: one["basis"][name] for name in ("document", "verified")}


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
    return dict.fromkeys(case.symptoms, 1) | {
        "pcr": tests.count(LabResult.Kind.PCR),
        "antigen": antigen,
        "antigen_twice": int(antigen >= 2),
        "serology": tests.count(LabResult.Kind.SEROLOGY),
        "contact": int(linked),
        "admitted": int(case.admitted_on is not None),
        "symptoms": len(case.symptoms),
        "fever_and_cough": int({"fever", "cough"} <= set(case.symptoms)),
    }
