"""A declaration is drafted, sent, corrected, withdrawn; certificates join it; its result follows."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from vungxanh.border import entry_forms, journeys, keys, results
from vungxanh.border.certificates import Certificate as Shown
from vungxanh.border.certificates import judge
from vungxanh.border.models import Certificate, Channel, Declaration, Draft, Result
from vungxanh.border.schemas import Given
from vungxanh.codes.parts import folded
from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.core.scope import ANY_PATH, Sector
from vungxanh.forms.definition import Form
from vungxanh.people.actions import extend_reach, register_person
from vungxanh.people.queries import reveal
from vungxanh.people.schemas import DocumentIn
from vungxanh.people.scope import SYSTEM
from vungxanh.places.schemas import commune

PURPOSE = "entry declaration"
DRAFT_DAYS = 7
#: how long a gate's officers see somebody who entered there
REACH_DAYS = 30
_DOCUMENTS = {
    "passport": "passport",
    "border-pass": "passport",
    "seafarer": "passport",
    "crew": "passport",
    "cccd": "cccd",
}


def new_token() -> str:
    """Unguessable name of a draft or declaration, for addresses."""
    return get_random_string(24)


def start(*, form: str, answers: Mapping[str, Any] | None = None) -> Draft:
    """An empty draft, or one with answers brought along. Old drafts go on the way."""
    Draft.objects.filter(updated_at__lt=timezone.now() - timedelta(days=DRAFT_DAYS)).delete()
    return Draft.objects.create(token=new_token(), form=form, answers=json.dumps(dict(answers or {})))


def answers_of(draft: Draft) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(draft.answers.open())
    return found


def keep(*, draft: Draft, answers: Mapping[str, Any]) -> None:
    """What was written so far."""
    draft.answers = json.dumps(dict(answers), ensure_ascii=False)
    draft.save(update_fields=["answers", "updated_at"])


@transaction.atomic
def declare(
    *, given: Given, channel: Channel = Channel.WEB, corrects: Declaration | None = None, by: By = None
) -> Declaration:
    """Send a declaration: the person goes to `people`, the rest stays here, the result follows at once.

    Raises UserError `border.not-complete` with the first problem, `border.already-reviewed` for a correction
    after the desk.
    """
    form, now = entry_forms.form(given.form), timezone.now()
    done = entry_forms.checked(form, given.answers, timezone.localdate(now))
    if not done.good:
        first = done.problems[0]
        raise UserError("border.not-complete", field=first.question, why=first.text("vi"))
    if corrects and hasattr(corrects, "review"):
        raise UserError("border.already-reviewed")
    person = _register(form, done.answers, by)
    row = _row(form, done.answers, person, now)
    row.notes, row.channel, row.corrects = [note.code for note in done.notes], channel, corrects
    row.declared_by = by if by is None or isinstance(by, int) else by.pk
    row.save()
    if corrects:
        Declaration.objects.filter(pk=corrects.pk).update(withdrawn_at=now)  # scope: the person's own
    results.made(row, now).save()
    action = "border:declaration:corrected" if corrects else "border:declaration:made"
    audit.record(
        by=by, action=action, subject=f"declaration:{row.pk}", details={"form": form.key, "gate": row.gate}
    )
    return row


def _row(form: Form, answers: Mapping[str, Any], person: int, now: datetime) -> Declaration:
    identity = {question.id for question in form.questions if question.identity}
    gate, day = journeys.gate(str(answers["gate"])), timezone.localdate(now)
    order = form.order_on(day)
    document = answers.get("document")
    return Declaration(
        token=new_token(),
        person=person,
        document_hash=keys.document_hash(document) if document else None,
        form=form.key,
        order=order.id if order else "",
        answers={name: value for name, value in answers.items() if name not in identity},
        declared_at=now,
        gate=gate.code,
        entry_on=date.fromisoformat(answers["entry_on"]),
        mode=answers["mode"],
        flight=answers.get("flight", ""),
        seat=answers.get("seat", ""),
        scope_path=gate.scope_path,
        scope_sector=Sector.BORDER,
    )


def _register(form: Form, answers: Mapping[str, Any], by: By) -> int:
    """The person of a declaration, with their gate's officers able to see them for a while."""
    told = {question.identity: answers.get(question.id) for question in form.questions if question.identity}
    home = told.get("commune") or {}
    gate = journeys.gate(str(answers["gate"]))
    country = str(told.get("nationality") or "")
    kind = _DOCUMENTS.get(str(answers.get("document_kind")))
    number = str(told.get("document") or "")
    person = register_person(
        name=str(told["name"]),
        sex=int(told.get("sex") or 3),
        birth_year=told.get("birth_year"),
        phones=[str(told["phone"])] if told.get("phone") else [],
        documents=[DocumentIn(kind, number, country or "VNM")] if kind and number else [],
        nationality=country or "VNM",
        commune_code=home.get("code", ""),
        commune_scheme=home.get("scheme", ""),
        address=str(told.get("address") or ""),
        scope_path=commune_path(home.get("code", "")),
        by=by,
        purpose=PURPOSE,
    )
    until = timezone.now() + timedelta(days=REACH_DAYS)
    extend_reach(
        persons=[person],
        scope_path=gate.scope_path,
        scope_sector=Sector.BORDER,
        reason="entry",
        until=until,
        by=by,
    )
    return person


def commune_path(code: str) -> str:
    """Path of the commune that `code` is today; the nation where it is not known."""
    try:
        return commune(code, None).path
    except UserError:
        return ANY_PATH


@transaction.atomic
def add_certificate(*, declaration: Declaration, text: str, by: By = None) -> Shown:
    """Read, verify and keep a certificate; the result is worked out again where it changes.

    The holder's name is compared and not kept. Raises UserError of `codes`.
    """
    now = timezone.now()
    shown = judge(text, keys.trusted(), now)
    person = reveal([declaration.person], by=SYSTEM, purpose=PURPOSE)[declaration.person]
    Certificate.objects.create(
        declaration=declaration,
        format=shown.format,
        kind=shown.kind,
        verdict=shown.verdict.value,
        issuer=shown.issuer[:40],
        entry={name: value for name, value in shown.entry.items() if name not in ("ci", "document", "events")},
        name_agrees=same_words(shown.name, person.name) if shown.name else None,
        checked_at=now,
    )
    rework(declaration=declaration, now=now)
    audit.record(
        by=by,
        action="border:certificate:read",
        subject=f"declaration:{declaration.pk}",
        details={"kind": shown.kind, "verdict": shown.verdict.value},
    )
    return shown


def same_words(one: str, other: str) -> bool:
    """Names agree when their words do, in any order and without marks."""
    return sorted(folded(one.replace("-", " ")).split()) == sorted(folded(other.replace("-", " ")).split())


def rework(*, declaration: Declaration, now: datetime) -> Result | None:
    """Work a result out again. -> the new one where the class or the rule changed, else None."""
    old = current(declaration)
    new = results.made(declaration, now)
    if old and (old.class_id, old.rule_key, old.reasons) == (new.class_id, new.rule_key, new.reasons):
        return None
    if old:
        old.replaced_at = now
        old.save(update_fields=["replaced_at"])
    new.save()
    return new


def current(declaration: Declaration) -> Result | None:
    """The result that counts."""
    return declaration.results.filter(replaced_at=None).first()
