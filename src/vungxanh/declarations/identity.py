"""Which answers name somebody: they go to `people`, the others stay with the declaration."""

from collections.abc import Mapping, Sequence
from typing import Any

from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.forms.definition import Form, Identity
from vungxanh.people.actions import bulk_register
from vungxanh.people.queries import reveal
from vungxanh.people.schemas import DocumentIn, PersonIn, PersonOut
from vungxanh.people.scope import SYSTEM
from vungxanh.places.schemas import commune, today

DOCUMENT_KINDS = {12: "cccd", 9: "cmnd"}


def split(form: Form, answers: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(identity by role, the other answers by question)."""
    roles = {question.id: question.identity for question in form.questions}
    named = {str(roles[key]): value for key, value in answers.items() if roles.get(key)}
    rest = {key: value for key, value in answers.items() if not roles.get(key)}
    return named, rest


def register(named: Sequence[Mapping[str, Any]], *, purpose: str, by: By) -> list[int]:
    """Persons from the identities of declarations; who they may be already is for a person to judge."""
    return bulk_register([_person(one) for one in named], by=by, purpose=purpose)


def _person(named: Mapping[str, Any]) -> PersonIn:
    where = named.get("commune") or {}
    number = str(named.get("document") or "")
    kind = DOCUMENT_KINDS.get(len(number), "passport") if number.isdigit() else "passport"
    return PersonIn(
        name=named["name"],
        sex=int(named.get("sex", 3)),
        birth_year=named.get("birth_year"),
        phones=(named["phone"],) if named.get("phone") else (),
        documents=(DocumentIn(kind, number),) if number else (),
        nationality=str(named.get("nationality", "VNM")),
        commune_code=str(where.get("code", "")),
        commune_scheme=str(where.get("scheme", "")),
        address=str(named.get("address", "")),
        scope_path=home_path(named),
    )


def home_path(named: Mapping[str, Any]) -> str:
    """The path of the commune that will see the declaration; the nation where it is not known."""
    code = (named.get("commune") or {}).get("code")
    try:
        return commune(str(code), today()).path if code else "/"
    except UserError:
        return "/"


def known(form: Form, person: int, purpose: str = "prefill on the device that declared before") -> dict[str, Any]:
    """Identity answers of somebody who declared on this device before, to be confirmed instead of typed."""
    found = reveal([person], by=SYSTEM, purpose=purpose).get(person)
    if found is None:
        return {}
    values = _values(found)
    answers: dict[str, Any] = {}
    for question in form.questions:
        value = values.get(question.identity) if question.identity else None
        if value not in (None, "", {}):
            answers[question.id] = value
    return answers


def _values(found: PersonOut) -> dict[Identity, Any]:
    where = {"written": "", "code": found.commune_code, "scheme": found.commune_scheme}
    return {
        "name": found.name,
        "sex": str(found.sex),
        "birth_year": found.birth_year,
        "nationality": found.nationality,
        "phone": found.phones[0] if found.phones else "",
        "document": found.documents[0].number if found.documents else "",
        "commune": where if found.commune_code else {},
        "address": found.address,
    }


#: what makes somebody who they are; where they stay and how they are reached may change
WHO = {"name", "birth_year", "sex", "nationality", "document"}


def changed(form: Form, answers: Mapping[str, Any], person: int) -> dict[str, Any] | None:
    """Where and how to reach a known person, as far as it differs from what is known; None if it is somebody else.

    A person's record is not rewritten from a declaration: what is new stays with the declaration, encrypted.
    """
    before = known(form, person)
    roles = {question.id: question.identity for question in form.questions}
    other = {
        key: value for key, value in answers.items() if roles[key] and _plain(value) != _plain(before.get(key))
    }
    told = {key for key, value in before.items() if not (roles[key] == "sex" and value == NOT_TOLD)}
    if any(roles[key] in WHO and key in told for key in other):
        return None
    return other


#: what staff who serve somebody need not ask nor see, and what they see filled in: people move
UNASKED = {"name", "birth_year", "sex", "document", "phone"}
CONFIRMED = {"nationality", "commune"}
NOT_TOLD = "3"


def of_served(form: Form, person: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Answers from the register about somebody being served: (left out of the page, filled in to be confirmed)."""
    roles = {question.id: question.identity for question in form.questions}
    found = known(form, person, purpose="declaration taken for somebody being served")
    told = {key: value for key, value in found.items() if not (roles[key] == "sex" and value == NOT_TOLD)}
    unasked = {key: value for key, value in told.items() if roles[key] in UNASKED}
    return unasked, {key: value for key, value in told.items() if roles[key] in CONFIRMED}


def _plain(value: Any) -> Any:
    return (value.get("code"), value.get("scheme")) if isinstance(value, Mapping) else value
