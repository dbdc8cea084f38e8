"""What changes lists: one that came in, one that leaves, its receipt, what came back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from hashlib import blake2b

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.declarations import imports, transfers
from vungxanh.declarations.models import ListIn, ListInRow, ListOut, ListOutRow
from vungxanh.declarations.outcome_files import Came, CameLine
from vungxanh.declarations.returnees import in_force
from vungxanh.people import actions as people
from vungxanh.people import queries as people_queries
from vungxanh.people.models import MatchCandidate, Officer
from vungxanh.people.queries import require
from vungxanh.people.roles import Permission
from vungxanh.people.schemas import PersonIn
from vungxanh.work import actions as work
from vungxanh.work.schemas import ItemIn

VISIT_HOURS = 24
_LOCK = 0x4C495354


@transaction.atomic
def take_list(
    *, source: str, giver: str, content: bytes, lines: Sequence[imports.Line], scope_path: str, by: Officer
) -> ListIn:
    """Every good line becomes a person to visit, every other says why not. The same file again changes nothing."""
    if source not in transfers.sources():
        raise UserError("declarations.list-source", field="source")
    digest = blake2b(content, digest_size=16).digest()
    there = ListIn.objects.filter(digest=digest, scope_path=scope_path).first()
    if there:
        return there
    row = ListIn.objects.create(
        source=source,
        giver=giver[:160],
        digest=digest,
        received_by=by.pk,
        scope_path=scope_path,
        scope_sector="health",
    )
    good = [line for line in lines if line.person]
    records = [_in_scope(line, scope_path) for line in good]
    numbers = people.bulk_register(records, by=by, purpose=f"list:{source}") if records else []
    known = _alike(numbers)
    person = dict(zip([line.number for line in good], numbers, strict=True))
    ListInRow.objects.bulk_create(
        [
            ListInRow(
                list=row,
                line=line.number,
                state="refused" if line.fault else "known" if person[line.number] in known else "taken",
                person=person.get(line.number),
                code=line.fault,
                column=line.column,
            )
            for line in lines
        ]
    )
    work.put_many([_visit(row, line, person[line.number]) for line in good], by=by)
    audit.record(
        by=by,
        action="declarations:list:received",
        subject=f"list-in:{row.pk}",
        details={"source": source, "lines": len(lines), "taken": len(good), "known": len(known)},
    )
    return row


def _in_scope(line: imports.Line, scope_path: str) -> PersonIn:
    assert line.person
    return replace(line.person, scope_path=scope_path)


def _alike(numbers: Sequence[int]) -> set[int]:
    """Those of a list who may be somebody we have already: a person judges, nobody is joined by the machine."""
    pairs = MatchCandidate.objects.filter(newer__in=numbers, decided_at=None)
    return set(pairs.values_list("newer", flat=True))


def _visit(row: ListIn, line: imports.Line, person: int) -> ItemIn:
    name = transfers.sources()[row.source].vi
    rule = in_force(line.arrived or timezone.localdate())
    came = f"{line.came}, " if line.came else ""
    day = f"đến ngày {line.arrived:%d/%m/%Y}" if line.arrived else "chưa rõ ngày đến"
    return ItemIn(
        kind="returnee.visit",
        due=timezone.now() + timedelta(hours=VISIT_HOURS),
        source=f"list-in:{row.pk}:{line.number}",
        person=person,
        clock=rule.id if rule else "",
        reason=f"{name} báo: {came}{day}."[:300],
        scope_path=row.scope_path,
    )


@transaction.atomic
def send_list(
    *,
    recipient: str,
    recipient_name: str,
    basis: str,
    fields: Sequence[str],
    items: Mapping[int, int],
    scope_path: str,
    by: Officer,
) -> ListOut:
    """A numbered list of people (work item -> person). Only fields that the recipient may be given.

    Raises UserError `declarations.field-not-given`, `declarations.list-empty`, `declarations.basis-needed`.
    """
    require(by, Permission.PEOPLE_REVEAL)
    found = transfers.recipients().get(recipient)
    if found is None or not set(fields) <= set(found.fields) or not fields:
        raise UserError("declarations.field-not-given", field="fields")
    if not items:
        raise UserError("declarations.list-empty", field="items")
    if not basis.strip() or not recipient_name.strip():
        raise UserError("declarations.basis-needed", field="basis")
    year = timezone.localdate().year
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    before = ListOut.objects.filter(year=year, scope_path=scope_path).aggregate(n=Max("number"))["n"] or 0
    row = ListOut.objects.create(
        number=before + 1,
        year=year,
        recipient=recipient,
        recipient_name=recipient_name[:160],
        basis=basis[:200],
        purpose=found.purpose.vi,
        fields=[name for name in found.fields if name in fields],
        people=len(items),
        made_by=by.pk,
        scope_path=scope_path,
        scope_sector="health",
    )
    ListOutRow.objects.bulk_create(
        [
            ListOutRow(list=row, line=n, item=item, person=person)
            for n, (item, person) in enumerate(items.items(), 1)
        ]
    )
    audit.record(
        by=by,
        action="declarations:list:sent",
        subject=f"list-out:{row.pk}",
        purpose=found.purpose.vi,
        details={"recipient": recipient, "people": len(items), "fields": row.fields, "basis": basis[:200]},
    )
    return row


@transaction.atomic
def acknowledge_list(*, row: ListOut, name: str, by: Officer) -> None:
    """Who took it, and when: written down from their signature."""
    row.received_at, row.received_by = timezone.now(), name[:120]
    row.save(update_fields=["received_at", "received_by"])
    audit.record(by=by, action="declarations:list:receipt", subject=f"list-out:{row.pk}")


@transaction.atomic
def take_outcome(*, row: ListOutRow, outcome: str, note: str, by: Officer) -> None:
    """What they found comes back: it stands with the thing due, which stays the station's to do."""
    if outcome not in ListOutRow.Outcome.values:
        raise UserError("declarations.outcome-unknown", field="outcome")
    row.outcome, row.note = outcome, note[:300] or None
    row.answered_at, row.answered_by = timezone.now(), by.pk
    row.save()
    if row.item:
        work.remark(item=row.item, verb="police", outcome=outcome, note=note[:300], by=by)
    audit.record(
        by=by, action="declarations:list:outcome", subject=f"list-out:{row.list_id}", details={"outcome": outcome}
    )


