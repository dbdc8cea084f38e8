"""Market tickets by household, day and hour: a dated rule deals them out, paper carries them, gates check them.

A ticket says a number of a household on the commune's list, days of the week and hours; no name. It is signed with
the key under which gates read results, so that a gate without network can tell a real one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from vungxanh.codes.signed import Kind, Statement, sign, verify
from vungxanh.core import audit
from vungxanh.core.append import Verdict, refused
from vungxanh.core.errors import UserError
from vungxanh.core.ids import sender_id
from vungxanh.core.minutes import VIETNAM, floor_minute
from vungxanh.core.vault import keyed_hash
from vungxanh.core.vietnamese import clean
from vungxanh.places.models import Place
from vungxanh.venues.keys import ticket_key, ticket_point
from vungxanh.venues.models import Tally, Ticket, TicketRule, UsedCode, Venue

MOST = 20_000
_ZONE = ZoneInfo(VIETNAM)


@dataclass(frozen=True, slots=True)
class Dealing:
    """How tickets are dealt out: which days, from which hour to which, how long each household may come.

    Households are dealt into `groups`; group g has every `groups`-th of the days, and within a day the hours are
    shared out in turn.
    """

    basis: str
    valid_from: date
    valid_to: date
    weekdays: tuple[int, ...]
    groups: int
    first_hour: int
    last_hour: int
    hours_each: int


def checked(dealing: Dealing) -> Dealing:
    """Raises UserError `venues.ticket-rule` naming the first thing that does not go together."""
    wrong = {
        "valid_to": dealing.valid_to < dealing.valid_from,
        "weekdays": not dealing.weekdays or any(not 0 <= day <= 6 for day in dealing.weekdays),
        "groups": not 1 <= dealing.groups <= max(1, len(dealing.weekdays)),
        "last_hour": not 0 <= dealing.first_hour < dealing.last_hour <= 24,
        "hours_each": not 1 <= dealing.hours_each <= dealing.last_hour - dealing.first_hour,
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise UserError("venues.ticket-rule", field=field, what=field)
    return dealing


@transaction.atomic
def deal(*, by: audit.By, venue: Venue, dealing: Dealing, households: Sequence[str]) -> TicketRule:
    """A rule and a ticket for each household; the tickets of an earlier rule stop counting on its days.

    Raises `venues.ticket-rule`, `venues.households-needed`.
    """
    checked(dealing)
    listed = list(dict.fromkeys(name[:40] for name in map(clean, households) if name))
    if not listed or len(listed) > MOST:
        raise UserError("venues.households-needed", field="households", most=MOST)
    # scope: the keeper's own venue
    before = TicketRule.objects.filter(venue=venue, valid_to__gte=dealing.valid_from)
    before.update(valid_to=dealing.valid_from - timedelta(days=1))
    rule = TicketRule.objects.create(
        venue=venue,
        basis=dealing.basis[:200],
        valid_from=dealing.valid_from,
        valid_to=dealing.valid_to,
        weekdays=list(dealing.weekdays),
        groups=dealing.groups,
        first_hour=dealing.first_hour,
        last_hour=dealing.last_hour,
        hours_each=dealing.hours_each,
    )
    Ticket.objects.bulk_create([_ticket(rule, dealing, place, name) for place, name in enumerate(listed)])
    audit.record(
        by=by, action="venues:tickets:dealt", subject=f"place:{venue.pk}", details={"tickets": len(listed)}
    )
    return rule


def _ticket(rule: TicketRule, dealing: Dealing, place: int, household: str) -> Ticket:
    group = place % dealing.groups
    slots = (dealing.last_hour - dealing.first_hour) // dealing.hours_each
    first = dealing.first_hour + (place // dealing.groups % slots) * dealing.hours_each
    days = list(dealing.weekdays[group :: dealing.groups])
    return Ticket(
        rule=rule, household=household, weekdays=days, first_hour=first, last_hour=first + dealing.hours_each
    )


def code_of(ticket: Ticket) -> str:
    """The text of its QR: number, place, days as bits, hours."""
    rule = ticket.rule
    start = datetime.combine(rule.valid_from, time(), _ZONE)
    end = datetime.combine(rule.valid_to + timedelta(days=1), time(), _ZONE)
    days = sum(1 << day for day in ticket.weekdays)
    body = {"t": ticket.pk, "p": rule.venue_id, "w": days, "f": ticket.first_hour, "l": ticket.last_hour}
    return sign(Statement(Kind.GROUP, floor_minute(start), floor_minute(end), body), ticket_key())


def read(text: str, venue: Venue, now: datetime) -> Ticket | None:
    """The ticket that admits to `venue` at a moment; None where the text is no ticket.

    Raises `venues.ticket-forged`, `venues.ticket-elsewhere`, `venues.ticket-not-now`, `venues.ticket-revoked`.
    """
    found = verify(text, [ticket_key().public_key()], floor_minute(now))
    if found is None or found.statement.kind != Kind.GROUP:
        return None
    if found.verdict in ("wrong-signature", "unknown-key"):
        raise UserError("venues.ticket-forged", field="code")
    body = found.statement.body
    if body.get("p") != venue.pk:
        raise UserError("venues.ticket-elsewhere", field="code")
    if found.verdict != "valid" or not admits(body, now):
        raise UserError("venues.ticket-not-now", field="code")
    # scope: the gate's own place
    ticket = Ticket.objects.filter(pk=int(body.get("t", 0)), rule__venue=venue).select_related("rule").first()
    if ticket is None or ticket.revoked_at or not _in_force(ticket.rule, now):
        raise UserError("venues.ticket-revoked", field="code")
    return ticket


@transaction.atomic
def use(code: str, *, venue: Venue, place: Place, at: datetime, record: str) -> Verdict:
    """A verdict on one ticket; its household is counted, not named. Two gates may bring one ticket at once."""
    try:
        ticket = read(code, venue, at)
        if ticket is None:
            raise UserError("venues.read-again", field="code")
    except UserError as error:
        return refused(record, error)
    day = at.astimezone(_ZONE).date().isoformat()
    own = sender_id(f"ticket:{ticket.pk}:{day}", record)
    _used, new = UsedCode.objects.get_or_create(
        key=keyed_hash("ticket", f"{ticket.pk}:{day}"), defaults={"place": own, "at": at}
    )
    if not new:
        same = _used.place == own
        return Verdict(record, "duplicate") if same else refused(record, UserError("venues.ticket-used"))
    Tally.objects.create(place=place, at=at, people=1, record=own)
    return Verdict(record, "accepted")


def admits(body: Any, now: datetime) -> bool:
    """Is it the day and the hour of a ticket?"""
    local = now.astimezone(_ZONE)
    on_day = bool(int(body.get("w", 0)) >> local.weekday() & 1)
    return on_day and int(body.get("f", 0)) <= local.hour < int(body.get("l", 0))


def _in_force(rule: TicketRule, now: datetime) -> bool:
    return rule.valid_from <= now.astimezone(_ZONE).date() <= rule.valid_to


def tickets_of(venue: Venue) -> dict[str, Any] | None:
    """What a gate needs to check tickets without network: the public point; None where none are in force."""
    day = timezone.localdate()
    # scope: the gate's own place
    if not TicketRule.objects.filter(venue=venue, valid_from__lte=day, valid_to__gte=day).exists():
        return None
    return {"key": ticket_point(), "place": venue.pk}
