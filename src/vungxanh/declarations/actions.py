"""Everything that changes declarations: drafts, sending, correcting, withdrawing, the list of epidemic areas."""

import json
import secrets
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.core.vault import keyed_hash
from vungxanh.declarations import areas, identity, queries, returnees
from vungxanh.declarations.models import Declaration, Draft, EpidemicArea
from vungxanh.declarations.quality import marks
from vungxanh.declarations.results import Result, judge
from vungxanh.declarations.schemas import NewDeclaration
from vungxanh.forms.definition import Form
from vungxanh.forms.validate import Checked, check
from vungxanh.people import device
from vungxanh.places.units import resolve
from vungxanh.work.actions import cancel, put_many
from vungxanh.work.schemas import ItemIn

#: a draft is for a day on the road, not for ever
DRAFT_LIVES = timedelta(days=7)
SOURCE = "declaration"


def begin(*, form: Form, whom: str, person: int | None = None, corrects: int | None = None, **answers: Any) -> str:
    """A new draft. -> the key that the device keeps."""
    key = secrets.token_urlsafe(24)
    now = timezone.now()
    Draft.objects.filter(expires_at__lt=now).delete()
    Draft.objects.create(
        key_hash=keyed_hash("draft", key),
        form=form.id,
        version=form.version,
        whom=whom,
        answers=json.dumps(answers, ensure_ascii=False),
        person=person,
        corrects=corrects,
        begun_at=now,
        expires_at=now + DRAFT_LIVES,
    )
    return key


def save(*, draft: Draft, answers: dict[str, Any]) -> None:
    """What has been answered so far, right or wrong."""
    draft.answers = json.dumps(answers, ensure_ascii=False)
    draft.save(update_fields=["answers"])


@transaction.atomic
def declare(*, new: NewDeclaration, by: By) -> Declaration:
    """Take a declaration: judged by its version, what follows said, the commune's list filled.

    The same sender's id again gives the same declaration. Raises UserError `declarations.not-whole`,
    `declarations.not-yours-to-correct`, `declarations.corrected-already`.
    """
    sender = keyed_hash("declaration", new.sender)
    there = Declaration.objects.filter(sender_hash=sender).first()
    if there:
        return there
    checked = check(new.form, new.answers, timezone.localdate(new.given_at))
    if checked.problems:
        raise UserError("declarations.not-whole", field=checked.problems[0].question, count=len(checked.problems))
    replaced = _replaced(new)
    row = _row(new, checked, sender, by)
    if replaced:
        cancel(source=f"{SOURCE}:{replaced.pk}", by=by)
    audit.record(
        by=by,
        action="declarations:declaration:" + ("corrected" if replaced else "received"),
        subject=f"declaration:{row.pk}",
        purpose=new.form.purpose,
        details={"form": new.form.key, "channel": new.channel, "result": row.result, "person": row.person},
    )
    return row


def _replaced(new: NewDeclaration) -> Declaration | None:
    if new.corrects is None:
        return None
    old = (
        Declaration.objects.select_for_update()
        .filter(pk=new.corrects, device_hash=device.hash_of(new.device))
        .first()
    )
    if old is None:
        raise UserError("declarations.not-yours-to-correct")
    if old.withdrawn_at or Declaration.objects.filter(corrects=old).exists():
        raise UserError("declarations.corrected-already")
    return old


