"""A declaration is drafted, sent, corrected, withdrawn; certificates join it; its result follows."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from vungxanh.border import entry_forms, journeys, keys, results
from vungxanh.border.actions import lists, voyages
from vungxanh.border.certificates import Certificate as Shown
from vungxanh.border.certificates import judge
from vungxanh.border.models import Certificate, Channel, Declaration, Draft, Period, Result
from vungxanh.border.periods import days, periods
from vungxanh.border.schemas import Given
from vungxanh.codes.parts import folded
from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.core.scope import ANY_PATH, Sector
from vungxanh.forms.definition import Form
from vungxanh.people.actions import extend_reach, register_person
from vungxanh.people.queries import reveal
from vungxanh.people.schemas import DocumentIn, PersonOut
from vungxanh.people.scope import SYSTEM
from vungxanh.places.schemas import commune

PURPOSE = "entry declaration"
#: answers that companions share; with them every `stay…`
SHARED = {
    *("gate", "entry_on", "mode", "flight", "vehicle", "berth", "from_country", "from_city", "departed_on"),
    *("connecting", "leg1_flight", "leg1_from", "leg1_on", "leg_more", "leg2_flight", "leg2_from", "leg2_on"),
    *("elsewhere", "more1", "more2", "party", "commune", "lodging", "hotel", "address", "phone"),
}
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


def start(
    *,
    form: str,
    answers: Mapping[str, Any] | None = None,
    corrects: Declaration | None = None,
    after: Declaration | None = None,
    met_at: str = "",
    sender: UUID | None = None,
    by: By = None,
) -> Draft:
    """An empty draft, or one with answers brought along. Old drafts go on the way."""
    Draft.objects.filter(updated_at__lt=timezone.now() - days("draft")).delete()
    made = Draft.objects.create(
        token=new_token(),
        form=form,
        answers=json.dumps(dict(answers or {}), ensure_ascii=False),
        corrects=corrects,
        after=after,
        met_at=met_at,
        sender=sender,
        by=officer_id(by),
    )
    made.refresh_from_db(fields=["answers"])  # sealed, as everybody else reads it
    return made


def officer_id(by: By) -> int | None:
    return by if by is None or isinstance(by, int) else by.pk


@transaction.atomic
def send(*, draft: Draft, by: By = None) -> Declaration:
    """A draft is sent: it goes, and where others travel along a draft for the next of them is ready.

    Raises as `declare` does; then the draft stays.
    """
    answers = answers_of(draft)
    head = draft.after
    given = Given(draft.form, answers, head.party if head else "", draft.met_at, draft.sender)
    channel = Channel.DESK if draft.by is not None else Channel.WEB
    made = declare(given=given, channel=channel, corrects=draft.corrects, by=by)
    draft.delete()
    if made.party and draft.corrects is None:
        start(form=made.form, answers=companion_answers(answers), after=made, met_at=draft.met_at, by=by)
    return made


def companion_answers(answers: Mapping[str, Any]) -> dict[str, Any]:
    """What two who travel together have in common; who they are and how they feel is each one's own."""
    return {name: value for name, value in answers.items() if name in SHARED or name.startswith("stay")}


def whole_answers(declaration: Declaration, person: PersonOut) -> dict[str, Any]:
    """All answers of a declaration again, with who they are: for a correction at the desk."""
    document = person.documents[0].number if person.documents else None
    home = {"written": "", "code": person.commune_code, "scheme": person.commune_scheme}
    own = {
        "name": person.name,
        "document": document,
        "birth_year": person.birth_year,
        "sex": str(person.sex),
        "nationality": person.nationality,
        "commune": home if person.commune_code else None,
        "address": person.address,
        "phone": person.phones[0] if person.phones else None,
    }
    form = entry_forms.form(declaration.form)
    told = {question.id: own.get(question.identity) for question in form.questions if question.identity}
    return {**declaration.answers, **{name: value for name, value in told.items() if value}}


def answers_of(draft: Draft) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(draft.answers.open())
    return found


def keep(*, draft: Draft, answers: Mapping[str, Any]) -> None:
    """What was written so far."""
    draft.answers = json.dumps(dict(answers), ensure_ascii=False)
    draft.save(update_fields=["answers", "updated_at"])
    draft.refresh_from_db(fields=["answers"])


@transaction.atomic
def declare(
    *, given: Given, channel: Channel = Channel.WEB, corrects: Declaration | None = None, by: By = None
) -> Declaration:
    """Send a declaration: the person goes to `people`, the rest stays here, the result follows at once.

    Raises UserError `border.not-complete` with the first problem, `border.already-reviewed` for a correction
    after the desk.
    """
    form, now = entry_forms.form(given.form), given.at or timezone.now()
    done = entry_forms.checked(form, given.answers, timezone.localdate(now))
    if not done.good:
        first = done.problems[0]
        raise UserError("border.not-complete", field=first.question, why=first.text("vi"))
    if corrects and hasattr(corrects, "review"):
        raise UserError("border.already-reviewed")
    person = (corrects and _unchanged(corrects, form, done.answers)) or _register(form, done.answers, by)
    row = _row(form, done.answers, person, now)
    row.notes, row.channel, row.corrects = [note.code for note in done.notes], channel, corrects
    row.declared_by = officer_id(by)
    row.tie = done.answers.get("party", "alone")
    row.party = given.party or (corrects.party if corrects else "") or ("" if row.tie == "alone" else new_token())
    row.met_at, row.sender = given.met_at, given.sender
    row.save()
    _period(row, done.answers)
    if corrects:
        _replace(corrects, row, now)
    voyages.declared(declaration=row, answers=done.answers, by=by)
    lists.came(declaration=row)
    results.made(row, now).save()
    action = "border:declaration:corrected" if corrects else "border:declaration:made"
    audit.record(
        by=by, action=action, subject=f"declaration:{row.pk}", details={"form": form.key, "gate": row.gate}
    )
    return row


def _unchanged(old: Declaration, form: Form, answers: Mapping[str, Any]) -> int | None:
    """The person of the row that is corrected, where nothing about who they are was changed."""
    person = reveal([old.person], by=SYSTEM, purpose=PURPOSE).get(old.person)
    before = person and _identity(form, whole_answers(old, person))
    return old.person if before == _identity(form, answers) else None


def _identity(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    told = {question.identity: answers.get(question.id) for question in form.questions if question.identity}
    told["commune"] = (told.get("commune") or {}).get("code", "")
    return {name: value for name, value in told.items() if value and name != "email"}


def _replace(old: Declaration, new: Declaration, now: datetime) -> None:
    """The old row stays and does not count any more; the wait of the desk goes on."""
    Declaration.objects.filter(pk=old.pk).update(withdrawn_at=now)  # scope: the person's own
    voyages.leave(declaration=old)
    old.pictures.update(declaration=new)
    Period.objects.filter(declaration=old, ended_at=None).update(ended_at=now)  # scope: of the row in hand
    if old.seen_at:
        new.seen_at = old.seen_at
        new.save(update_fields=["seen_at"])


def _period(row: Declaration, answers: Mapping[str, Any]) -> None:
    """Whoever crosses often declares once for a while."""
    kind = str(answers.get("crosser") or "none")
    if kind != "none":
        length = timedelta(days=periods().crosser(kind).days - 1)
        Period.objects.create(  # scope: of the row in hand
            declaration=row, kind=kind, since=row.entry_on, until=row.entry_on + length
        )


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
        vehicle=answers.get("vehicle", ""),
        crew=answers.get("crew") is True,
        nationality=str(answers.get("nationality", "")),
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
    until = timezone.now() + days("reach")
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