@transaction.atomic
def take_outcomes(*, row: ListOut, came: Came, by: Officer) -> dict[int, str]:
    """Every line of a file that came back. -> line of the file: code of its answer.

    `declarations.outcome-taken`, `outcome-already` (the same said before), or what keeps the line out:
    `outcome-line-unknown`, `outcome-unclear`, `outcome-differs` (another answer stands; change it on the page).
    """
    rows = {one.line: one for one in row.rows.select_for_update()}
    answers = {}
    for one in came.lines:
        found = rows.get(one.line or 0)
        answers[one.number] = f"declarations.{_taken(found, one, by)}"
    return answers


def _taken(row: ListOutRow | None, came: CameLine, by: Officer) -> str:
    if row is None:
        return "outcome-line-unknown"
    if not came.outcome:
        return "outcome-unclear" if came.written else "outcome-empty"
    if row.outcome:
        return "outcome-already" if row.outcome == came.outcome else "outcome-differs"
    take_outcome(row=row, outcome=came.outcome, note=came.note, by=by)
    return "outcome-taken"


def outgoing(row: ListOut, by: Officer) -> list[dict[str, object]]:
    """The lines of a list as it leaves; each look at a person is recorded with its purpose."""
    lines = list(row.rows.order_by("line"))
    shown = people_queries.reveal([one.person for one in lines], by=by, purpose=f"{row.purpose} ({row})")
    reasons = work.reasons_of([one.item for one in lines if one.item])
    found = []
    for one in lines:
        person = shown.get(one.person)
        if person is None:
            continue
        values: dict[str, object] = {
            "name": person.name,
            "birth_year": person.birth_year or "",
            "sex": {1: "Nam", 2: "Nữ"}.get(person.sex, ""),
            "address": person.address,
            "commune": person.commune_code,
            "phone": person.phones[0] if person.phones else "",
            "from_place": reasons.get(one.item or 0, ""),
            "arrived": "",
        }
        found.append({"line": one.line, **{name: values[name] for name in row.fields}})
    return found


def noon(day: date) -> datetime:
    """A moment of a day, for things due on it."""
    return timezone.make_aware(datetime.combine(day, time(12)))
