"""Arrivals and departures in the demonstration: a market, an office, a bus, and days of scans."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import numpy as np
from django.utils import timezone

from vungxanh.codes.signed import Kind, short
from vungxanh.demo.communes import Home
from vungxanh.demo.names import Identity
from vungxanh.people.actions import bulk_register
from vungxanh.people.models import Officer
from vungxanh.people.schemas import PersonIn
from vungxanh.places.schemas import NewPlace
from vungxanh.venues import markets, trips
from vungxanh.venues.actions import VenueFacts, add_parts, register_venue
from vungxanh.venues.badges import bind_card
from vungxanh.venues.ingest import Sender, take
from vungxanh.venues.links import tag_keys
from vungxanh.venues.markets import Worker
from vungxanh.venues.models import Venue
from vungxanh.venues.refold import settle
from vungxanh.venues.schemas import Guest, ScanIn, TripIn

#: the keeper's telephone: with it anybody who tries the demonstration manages these places
PHONE = "+84912345678"
ROWS, STALLS, DAYS, CARDS = ("Dãy A", "Dãy B", "Dãy C"), 8, 4, 40
ROUTE = "Thái Nguyên – Phổ Yên – Hà Nội"


def visits(people: Sequence[Identity], where: Home, seed: int) -> dict[str, int]:
    """Everything through the actions that keepers and gates use. -> how many of each were made.

    Whoever comes is a person of this room alone: the answer to the first case stays as it was made.
    """
    rng = np.random.default_rng((seed, 7))
    officer = Officer.objects.get(username="tram")
    come = [
        PersonIn(name=who.name, birth_year=who.birth_year, sex=2 if who.female else 1) for who in people[:CARDS]
    ]
    made = bulk_register(come, by=None, purpose="DIỄN TẬP")
    cards = [short(Kind.CARD, bind_card(n, person).number, tag_keys()[-1]) for n, person in enumerate(made, 1)]
    market = _venue(officer, where, "market", "Chợ Trung tâm (diễn tập)", VenueFacts(occupancy_public=True))
    office = _venue(officer, where, "office", "Bộ phận một cửa (diễn tập)", VenueFacts(visitor_register=True))
    bus = _venue(officer, where, "vehicle", "20B-012.34 (diễn tập)", VenueFacts())
    _stalls(market, people)
    taken = sum(_take(venue, _days(cards, rng)) for venue in (market, office))
    taken += _take(office, _visitors()) + _take(bus, _ride(bus, cards))
    settle()
    places = len(ROWS) * STALLS + 3
    return {"scans": taken, "persons": CARDS + len(ROWS) * STALLS + 2, "places": places, "trips": 1}


def _venue(officer: Officer, where: Home, kind: str, name: str, facts: VenueFacts) -> Venue:
    new = NewPlace(kind=kind, name=name, commune_code=where.unit.code, capacity=120)
    return register_venue(by=officer, new=new, facts=facts, phone=PHONE)


def _stalls(market: Venue, people: Sequence[Identity]) -> None:
    """A trader a stall; two rows of three sell today."""
    names = [f"{row} – {n:02d}" for row in ROWS for n in range(1, STALLS + 1)]
    stalls = add_parts(by=None, venue=market, kind="stall", names=names)
    workers = [
        Worker(name, Guest(name=who.name, birth_year=who.birth_year, tail=f"{n:04d}"))
        for n, (name, who) in enumerate(zip(names, people[CARDS:], strict=False))
    ]
    markets.enrol(by=None, venue=market, workers=workers)
    markets.sell(by=None, stalls=[stall for stall in stalls if markets.row_of(stall.name) != ROWS[-1]])


def _days(cards: Sequence[str], rng: np.random.Generator) -> Iterator[ScanIn]:
    """The days before today: in during the morning, and of every three two remember to leave."""
    for day in range(1, DAYS + 1):
        morning = timezone.localtime().replace(hour=7, minute=0, second=0, microsecond=0) - timedelta(days=day)
        for card in rng.choice(len(cards), 25, replace=False).tolist():
            came = morning + timedelta(minutes=int(rng.integers(0, 180)))
            yield _scan(f"{day}:{card}:in", came, cards[card])
            if card % 3:
                yield _scan(f"{day}:{card}:out", came + timedelta(minutes=int(rng.integers(15, 50))), cards[card])


def _visitors() -> Iterator[ScanIn]:
    """Who is in the office now, and whom they came to see."""
    for number, (name, host) in enumerate((("Lò Thị Mai", "Trần Văn Hùng"), ("Danh Út", "Nguyễn Thị Hoa"))):
        guest = Guest(name=name, birth_year=1970 + number, tail=f"990{number}")
        yield ScanIn(id=f"now:{number}", at=timezone.now(), guest=guest, way="typed", host=host)


def _ride(bus: Venue, cards: Sequence[str]) -> Iterator[ScanIn]:
    """Yesterday's bus: six passengers by seat or row, half of them to the first stop."""
    began = timezone.localtime().replace(hour=7, minute=0, second=0, microsecond=0) - timedelta(days=1)
    _tell(bus, began, "open", plate="20B-012.34", route=ROUTE, seat_layout="2+2*10,5")
    _tell(bus, began + timedelta(minutes=95), "close")
    for number, seat in enumerate(("1A", "1B", "2C", "4D", "7", "9")):
        stop = trips.stops_of(ROUTE)[number % 2]
        came = began + timedelta(minutes=number)
        yield _scan(f"ride:{number}", came, cards[number]).model_copy(update={"seat": seat, "to": stop})


def _tell(bus: Venue, at: datetime, event: str, **more: str) -> None:
    given = TripIn.model_validate({"id": f"demo-{event}", "at": at, "event": event, **more})
    trips.take_event(given, venue=bus, at=at)


def _scan(own: str, at: datetime, code: str) -> ScanIn:
    return ScanIn(id=own, at=at, code=code, way="scanner")


def _take(venue: Venue, records: Iterator[ScanIn]) -> int:
    sender = Sender(f"demo:{venue.pk}", venue.place, vehicle=venue.place.kind == "vehicle", late=True)
    return sum(one.status == "accepted" for one in take(list(records), sender=sender).verdicts)