def _row(new: NewDeclaration, checked: Checked, sender: bytes, by: By) -> Declaration:
    answers = checked.answers
    today, now = timezone.localdate(new.given_at), timezone.now()
    named, rest = identity.split(new.form, answers)
    identifying = {key: value for key, value in answers.items() if key not in rest}
    moved = identity.changed(new.form, identifying, new.person) if new.person else None
    if new.person is None or moved is None:
        person = identity.register(named, purpose=new.form.purpose, by=by)
    else:
        person, rest = new.person, {**rest, **moved}
    hits = areas.hits(new.form, areas.stays(new.form, answers, today), today)
    result = judge(new.form, answers, hits)
    order = new.form.order_on(today)
    well = marks(new.form, answers, checked.notes, today)
    row = Declaration.objects.create(
        person=person,
        form=new.form.id,
        version=new.form.version,
        order=order.id if order else "",
        whom=new.whom,
        channel=new.channel,
        declared_by=by.pk if by is not None and not isinstance(by, int) else by,
        device_hash=device.hash_of(new.device),
        sender_hash=sender,
        answers=json.dumps(rest, ensure_ascii=False),
        given_at=new.given_at,
        received_at=now,
        version_ended=queries.has_ended(new.form, timezone.localdate(now)),
        corrects_id=new.corrects,
        result=result.main.code,
        result_rule=result.rules.id,
        reasons=[reason.as_json() for reason in result.reasons],
        valid_until=new.given_at + timedelta(hours=result.main.valid_hours),
        asked=well.asked,
        filled=well.filled,
        odd=well.odd,
        straight=well.straight,
        delete_after=now + timedelta(days=new.form.retention_days),
        scope_path=new.scope_path or identity.home_path(named),
        scope_sector="health",
    )
    device.remember(new.device, person)
    _put_due(row, result, by)
    return row


def _put_due(row: Declaration, result: Result, by: By) -> None:
    """What a health worker has to do, on the list of the commune where the person stays."""
    items = []
    for one, reason in result.due:
        rule = returnees.in_force(timezone.localdate(row.given_at)) if one.area else None
        how = f" Đi bằng {reason.params['how']}." if reason.params.get("how") else ""
        owed = f" {rule.sentence}" if rule else ""
        items.append(
            ItemIn(
                kind=one.work,
                due=row.received_at + timedelta(hours=one.due_hours),
                source=f"{SOURCE}:{row.pk}",
                person=row.person,
                clock=rule.id if rule else row.result_rule,
                reason=(one.why.vi.format(**reason.params) + how + owed)[:300],
                scope_path=row.scope_path,
            )
        )
        items += _tests(row, rule) if rule else []
    if items:
        put_many(items, by=by)


def _tests(row: Declaration, rule: returnees.Rule) -> list[ItemIn]:
    """Samples that everybody back from such an area owes, vaccinated or not; day 1 is the day declared."""
    day = timezone.localdate(row.given_at)
    return [
        ItemIn(
            kind="isolation.test",
            due=timezone.make_aware(datetime.combine(day + timedelta(days=number - 1), time(17))),
            source=f"{SOURCE}:{row.pk}:test-{number}",
            person=row.person,
            clock=rule.id,
            reason=f"Xét nghiệm ngày {number} theo {rule.basis}.",
            scope_path=row.scope_path,
        )
        for number in rule.sure_tests
    ]


@transaction.atomic
def withdraw(*, declaration: Declaration, by: By) -> None:
    """The person takes it back: nothing of it is due any more; the answers go, that it was given stays."""
    row = Declaration.objects.select_for_update().get(pk=declaration.pk)
    if row.withdrawn_at:
        return
    row.withdrawn_at = timezone.now()
    row.answers = "{}"
    row.save(update_fields=["withdrawn_at", "answers"])
    cancel(source=f"{SOURCE}:{row.pk}", by=by)
    audit.record(by=by, action="declarations:declaration:withdrawn", subject=f"declaration:{row.pk}")


@transaction.atomic
def list_area(
    *, disease: str, code: str, since: date, basis: str, until: date | None = None, by: By
) -> EpidemicArea:
    """Put an area on the list of epidemic areas. Raises UserError `places.unknown-code`."""
    unit = resolve(code, since)
    row = EpidemicArea.objects.create(
        disease=disease,
        code=unit.code,
        scheme=unit.scheme,
        name=unit.full_name,
        since=since,
        until=until,
        basis=basis,
        added_by=by.pk if by is not None and not isinstance(by, int) else by,
    )
    audit.record(by=by, action="declarations:area:listed", subject=f"area:{row.pk}", details={"code": code})
    return row


@transaction.atomic
def end_area(*, area: int, on: date, by: By) -> None:
    """The last day of a listing; one that began later ends on its first day."""
    row = EpidemicArea.objects.select_for_update().get(pk=area)
    row.until = max(on, row.since)
    row.save(update_fields=["until"])
    audit.record(
        by=by, action="declarations:area:ended", subject=f"area:{row.pk}", details={"until": str(row.until)}
    )
