"""The visitor register of an office: whom somebody came to see, masked, until closing time. Then it is emptied."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from vungxanh.core.vietnamese import clean
from vungxanh.people.names import masked_name
from vungxanh.people.queries import masked
from vungxanh.places.models import Place
from vungxanh.places.queries import within
from vungxanh.venues.folding import Direction
from vungxanh.venues.models import Errand, Venue, Visit
from vungxanh.venues.refold import hours_of
from vungxanh.venues.schemas import Recorded

if TYPE_CHECKING:
    from vungxanh.venues.asking import Asked

#: an office without a closing time is emptied after so long
LONGEST = timedelta(hours=12)


def note(asked: "Sequence[Asked]", new: Sequence[Recorded]) -> int:
    """Whom the people of new records came to see. -> how many said so. In the caller's transaction."""
    hosts = {one.person: clean(one.record.host) for one in asked if one.record.host.strip()}
    rows = [row for row in new if row.person in hosts and row.direction != Direction.OUT]
    if not rows:
        return 0
    # scope: the gate's own place
    kept = set(Venue.objects.filter(visitor_register=True).values_list("pk", flat=True))
    # scope: the gate's own place
    places = Place.objects.in_bulk({row.place_id for row in rows})
    noted = 0
    for row in rows:
        place = places[row.place_id]
        if kept & {int(part[1:]) for part in place.scope_path.split("/") if part.startswith("p")}:
            Errand.objects.update_or_create(
                place=place,
                person=row.person,
                defaults={"host": hosts[row.person], "at": row.at, "until": closing(place, row.at)},
            )
            noted += 1
    return noted


def closing(place: Place, at: datetime) -> datetime:
    """When the register of that day is emptied."""
    closes = hours_of(place).closes
    if closes is None:
        return at + LONGEST
    local = timezone.localtime(at)
    end = local.replace(hour=closes.hour, minute=closes.minute, second=0, microsecond=0)
    return end if end > local else at + LONGEST


@dataclass(frozen=True, slots=True)
class Inside:
    """One line of the register: both masked."""

    shown: str
    host: str
    since: datetime
    place: str


def inside(venue: Venue, now: datetime | None = None) -> list[Inside]:
    """Who is inside now and whom they visit; empty after closing, and where there is no register."""
    if not venue.visitor_register:
        return []
    moment = now or timezone.now()
    # scope: the keeper's own place
    stays = Visit.objects.filter(
        place__in=within(venue.place.scope_path), start__lte=moment, until__gt=moment, end=None
    ).select_related("place")
    listed = [stay for stay in stays.order_by("-start") if closing(stay.place, stay.start) > moment]
    # scope: the keeper's own place
    errands = Errand.objects.filter(place__in={stay.place_id for stay in listed}, until__gt=moment)
    hosts = {(one.place_id, one.person): masked_name(one.host.open()) for one in errands}
    names = masked([stay.person for stay in listed])
    return [
        Inside(names.get(s.person, "?"), hosts.get((s.place_id, s.person), ""), s.start, s.place.name)
        for s in listed
    ]


def empty(now: datetime | None = None) -> int:
    """The job that empties what has closed. -> rows removed."""
    # scope: the system forgets
    return Errand.objects.filter(until__lte=now or timezone.now()).delete()[0]
