"""What changes things due: put, assign, acknowledge, answer, cancel, escalate."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zlib import crc32

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.scope import ANY_PATH, Sector, scoped
from vungxanh.people.models import HouseholdMember, Officer
from vungxanh.people.roles import Permission
from vungxanh.people.scope import System
from vungxanh.work.kinds import households_each
from vungxanh.work.kinds import kind as kind_of
from vungxanh.work.models import Beat, WorkEvent, WorkItem
from vungxanh.work.schemas import ItemIn, OutcomeIn, Verdict

State = WorkItem.State
OPEN = (State.OPEN, State.ACKNOWLEDGED)
#: a phone's clock may run ahead by so much before its answer is refused
CLOCK_SKEW = timedelta(hours=1)
_LOCK = 0x574F524B


def put(
    *,
    kind: str,
    due: datetime,
    source: str,
    person: int | None = None,
    place: int | None = None,
    household: int | None = None,
    clock: str = "",
    reason: str = "",
    scope_path: str = ANY_PATH,
    scope_sector: str = Sector.HEALTH,
    scope_org: int | None = None,
    team: int | None = None,
    by: By,
) -> int:
    """Say that something is due. -> item id; the open item where the same cause has asked before.

    A cause that asks again with another time moves the open item to it.
    """
    item = ItemIn(
        kind, due, source, person, place, household, clock, reason, scope_path, scope_sector, scope_org, team
    )
    return put_many([item], by=by)[0]


@transaction.atomic
def put_many(items: Sequence[ItemIn], *, by: By) -> list[int]:
    """Many at once. -> ids in the order given."""
    homes = _households([item.person for item in items if item.person is not None and item.household is None])
    rows = [_row(item, homes, by) for item in items]
    _to_beats(rows)
    keys = [_cause(row) for row in rows]
    _hold({item.source for item in items})
    latest = dict(zip(keys, rows, strict=True))
    moved = ("due", "clock", "reason", "scope_path", "scope_org", "scope_sector")
    known = {_cause(row): row for row in WorkItem.objects.filter(_same(rows), state__in=OPEN).select_for_update()}
    for key, row in latest.items():
        if key in known:
            for name in moved:
                setattr(known[key], name, getattr(row, name))
    WorkItem.objects.bulk_update([known[key] for key in latest if key in known], moved, batch_size=1000)
    made = WorkItem.objects.bulk_create([row for key, row in latest.items() if key not in known])
    ids = {_cause(row): row.pk for row in [*known.values(), *made]}
    if items:
        sources = sorted({item.source for item in items})[:20]
        details = {"made": len(made), "moved": len(latest) - len(made), "sources": sources}
        subject = f"work:{ids[keys[0]]}" if len(ids) == 1 else "work:many"
        audit.record(by=by, action="work:item:put", subject=subject, details=details)
    return [ids[key] for key in keys]


def _row(item: ItemIn, homes: dict[int, int], by: By) -> WorkItem:
    home = item.household if item.household is not None else homes.get(item.person or -1)
    return WorkItem(
        kind=item.kind,
        person=item.person,
        place=item.place,
        household=home,
        due=item.due,
        clock=item.clock,
        source=item.source,
        reason=item.reason,
        scope_path=item.scope_path,
        scope_sector=item.scope_sector,
        scope_org=item.scope_org,
        team_id=item.team,
        made_at=timezone.now(),
        made_by=_officer_id(by),
    )


def _to_beats(rows: Sequence[WorkItem]) -> None:
    """What is due in a household is for whoever of the team looks after it."""
    households = {row.household for row in rows if row.household}
    persons = {row.person for row in rows if row.person and not row.household}
    beats = (
        Beat.objects.filter(Q(household__in=households) | Q(person__in=persons)) if households | persons else ()
    )
    of_home = {beat.household: beat.officer_id for beat in beats if beat.household}
    of_person = {beat.person: beat.officer_id for beat in beats if beat.person}
    for row in rows:
        row.assigned_to_id = of_home.get(row.household) if row.household else of_person.get(row.person or 0)


def _hold(sources: set[str]) -> None:
    """Nobody else puts the same causes until this transaction ends: each would find nothing and make its own."""
    shelves = sorted({crc32(source.encode()) % 64 for source in sources})
    with connection.cursor() as cursor:
        for shelf in shelves:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, shelf])


def _cause(row: WorkItem) -> tuple[str, str, int | None, int | None]:
    return row.kind, row.source, row.person, row.place


def _same(rows: Iterable[WorkItem]) -> Q:
    return Q(kind__in={row.kind for row in rows}, source__in={row.source for row in rows})


def _households(persons: Sequence[int]) -> dict[int, int]:
    """Person -> open household: the list is visited house by house."""
    rows = HouseholdMember.objects.filter(person__in=persons, until=None)
    return dict(rows.values_list("person", "household"))


def _officer_id(by: By) -> int | None:
    return by if by is None or isinstance(by, int) else by.pk


@transaction.atomic
def assign(
    *, items: Sequence[int], officer: int | None = None, team: int | None = None, by: Officer | System
) -> int:
    """Give items within the acting officer's scope to an officer or a team. -> how many."""
    rows = scoped(WorkItem.objects.filter(pk__in=items, state__in=OPEN), by, Permission.WORK_ASSIGN)
    done = rows.update(assigned_to=officer, team=team)
    _audit(by, "assigned", items, officer=officer, team=team, done=done)
    return done


