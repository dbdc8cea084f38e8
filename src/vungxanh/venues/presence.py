"""Who was at a place in a time: opened by a tracing officer for a case, recorded each time.

Keepers never see this, and nobody sees it without a case number.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.scope import scoped
from vungxanh.core.vietnamese import clean
from vungxanh.people.models import Officer
from vungxanh.people.queries import masked
from vungxanh.people.roles import Permission
from vungxanh.places.models import ExposedPlace, Place
from vungxanh.places.queries import within
from vungxanh.venues.models import RosterEntry, SellingDay, Visit
from vungxanh.venues.refold import settle
from vungxanh.venues.statistics import LIST_OPENED

#: a warning that was a mistake is said to have been one for so long
TAKEN_BACK_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Present:
    """One stay that meets the window. `certain`: both ends were recorded."""

    person: int
    shown: str
    place: str
    start: datetime
    end: datetime
    certain: bool
    strength: int


def overlapping(place: Place, start: datetime, end: datetime) -> list[Visit]:
    """Stays at the place or a part of it that meet `[start, end)`, earliest first."""
    settle()
    over = Coalesce(F("end"), F("until"))
    # scope: the door scopes the place
    found = Visit.objects.annotate(over=over).filter(place__in=within(place.scope_path), start__lt=end)
    return list(found.filter(Q(over__gt=start) | Q(start__gte=start)).select_related("place").order_by("start"))


def checked_case(case: str) -> str:
    """Raises UserError `venues.case-needed`: no case, no list."""
    number = clean(case)[:40]
    if not number:
        raise UserError("venues.case-needed", field="case")
    return number


def checked_place(place: int, officer: Officer, permission: Permission = Permission.VENUE_LIST) -> Place:
    """Raises UserError `venues.no-such-place` for what lies outside the officer's scope too."""
    found = scoped(Place.objects.all(), officer, permission).filter(pk=place).first()
    if found is None:
        raise UserError("venues.no-such-place", field="place", value=place)
    return found


@transaction.atomic
def open_list(*, by: Officer, place: Place, start: datetime, end: datetime, case: str) -> list[Present]:
    """Everybody who was there, masked; the look is recorded with its case and counted in public statistics."""
    number = checked_case(case)
    if end <= start:
        raise UserError("venues.window-wrong", field="end")
    visits = overlapping(place, start, end)
    names = masked({visit.person for visit in visits})
    rows = [_present(visit, names.get(visit.person, "?")) for visit in visits]
    window = {"from": start.isoformat(), "to": end.isoformat(), "people": len(names)}
    audit.record(by=by, action=LIST_OPENED, subject=f"place:{place.pk}", purpose=f"case {number}", details=window)
    return rows


def _present(visit: Visit, shown: str) -> Present:
    assumed = visit.end is None or visit.end_assumed or visit.start_assumed
    end = visit.end or visit.until
    return Present(visit.person, shown, visit.place.name, visit.start, end, not assumed, visit.strength)


@transaction.atomic
def mark_exposed(
    *, by: Officer, place: Place, start: datetime, end: datetime, case: str, advice: str
) -> ExposedPlace:
    """Whoever was there is warned on their own telephone; the list goes to nobody by this."""
    number = checked_case(case)
    if end <= start:
        raise UserError("venues.window-wrong", field="end")
    made = ExposedPlace.objects.create(
        place=place, start=start, end=end, case=number, advice=clean(advice)[:1000], marked_by=by.pk
    )
    audit.record(by=by, action="venues:place:exposed", subject=f"place:{place.pk}", purpose=f"case {number}")
    return made


@transaction.atomic
def withdraw(*, by: Officer, exposed: ExposedPlace) -> None:
    """It was a mistake: telephones that showed the warning say so from then on."""
    exposed.withdrawn_at = timezone.now()
    exposed.save(update_fields=["withdrawn_at"])
    audit.record(by=by, action="venues:place:not-exposed", subject=f"place:{exposed.place_id}")


@dataclass(frozen=True, slots=True)
class StaffLine:
    """Somebody of the place's staff in the window. `certain`: both ends of the stay were recorded."""

    shown: str
    role: str
    where: str
    certain: bool


@transaction.atomic
def staff_sheet(*, by: Officer, exposed: ExposedPlace) -> list[StaffLine]:
    """Traders, porters and staff of the place in the window, masked: those who were recorded, and those whose
    stall sold that day. The look is recorded with its case, as every list."""
    recorded = {visit.person: visit for visit in overlapping(exposed.place, exposed.start, exposed.end)}
    # scope: the door scopes the place
    roster = RosterEntry.objects.filter(place__in=within(exposed.place.scope_path)).select_related("place")
    days = (timezone.localdate(exposed.start) - timedelta(days=1), timezone.localdate(exposed.end))
    # scope: the door scopes the place
    selling = SellingDay.objects.filter(day__range=days, start__lt=exposed.end, end__gt=exposed.start)
    sold = set(selling.values_list("place", flat=True))
    there = [entry for entry in roster if entry.person in recorded or entry.place_id in sold]
    names = masked({entry.person for entry in there})
    details = {"people": len(names), "staff": True}
    audit.record(
        by=by,
        action=LIST_OPENED,
        subject=f"place:{exposed.place_id}",
        purpose=f"case {checked_case(exposed.case)}",
        details=details,
    )
    return [_staff(entry, names.get(entry.person, "?"), recorded) for entry in there]


def _staff(entry: RosterEntry, shown: str, recorded: dict[int, Visit]) -> StaffLine:
    visit = recorded.get(entry.person)
    certain = visit is not None and visit.end is not None and not visit.end_assumed and not visit.start_assumed
    return StaffLine(shown, entry.get_role_display(), entry.place.name, certain)


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning for one telephone: which stay, which window, what to do."""

    exposed: ExposedPlace
    visit: Visit

    @property
    def taken_back(self) -> bool:
        return self.exposed.withdrawn_at is not None

    @property
    def minutes(self) -> int:
        start = max(self.exposed.start, self.visit.start)
        end = min(self.exposed.end, self.visit.end or self.visit.until)
        return max(0, round((end - start).total_seconds() / 60))


def warnings_for(persons: list[int]) -> list[Warned]:
    """Windows marked for a case, or released to the public, that meet stays of these people; newest first."""
    if not persons:
        return []
    # scope: the door scopes the place
    visits = list(Visit.objects.filter(person__in=persons).select_related("place"))
    # scope: the door scopes the place
    standing = ExposedPlace.objects.filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__gt=timezone.now() - TAKEN_BACK_FOR)
    )
    windows = list(standing.exclude(case="", released_at=None).select_related("place"))
    found = [
        Warned(window, visit)
        for window in windows
        for visit in visits
        if visit.place.scope_path.startswith(window.place.scope_path)
        and visit.start < window.end
        and (visit.end or visit.until) > window.start
    ]
    return sorted(found, key=lambda warned: warned.exposed.start, reverse=True)
