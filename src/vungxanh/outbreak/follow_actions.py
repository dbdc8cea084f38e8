"""Everything that changes contacts and their follow-up. Each action is one transaction with one audit event."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.minutes import from_minute
from vungxanh.core.scope import grants_of
from vungxanh.outbreak.classes import classes
from vungxanh.outbreak.followup_rules import FollowUpRule, most_slides, plan, rule_on
from vungxanh.outbreak.models import Case, Check, Contact, FollowUp
from vungxanh.people.actions import extend_reach
from vungxanh.people.models import Officer, Person
from vungxanh.tracing.model import Certainty, ContactRow
from vungxanh.work import actions as work
from vungxanh.work.schemas import ItemIn


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping a trace did."""

    new: int
    known: int
    dropped: int
    followed: int


@transaction.atomic
def keep_contacts(*, by: Officer, case: Case, rows: Sequence[ContactRow]) -> Kept:
    """Write the traced contacts down and begin their follow-up. Keeping the same trace again changes nothing;
    whoever a correction left out is dropped, not deleted."""
    now = timezone.now()
    held = {contact.person: contact for contact in Contact.objects.select_for_update().filter(case=case)}
    homes = _homes([row.contact for row in rows], case.scope_path)
    wanted = {row.contact: _contact(case, row, homes[row.contact], by, now) for row in rows}
    new = [contact for person, contact in wanted.items() if person not in held]
    Contact.objects.bulk_create(new)
    _update([(held[person], contact) for person, contact in wanted.items() if person in held])
    gone = [contact.pk for person, contact in held.items() if person not in wanted]
    dropped = Contact.objects.filter(pk__in=gone).exclude(status=Contact.Status.DROPPED)
    dropped_count = dropped.update(status=Contact.Status.DROPPED)
    hand_over(by, case, [contact for contact in new if contact.status == Contact.Status.ACTIVE])
    followed = refresh(persons=[*wanted, *held], disease=case.disease)
    done = Kept(len(new), len(wanted) - len(new), dropped_count, followed)
    audit.record(
        by=by,
        action="outbreak:contacts:kept",
        subject=f"case:{case.pk}",
        details={"new": done.new, "known": done.known, "dropped": done.dropped, "followed": done.followed},
    )
    return done


def hand_over(by: Officer, case: Case, contacts: Sequence[Contact]) -> int:
    """Contacts who live elsewhere go to their commune, which acknowledges; both areas see them from now on."""
    grants = grants_of(by, "case:read")
    away = [c for c in contacts if not any(grant.opens(c.scope_path, None, "health") for grant in grants)]
    due = timezone.now() + timedelta(hours=HAND_OVER_HOURS)
    if away:
        work.put_many(
            [
                ItemIn("contact.take-over", due, f"case:{case.pk}", person=one.person, scope_path=one.scope_path)
                for one in away
            ],
            by=by,
        )
        extend_reach(
            persons=[one.person for one in away], scope_path=case.scope_path, reason=f"contact:{case.pk}", by=by
        )
    return len(away)


#: a commune is to say within so many hours that it has taken a contact over; our proposal, no instrument orders it
HAND_OVER_HOURS = 2


def _homes(persons: Sequence[int], otherwise: str) -> Mapping[int, str]:
    """Person -> area that answers for them: where they live, else where the case lies."""
    known = dict(Person.objects.filter(pk__in=persons).values_list("pk", "scope_path"))
    return {person: known.get(person, otherwise) for person in persons}


def _contact(case: Case, row: ContactRow, home: str, by: Officer, now: datetime) -> Contact:
    waits = row.certainty == Certainty.NEEDS_INTERVIEW
    return Contact(
        case=case,
        person=row.contact,
        path=list(row.path),
        first_exposed=from_minute(row.first_exposed),
        last_exposed=from_minute(row.last_exposed),
        seconds=row.seconds,
        certainty=int(row.certainty),
        rule=row.rule,
        evidence=";".join(str(item) for item in row.evidence),
        status=Contact.Status.INTERVIEW if waits else Contact.Status.ACTIVE,
        found_at=now,
        found_by=by.pk,
        scope_path=home,
        scope_sector="health",
    )