@transaction.atomic
def share_out(*, officers: Sequence[Officer], by: Officer) -> dict[int, int]:
    """Deal the open households of the officer's area to members of the team. -> officer -> households they have.

    A household that has somebody stays with them; nobody gets more than the most that a member looks after, and
    what is left over stays the station's.
    """
    most = households_each()[1]
    rows = scoped(WorkItem.objects.filter(state__in=OPEN), by, Permission.WORK_ASSIGN)
    open_rows = list(rows.order_by("due").values_list("pk", "household", "person", "scope_path"))
    load = {officer.pk: Beat.objects.filter(officer=officer).count() for officer in officers}
    known = {(beat.household, beat.person): beat.officer_id for beat in Beat.objects.all()}  # scope: whose it is
    made: list[Beat] = []
    given: dict[int, list[int]] = {}
    for pk, household, person, path in open_rows:
        spot = (household, None if household else person)
        if spot == (None, None):
            continue
        if spot not in known:
            free = [officer for officer in load if load[officer] < most]
            if not free:
                continue
            known[spot] = min(free, key=lambda officer: load[officer])
            load[known[spot]] += 1
            made.append(Beat(officer_id=known[spot], household=spot[0], person=spot[1], scope_path=path))
        given.setdefault(known[spot], []).append(pk)
    Beat.objects.bulk_create(made)
    for officer, items in given.items():
        WorkItem.objects.filter(pk__in=items, assigned_to=None).update(assigned_to=officer)
    _audit(by, "shared-out", [], households=len(made), officers=sorted(load))
    return load


@transaction.atomic
def remark(*, item: int, verb: str, outcome: str, note: str = "", by: Officer | System) -> None:
    """Something that somebody else says of an item; the item stays as it is."""
    row = WorkItem.objects.get(pk=item)
    _note(row, verb, OutcomeIn(item, outcome, timezone.now(), note), by.pk)


def reasons_of(items: Sequence[int]) -> dict[int, str]:
    """Item -> why it is due, a sentence without names."""
    return dict(WorkItem.objects.filter(pk__in=items).values_list("pk", "reason"))


@transaction.atomic
def acknowledge(*, items: Sequence[int], by: Officer) -> int:
    """Say "seen, I do it". -> how many."""
    rows = scoped(WorkItem.objects.filter(pk__in=items, state=State.OPEN), by, Permission.WORK_ACT)
    done = rows.update(state=State.ACKNOWLEDGED, assigned_to=by)
    _audit(by, "acknowledged", items, done=done)
    return done


@transaction.atomic
def cancel(*, source: str, kinds: Sequence[str] = (), persons: Sequence[int] = (), by: By) -> int:
    """The cause is gone (an onset was corrected, a declaration withdrawn). -> how many items went with it."""
    rows = WorkItem.objects.filter(Q(source=source) | Q(source__startswith=f"{source}:"), state__in=OPEN)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if persons:
        rows = rows.filter(person__in=persons)
    done = rows.update(state=State.CANCELLED, finished_at=timezone.now())
    audit.record(by=by, action="work:item:cancelled", subject=source, details={"done": done})
    return done


