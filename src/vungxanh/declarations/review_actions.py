"""What changes a declaration after it was judged: a request of its person, the answer, an officer's decision."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.declarations import actions, declare_actions, queries
from vungxanh.declarations.models import Declaration, Overrule, RightsRequest
from vungxanh.declarations.results import rules_named
from vungxanh.declarations.rights import first_reply, rights
from vungxanh.people.models import Officer
from vungxanh.people.queries import require
from vungxanh.people.roles import Permission
from vungxanh.work.actions import cancel, put


@transaction.atomic
def ask(*, declaration: Declaration, kind: str, text: str) -> RightsRequest:
    """The person asks; the same thing asked again while it is open is one request.

    Raises UserError `declarations.right-unknown`.
    """
    right = rights().get(kind)
    if right is None:
        raise UserError("declarations.right-unknown", field="kind")
    there = declaration.requests.filter(kind=kind, answered_at=None).first()
    if there:
        return there
    now = timezone.now()
    row = RightsRequest.objects.create(
        declaration=declaration,
        kind=kind,
        text=text[:1000] or None,
        reply_due=first_reply(now),
        due=now + timedelta(days=right.days),
        scope_path=declaration.scope_path,
        scope_sector="health",
    )
    put(
        kind="rights.answer",
        due=row.reply_due,
        source=f"rights:{row.pk}",
        person=declaration.person,
        clock="NĐ 356/2025/NĐ-CP art. 5",
        reason=f"{right.name.vi}. Hạn trả lời {_day(row.reply_due)}, hạn xong {_day(row.due)}.",
        scope_path=row.scope_path,
        by=None,
    )
    audit.record(
        by=None,
        action="declarations:rights:asked",
        subject=f"declaration:{declaration.pk}",
        details={"kind": kind},
    )
    return row


def _day(at: datetime) -> str:
    return f"{timezone.localtime(at):%d/%m}"


@transaction.atomic
def answer(*, row: RightsRequest, granted: bool, text: str, by: Officer) -> None:
    """Answer a request with its reason; a deletion that is granted removes the answers at once.

    Raises UserError `declarations.reason-needed`.
    """
    require(by, Permission.DECLARATION_REVIEW)
    if not text.strip():
        raise UserError("declarations.reason-needed", field="answer")
    row.answer, row.is_granted = text[:1000], granted
    row.answered_at, row.answered_by = timezone.now(), by.pk
    row.save()
    if granted and row.kind == "delete":
        actions.withdraw(declaration=row.declaration, by=by)
    cancel(source=f"rights:{row.pk}", by=by)
    audit.record(
        by=by,
        action="declarations:rights:answered",
        subject=f"declaration:{row.declaration_id}",
        details={"kind": row.kind, "granted": granted},
    )


@transaction.atomic
def overrule(*, declaration: Declaration, result: str, reason: str, by: Officer) -> Overrule:
    """A health officer decides otherwise than the rule. The rule's result and its reasons stay on record.

    Raises UserError `declarations.reason-needed`, `declarations.result-unknown`.
    """
    require(by, Permission.DECLARATION_REVIEW)
    row = Declaration.objects.select_for_update().get(pk=declaration.pk)
    form = queries.version(row.form, row.version)
    rules = rules_named(form.result_rules)
    found = next((one for one in rules.classes if one.code == result), None)
    if found is None:
        raise UserError("declarations.result-unknown", field="result")
    if not reason.strip():
        raise UserError("declarations.reason-needed", field="reason")
    made = Overrule.objects.create(
        declaration=row, before=row.result, result=result, reason=reason.strip()[:300], by=by.pk
    )
    row.result = result
    row.valid_until = row.given_at + timedelta(hours=found.valid_hours)
    row.save(update_fields=["result", "valid_until"])
    cancel(source=f"{declare_actions.SOURCE}:{row.pk}", by=by)
    if found.work:
        put(
            kind=found.work,
            due=timezone.now() + timedelta(hours=found.due_hours),
            source=f"{declare_actions.SOURCE}:{row.pk}",
            person=row.person,
            clock=rules.id,
            reason=f"Cán bộ quyết định: {made.reason}"[:300],
            scope_path=row.scope_path,
            by=by,
        )
    audit.record(
        by=by,
        action="declarations:declaration:overruled",
        subject=f"declaration:{row.pk}",
        details={"before": made.before, "result": result, "reason": made.reason},
    )
    return made
