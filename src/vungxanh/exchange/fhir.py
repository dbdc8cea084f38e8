"""FHIR R4 bundles of the small set that outbreak systems exchange: Patient, Observation, QuestionnaireResponse,
RelatedPerson, Provenance. Validated as R4B, limited to what R4 has too.

`fhir.resources` is an extra and slow to import: it is imported where a bundle is made.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from vungxanh.core.errors import OperatorError

SYSTEM = "urn:vungxanh"
_GENDERS = {1: "male", 2: "female", 3: "other"}


@dataclass(frozen=True, slots=True)
class Patient:
    """A person; without `name` and `phone` it is pseudonymous."""

    id: str
    sex: int = 3
    birth: date | None = None
    birth_year: int | None = None
    name: str = ""
    phone: str = ""
    commune: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """A test or a measurement: LOINC `code`, coded or numeric answer."""

    id: str
    patient: str
    code: str
    at: datetime
    value: str | float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """A declaration or daily report: answers by question of the form `questionnaire` (with its version)."""

    id: str
    patient: str
    questionnaire: str
    at: datetime
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody exposed by `patient`."""

    id: str
    patient: str
    relation: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who said so, and when."""

    id: str
    targets: Sequence[str]
    at: datetime
    who: str


Item = Patient | Observation | Response | Contact | Provenance


def bundle(items: Iterable[Item], at: datetime) -> str:
    """A collection bundle as JSON. Raises OperatorError `exchange.fhir-missing` without the extra."""
    try:
        from fhir.resources.R4B.bundle import Bundle
    except ImportError as exc:
        raise OperatorError("exchange.fhir-missing") from exc
    entries: Any = [{"fullUrl": f"{SYSTEM}:{one.id}", "resource": _resource(one)} for one in items]
    whole = Bundle(type="collection", timestamp=at, entry=entries)
    return str(whole.model_dump_json(exclude_none=True))


def _resource(one: Item) -> dict[str, Any]:
    made = _MAKERS[type(one)](one)
    return {name: value for name, value in made.items() if value not in (None, "", [], {})}


def _patient(one: Patient) -> dict[str, Any]:
    birth = one.birth.isoformat() if one.birth else str(one.birth_year) if one.birth_year else None
    return {
        "resourceType": "Patient",
        "id": one.id,
        "identifier": [{"system": SYSTEM, "value": one.id}],
        "gender": _GENDERS[one.sex],
        "birthDate": birth,
        "name": [{"text": one.name}] if one.name else None,
        "telecom": [{"system": "phone", "value": one.phone}] if one.phone else None,
        "address": [{"district": one.commune, "country": "VN"}] if one.commune else None,
    }


def _observation(one: Observation) -> dict[str, Any]:
    value = {"valueString": one.value} if isinstance(one.value, str) else {"valueQuantity": _quantity(one)}
    return {
        "resourceType": "Observation",
        "id": one.id,
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": one.code}]},
        "subject": _reference("Patient", one.patient),
        "effectiveDateTime": one.at.isoformat(),
        **value,
    }


def _quantity(one: Observation) -> dict[str, Any]:
    return {"value": one.value, "unit": one.unit} if one.unit else {"value": one.value}


def _response(one: Response) -> dict[str, Any]:
    return {
        "resourceType": "QuestionnaireResponse",
        "id": one.id,
        "questionnaire": one.questionnaire,
        "status": "completed",
        "subject": _reference("Patient", one.patient),
        "authored": one.at.isoformat(),
        "item": [{"linkId": name, "answer": [_answer(value)]} for name, value in one.answers.items()],
    }


def _answer(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int):
        return {"valueInteger": value}
    if isinstance(value, float):
        return {"valueDecimal": value}
    return {"valueDate": value.isoformat()} if isinstance(value, date) else {"valueString": str(value)}


def _contact(one: Contact) -> dict[str, Any]:
    period = {"start": one.since and one.since.isoformat(), "end": one.until and one.until.isoformat()}
    return {
        "resourceType": "RelatedPerson",
        "id": one.id,
        "patient": _reference("Patient", one.patient),
        "relationship": [{"text": one.relation}] if one.relation else None,
        "period": {name: value for name, value in period.items() if value},
    }


def _provenance(one: Provenance) -> dict[str, Any]:
    return {
        "resourceType": "Provenance",
        "id": one.id,
        "target": [{"reference": f"{SYSTEM}:{target}"} for target in one.targets],
        "recorded": one.at.isoformat(),
        "agent": [{"who": {"display": one.who}}],
    }


def _reference(kind: str, name: str) -> dict[str, str]:
    return {"reference": f"{kind}/{name}"}


_MAKERS: dict[type, Any] = {
    Patient: _patient,
    Observation: _observation,
    Response: _response,
    Contact: _contact,
    Provenance: _provenance,
}