@transaction.atomic
def cancel_many(*, sources: Sequence[str], by: By) -> int:
    """The same for many causes at once. -> how many items went with them."""
    rows = WorkItem.objects.filter(source__in=sources, state__in=OPEN)
    done = rows.update(state=State.CANCELLED, finished_at=timezone.now())
    if done:
        audit.record(by=by, action="work:item:cancelled", subject="work:many", details={"done": done})
    return done


@transaction.atomic
def record_outcomes(records: Sequence[OutcomeIn], *, by: Officer | System) -> list[Verdict]:
    """A batch of answers, perhaps from a day without network. -> one verdict a record; may be sent again."""
    asked = {record.item for record in records}
    visible = scoped(WorkItem.objects.filter(pk__in=asked), by, Permission.WORK_ACT)
    items = {item.pk: item for item in WorkItem.objects.filter(pk__in=visible).select_for_update()}
    sent = [record.record for record in records]
    known = set(WorkEvent.objects.filter(record__in=sent).values_list("record", flat=True))
    verdicts: dict[int, Verdict] = {}
    for place, record in sorted(enumerate(records), key=lambda pair: pair[1].at):
        verdicts[place] = _answer(record, items.get(record.item), known, by)
        known.add(record.record)
    accepted = sum(verdict.verdict == "accepted" for verdict in verdicts.values())
    _audit(by, "answered", sorted(asked), sent=len(records), accepted=accepted)
    return [verdicts[place] for place in range(len(records))]


def _answer(record: OutcomeIn, item: WorkItem | None, known: set[UUID], by: Officer | System) -> Verdict:
    """Who answers first closes the item; what comes after is kept beside it."""
    if record.record in known:
        return Verdict(record.record, "duplicate")
    refusal = _refusal(record, item)
    if refusal or item is None:
        return Verdict(record.record, "refused", refusal)
    is_open = item.state in OPEN
    _note(item, "answered" if is_open else "answered-after", record, by.pk)
    if is_open and record.outcome not in kind_of(item.kind).leaves_open:
        item.state, item.outcome, item.finished_at = State.DONE, record.outcome, record.at
        item.save(update_fields=["state", "outcome", "finished_at"])
    return Verdict(record.record, "accepted")


def _refusal(record: OutcomeIn, item: WorkItem | None) -> str:
    """Code of the reason, or nothing."""
    if item is None:
        return "work.item-unknown"
    if record.outcome not in kind_of(item.kind).outcomes:
        return "work.outcome-unknown"
    if record.at > timezone.now() + CLOCK_SKEW:
        return "work.clock-ahead"
    return ""


def _note(item: WorkItem, verb: str, record: OutcomeIn, by: int | None) -> None:
    WorkEvent.objects.create(
        item=item,
        record=record.record,
        verb=verb,
        outcome=record.outcome,
        note=record.note or None,
        at=record.at,
        by=by,
    )


@transaction.atomic
def escalate(*, now: datetime | None = None, by: By = None) -> int:
    """Raise what is past its time by a level, as its kind says. -> how many. Run by the worker."""
    moment, raised = now or timezone.now(), []
    late = Q(due__lt=moment) | Q(state=State.OPEN, escalation=0, made_at__lt=moment - timedelta(hours=1))
    for item in WorkItem.objects.filter(late, state__in=OPEN).select_for_update(skip_locked=True):
        found = kind_of(item.kind)
        level = sum(moment >= item.due + timedelta(hours=hours) for hours in found.escalate_hours)
        is_unseen = item.state == State.OPEN and moment >= item.made_at + timedelta(hours=found.acknowledge_hours)
        level = max(level, int(is_unseen))
        if level > item.escalation:
            item.escalation = level
            raised.append(item)
    WorkItem.objects.bulk_update(raised, ["escalation"], batch_size=1000)
    WorkEvent.objects.bulk_create(
        [WorkEvent(item=i, record=uuid4(), verb="escalated", outcome=str(i.escalation), at=moment) for i in raised]
    )
    if raised:
        audit.record(by=by, action="work:item:escalated", subject="work:many", details={"raised": len(raised)})
    return len(raised)


def _audit(by: By, verb: str, items: Sequence[int], **details: object) -> None:
    subject = f"work:{items[0]}" if len(items) == 1 else "work:many"
    audit.record(
        by=by, action=f"work:item:{verb}", subject=subject, details={"items": list(items)[:200], **details}
    )
