"""Whoever has not checked out is reminded once, on the telephone that recorded them: by web push where its browser
agreed to be told, and on the page while the stay can still be closed. Never by SMS, never with the place's name.

A private place has no stays here, so nobody is reminded of one centrally.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from vungxanh.core import audit
from vungxanh.notify.actions import queue_citizens
from vungxanh.notify.queries import listening_devices
from vungxanh.venues.folding import Direction, Scan
from vungxanh.venues.gate_rules import pack
from vungxanh.venues.in_force import mode_of
from vungxanh.venues.models import DeviceMember, Reminder, Visit
from vungxanh.venues.queries import venue_of
from vungxanh.venues.refold import hours_of, settle

#: no rule reminds later than after a day; what is older is past closing by a tap
_OLDEST = timedelta(days=2)
#: stays reminded in one round; the next round takes the others
MOST = 5_000


def due_of(persons: Iterable[int], now: datetime | None = None) -> list[Visit]:
    """Stays of these people that are late, while a check-out still closes them; newest first."""
    moment = now or timezone.now()
    return _due(_open(moment).filter(person__in=list(persons)), moment)


@transaction.atomic
def remind(now: datetime | None = None) -> int:
    """The job: everybody who is due, once a stay. -> stays reminded."""
    moment = now or timezone.now()
    settle()
    phones = DeviceMember.objects.filter(device__known_as__in=listening_devices())
    # scope: the system reminds
    told = Reminder.objects.filter(person=OuterRef("person"), place=OuterRef("place"), at__gte=OuterRef("start"))
    waiting = _open(moment).filter(_late(moment), ~Exists(told), person__in=phones.values("person_id"))
    due = _due(waiting, moment)[:MOST]
    if due:
        _tell(due, moment)
    return len(due)


def _open(now: datetime) -> "QuerySet[Visit]":
    # scope: the telephone's own people, or the system
    return Visit.objects.filter(end=None, start__gt=now - _OLDEST, start__lte=now).select_related("place")


def _late(now: datetime) -> Q:
    """By the minutes of each kind, so that the database does not hand over everybody who is anywhere."""
    minutes = dict(pack().remind_minutes)
    others = ~Q(place__kind__in=list(minutes))
    rest = minutes.pop("*", 0)
    late = others & Q(start__lte=now - timedelta(minutes=rest)) if rest else Q(pk__in=[])
    for kind, after in minutes.items():
        if after:
            late |= Q(place__kind=kind, start__lte=now - timedelta(minutes=after))
    return late


def _due(open_stays: "QuerySet[Visit]", now: datetime) -> list[Visit]:
    found = [stay for stay in open_stays.order_by("-start") if _is_due(stay, now)]
    places = {stay.place_id: stay.place for stay in found}
    private = {number for number, place in places.items() if (v := venue_of(place)) and mode_of(v) == "private"}
    return [stay for stay in found if stay.place_id not in private]


def _is_due(stay: Visit, now: datetime) -> bool:
    """A place whose own usual stay is longer than the rule's minutes reminds when that is over."""
    after = pack().reminds_after(stay.place.kind)
    if after is None or stay.place.closed:
        return False
    after = max(after, timedelta(minutes=stay.place.usual_minutes or 0))
    tap = Scan(0, now, Direction.OUT)
    return now >= stay.start + after and hours_of(stay.place).is_check_out(stay.start, tap)


def _tell(due: list[Visit], now: datetime) -> None:
    """One message a telephone, however many of its people are due."""
    phones = DeviceMember.objects.filter(device__known_as__in=listening_devices())
    members = phones.filter(person__in={stay.person for stay in due})
    devices = sorted(set(members.values_list("device__known_as", flat=True)))
    source = f"venues.remind:{max(stay.row for stay in due)}"
    with translation.override("vi"):
        queue_citizens(devices=devices, text=_text(), source=source, subject="Vùng Xanh", sms=False, by=None)
    Reminder.objects.bulk_create(Reminder(place_id=s.place_id, person=s.person, at=now) for s in due)
    details = {"stays": len(due), "devices": len(devices), "rule": pack().id}
    audit.record(by=None, action="venues:stays:reminded", subject="place:many", details=details)


def _text() -> str:
    """It stands on a locked screen: no place, no person, no cause."""
    return _("You recorded an arrival and no departure yet. If you have left, open Vùng Xanh and press Out.")