TRACED = ("path", "first_exposed", "last_exposed", "seconds", "certainty", "rule", "evidence", "status")


def _update(pairs: Sequence[tuple[Contact, Contact]]) -> None:
    """Bring contacts that were known to what the trace says now."""
    for held, wanted in pairs:
        for name in TRACED:
            setattr(held, name, getattr(wanted, name))
    Contact.objects.bulk_update([held for held, _ in pairs], TRACED, batch_size=500)


def refresh(*, persons: Sequence[int], disease: str, today: date | None = None) -> int:
    """Bring follow-ups in step with classes: begin, slide, or end them. -> how many are watched."""
    day = today or timezone.localdate()
    ranks = classes(persons, disease)
    last = _last_exposed(persons, disease)
    active = {f.person: f for f in FollowUp.objects.filter(person__in=persons, disease=disease, status="active")}
    watched = 0
    for person in dict.fromkeys(persons):
        exposed = last.get(person)
        rule = rule_on(exposed[0], disease) if exposed else None
        if exposed is None or rule is None or ranks.get(person) not in rule.classes:
            _end(active.get(person), FollowUp.Status.CASE if ranks.get(person) == 0 else FollowUp.Status.DROPPED)
        else:
            watched += _watch(active.get(person), person, disease, exposed, rule, day)
    return watched


def refresh_around(*, person: int, disease: str) -> int:
    """A person became a case or ceased to be one: they and all who were reached through them change class."""
    through = Contact.objects.filter(path__contains=[person], case__disease=disease).values_list(
        "person", flat=True
    )
    return refresh(persons=[person, *through], disease=disease)


def refresh_many(*, persons: Sequence[int], disease: str) -> int:
    """The same for many who became cases at once; people whom no contact leads to cost one question together."""
    with connection.cursor() as cursor:
        cursor.execute(_THROUGH, [list(persons), disease])
        touched = [row[0] for row in cursor.fetchall()]
    return refresh(persons=touched, disease=disease) if touched else 0


#: each person is looked up in the index of paths; asked with `&&` for all at once, the whole table would be read
_THROUGH = (
    "SELECT DISTINCT c.person FROM unnest(%s::bigint[]) q(person) CROSS JOIN LATERAL"
    " (SELECT person, case_id FROM outbreak_contact WHERE path @> ARRAY[q.person] OFFSET 0) c"
    " JOIN outbreak_case k ON k.id = c.case_id AND k.disease = %s"
)


def _last_exposed(persons: Sequence[int], disease: str) -> dict[int, tuple[date, str]]:
    """Person -> (local day of last exposure, area); only of contacts that count without an interview."""
    rows = Contact.objects.filter(person__in=persons, case__disease=disease, status=Contact.Status.ACTIVE)
    found: dict[int, tuple[date, str]] = {}
    for contact in rows.exclude(case__status=Case.Status.WITHDRAWN).order_by("last_exposed"):
        found[contact.person] = (timezone.localdate(contact.last_exposed), contact.scope_path)
    return found


def _end(followup: FollowUp | None, status: str) -> None:
    if followup is not None:
        FollowUp.objects.filter(pk=followup.pk).update(status=status, ended_at=timezone.now())
        followup.checks.filter(outcome="").delete()


def _watch(
    active: FollowUp | None, person: int, disease: str, exposed: tuple[date, str], rule: FollowUpRule, day: date
) -> int:
    """Begin or slide the follow-up of one person. -> 1 if somebody is watched from now on."""
    origin, home = exposed
    protection = active.protection if active else ""
    days = plan(origin, rule.length(protection), active.since if active else max(day, origin))
    if not days:
        _end(active, FollowUp.Status.COMPLETED)
        return 0
    facts = {"origin": origin, "until": max(days), "rule": rule.id}
    if active is None:
        active = FollowUp.objects.create(
            person=person, disease=disease, since=min(days), scope_path=home, scope_sector="health", **facts
        )
    elif any(getattr(active, name) != value for name, value in facts.items()):
        FollowUp.objects.filter(pk=active.pk).update(**facts)
    _days(active, days)
    return 1


