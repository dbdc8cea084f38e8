"""FHIR over HTTP: forms as Questionnaires, answers judged and taken as QuestionnaireResponses.

Anybody may read a form and have a response judged; who sends one in, or reads one, is an officer with a session.
"""

import json
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from ninja.security import django_auth

from vungxanh.core.errors import UserError
from vungxanh.core.scope import scoped
from vungxanh.declarations import form_actions, queries
from vungxanh.declarations.declare_actions import declare
from vungxanh.declarations.models import Declaration, Whom
from vungxanh.declarations.schemas import NewDeclaration
from vungxanh.forms import catalogue, fhir
from vungxanh.forms.definition import Form
from vungxanh.people.access import officer_of
from vungxanh.people.queries import require
from vungxanh.people.roles import Permission

router = Router(tags=["declarations"])
Json = dict[str, Any]


def _form(slug: str, version: str = "") -> Form:
    if not version:
        return queries.open_form(slug, timezone.localdate())[0]
    found = [one for one in catalogue.versions() if one.slug == slug and one.version == version]
    if not found:
        raise UserError("forms.unknown-form", name=f"{slug}@{version}"[:60])
    return found[-1]


def _given(request: HttpRequest) -> Json:
    """The resource that was posted. Raises UserError `forms.fhir-unreadable`."""
    try:
        found = json.loads(request.body)
    except ValueError as exc:
        raise UserError("forms.fhir-unreadable") from exc
    if not isinstance(found, dict):
        raise UserError("forms.fhir-unreadable")
    return found


def _of_response(given: Json) -> Form:
    """The version that the response names. Raises UserError `forms.fhir-other-form`."""
    said = str(given.get("questionnaire", "")).removeprefix(fhir.BASE)
    form, _, version = said.partition("|")
    return _form(form.rpartition(".")[2], version)


@router.get("/questionnaires")
def questionnaires(request: HttpRequest, language: str = "vi") -> Json:
    """The forms in force today, as a Bundle."""
    found = [form for form, _order in queries.open_forms(timezone.localdate())]
    entries = [{"resource": fhir.questionnaire(one, language)} for one in found]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}


@router.get("/questionnaires/{slug}")
def questionnaire(request: HttpRequest, slug: str, version: str = "", language: str = "vi") -> Json:
    return fhir.questionnaire(_form(slug, version), language)


@router.post("/questionnaires", auth=django_auth)
def take_questionnaire(request: HttpRequest, name: str = "", disease: str = "other") -> Json:
    """A Questionnaire from elsewhere becomes a draft version, to be edited, tried and put in force by hand."""
    officer = officer_of(request)
    require(officer, Permission.RULE_EDIT)
    row = form_actions.draft_from_fhir(given=_given(request), name=name, disease=disease, by=officer)
    return {"form": row.rule, "version": row.version, "number": row.pk}


@router.post("/responses/$validate")
def validate(request: HttpRequest) -> Json:
    """An OperationOutcome with every fault by linkId; nothing is kept."""
    given = _given(request)
    form = _of_response(given)
    return fhir.outcome(fhir.faults(form, given, timezone.localdate()))


@router.post("/responses", auth=django_auth)
def take_response(request: HttpRequest) -> Json:
    """A QuestionnaireResponse from another system; its `identifier` makes sending again harmless."""
    officer = officer_of(request)
    require(officer, Permission.DECLARATION_KEY)
    given = _given(request)
    form = _of_response(given)
    found = fhir.faults(form, given, timezone.localdate())
    if found:
        return fhir.outcome(found)
    number = str((given.get("identifier") or {}).get("value", ""))
    if not number:
        raise UserError("declarations.identifier-needed", field="identifier")
    new = NewDeclaration(
        form=form,
        answers=fhir.answers(form, given),
        whom=Whom.OTHER,
        channel=Declaration.Channel.DESK,
        sender=f"fhir:{officer.pk}:{number}",
        given_at=fhir.authored(given) or timezone.now(),
    )
    row = declare(new=new, by=officer)
    return {"number": row.pk, "result": row.result, "valid_until": row.valid_until.isoformat()}


@router.get("/responses/{number}", auth=django_auth)
def response(request: HttpRequest, number: int) -> Json:
    """One declaration of the officer's area; what identifies the person stays out."""
    row = scoped(Declaration.objects.filter(pk=number), officer_of(request), Permission.DECLARATION_READ).first()
    if row is None:
        raise UserError("declarations.not-found", number=number)
    form = queries.version(row.form, row.version)
    return fhir.response(
        form, queries.answers_of(row), authored=row.given_at.isoformat(), source=f"Patient/{row.person}"
    )