def _days(followup: FollowUp, days: Mapping[date, bool]) -> None:
    """The days that are due; what was done stays as it was."""
    followup.checks.filter(outcome="").exclude(day__in=days).delete()
    Check.objects.bulk_create(
        [Check(followup=followup, day=day, test=test) for day, test in days.items()],
        update_conflicts=True,
        unique_fields=["followup", "day"],
        update_fields=["test"],
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """What came of one check."""

    check: int
    outcome: str
    result: str = ""
    channel: str = "call"


@transaction.atomic
def record_checks(*, by: By, entries: Sequence[Entry], allowed: Sequence[int]) -> Counter[str]:
    """Enter a list of outcomes at once; checks outside `allowed` (the officer's own) are left alone."""
    mine = {entry.check: entry for entry in entries if entry.check in set(allowed) and entry.outcome}
    rows = list(Check.objects.select_for_update().filter(pk__in=mine))
    now, counted = timezone.now(), Counter[str]()
    for check in rows:
        entry = mine[check.pk]
        check.outcome, check.result, check.at = entry.outcome, entry.result, now
        check.by = by if by is None or isinstance(by, int) else by.pk
        check.channel = entry.channel
        counted[entry.outcome] += 1
    Check.objects.bulk_update(rows, ["outcome", "result", "at", "by", "channel"])
    _call_back(rows, by)
    _slide([check.followup_id for check in rows])
    _complete([check.followup_id for check in rows])
    audit.record(by=by, action="outbreak:checks:recorded", subject="check:many", details=dict(counted))
    return counted


def _call_back(rows: Sequence[Check], by: By) -> None:
    """Whoever has symptoms or a positive test is called by somebody today."""
    sick = [c for c in rows if c.outcome == Check.Outcome.SYMPTOMS or c.result == Check.Result.POSITIVE]
    followups = FollowUp.objects.in_bulk({check.followup_id for check in sick})
    if sick:
        now = timezone.now()
        work.put_many(
            [
                ItemIn(
                    kind="symptom.call",
                    due=now,
                    source=f"followup:{check.followup_id}",
                    person=followups[check.followup_id].person,
                    scope_path=followups[check.followup_id].scope_path,
                )
                for check in sick
            ],
            by=by,
        )


def _slide(followups: Sequence[int]) -> None:
    """Nobody is released unseen: where the last day ended without reaching the person, one more day is due."""
    ended = FollowUp.objects.filter(pk__in=followups, status="active", until__lte=timezone.localdate())
    for followup in ended.exclude(checks__outcome=""):
        last = followup.checks.order_by("-day").first()
        slid = (followup.until - followup.origin).days - planned_days(followup)
        if last is None or last.outcome != Check.Outcome.UNREACHABLE:
            continue
        if slid >= most_slides():
            FollowUp.objects.filter(pk=followup.pk).update(status=FollowUp.Status.LOST, ended_at=timezone.now())
            continue
        following = max(followup.until, timezone.localdate()) + timedelta(days=1)
        FollowUp.objects.filter(pk=followup.pk).update(until=following)
        Check.objects.get_or_create(followup=followup, day=following)


def planned_days(followup: FollowUp) -> int:
    """As the rule of its day says."""
    rule = rule_on(followup.origin, followup.disease)
    return rule.length(followup.protection).days if rule else (followup.until - followup.origin).days


@transaction.atomic
def assign_team(*, by: Officer, followups: "QuerySet[FollowUp]", team: int | None) -> int:
    """Give follow-ups to a team. -> how many."""
    done = followups.update(team=team)
    details = {"team": team, "count": done}
    audit.record(by=by, action="outbreak:followups:assigned", subject="followup:many", details=details)
    return done


def _complete(followups: Sequence[int]) -> None:
    """A follow-up whose last day is entered, with nothing open and nothing positive, is completed."""
    rows = FollowUp.objects.filter(pk__in=followups, status="active", until__lte=timezone.localdate())
    open_ones = rows.filter(checks__outcome="").values("pk")
    sick = rows.filter(checks__result=Check.Result.POSITIVE).values("pk")
    done = rows.exclude(pk__in=list(open_ones.values_list("pk", flat=True)))
    done = done.exclude(pk__in=list(sick.values_list("pk", flat=True)))
    done.update(status=FollowUp.Status.COMPLETED, ended_at=timezone.now())
