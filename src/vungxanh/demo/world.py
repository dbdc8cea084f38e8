"""People, households and places of the district: NumPy columns, one row a person or a place."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vungxanh.demo.kinds import Kind
from vungxanh.demo.parameters import Parameters
from vungxanh.demo.sites import SiteBook, Sites

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

ADULT, SCHOOL_FROM, SCHOOL_TO, RETIRED = 18, 6, 17, 62


@dataclass(frozen=True, slots=True)
class People:
    """Row = person. -1 means "none"."""

    household: Ints
    commune: Ints
    age: Ints
    female: Flags
    site: Ints  #: where they work or learn: a leaf of `Sites`
    shift: Ints  #: 0 day, 1 early, 2 late, 3 night
    bus: Ints  #: the vehicle they commute on
    phone: Flags
    app: Flags  #: Bluetooth application installed
    discipline: Floats  #: chance that they scan where they should


@dataclass(frozen=True, slots=True)
class World:
    people: People
    sites: Sites
    members: Ints  #: persons in order of household
    member_offset: Ints  #: household h has members[member_offset[h]:member_offset[h+1]]

    @property
    def size(self) -> int:
        return len(self.people.age)


def build(persons: int, communes: int, chosen: Parameters, rng: np.random.Generator) -> World:
    """A district of `persons` people spread over `communes` communes (numbered from 0)."""
    household = households(persons, chosen, rng)
    age = ages(household, rng)
    commune = rng.integers(0, communes, household.max() + 1, dtype=np.int32)[household]
    book = SiteBook(communes)
    site, shift = occupations(age, commune, book, chosen, rng)
    bus = commuters(site, commune, book, chosen, rng)
    book.add_leisure(persons, rng)
    phone = (age >= 12) & (rng.random(persons) < chosen.population["smartphone"])
    people = People(
        household=household,
        commune=commune,
        age=age,
        female=rng.random(persons) < 0.5,
        site=site,
        shift=shift,
        bus=bus,
        phone=phone,
        app=phone & (rng.random(persons) < chosen.population["bluetooth_app"]),
        discipline=scanning(persons, chosen, rng),
    )
    offset = np.searchsorted(household, np.arange(household.max() + 2)).astype(np.int32)
    return World(people, book.done(), np.arange(persons, dtype=np.int32), offset)


def scanning(persons: int, chosen: Parameters, rng: np.random.Generator) -> Floats:
    """How often each person scans where they should."""
    often, seldom = chosen.record["discipline"]
    return rng.beta(often, seldom, persons).astype(np.float32)


def households(persons: int, chosen: Parameters, rng: np.random.Generator) -> Ints:
    """Household of each person, ascending."""
    share = np.asarray(chosen.population["household_size"])
    sizes = rng.choice(len(share), size=persons, p=share / share.sum()) + 1
    return np.repeat(np.arange(persons, dtype=np.int32), sizes)[:persons]


def ages(household: Ints, rng: np.random.Generator) -> Ints:
    """First and second member are adults; then children; a fifth and sixth are grandparents as often as not."""
    first = np.searchsorted(household, household, side="left")
    rank = np.arange(len(household)) - first
    parent = np.clip(rng.normal(41, 12, len(household)), 20, 85)
    child = np.clip(parent[np.minimum(first, len(household) - 1)] - rng.normal(27, 4, len(household)), 0, 40)
    elder = rng.integers(60, 90, len(household))
    old = (rank >= 4) & (rng.random(len(household)) < 0.5)
    partner = parent[first] + rng.normal(0, 3, len(household))
    age = np.select([rank == 0, rank == 1, old], [parent, np.clip(partner, 20, 88), elder], child)
    return age.astype(np.int32)


def occupations(
    age: Ints, commune: Ints, book: SiteBook, chosen: Parameters, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Where each person works or learns, and their shift."""
    site = np.full(len(age), -1, np.int32)
    shift = np.zeros(len(age), np.int32)
    learn(site, age, commune, book, chosen.population["class_size"], rng)
    share = chosen.population
    worker = np.flatnonzero((age >= ADULT) & (age < RETIRED))
    draw = rng.random(len(worker))
    edges = np.cumsum([share["industrial"], share["office"], share["vendor"], share["shop"]])
    in_factory, in_office, at_stall, in_shop = (
        worker[(draw >= low) & (draw < high)] for low, high in zip([0.0, *edges[:-1]], edges, strict=True)
    )
    shift[in_factory] = rng.choice(4, len(in_factory), p=[0.25, 0.3, 0.3, 0.15])
    work_lines(site, shift, in_factory, book, share)
    work_rooms(site, in_office, commune, book, Kind.ROOM, share["room_size"])
    work_rooms(site, in_shop, commune, book, Kind.SHOP, share["shop_size"])
    sell(site, at_stall, commune, book, share["stalls_per_market"], rng)
    return site, shift


def learn(site: Ints, age: Ints, commune: Ints, book: SiteBook, class_size: int, rng: np.random.Generator) -> None:
    """A class per commune and year of age, cut to size; its teachers come from the adults of the commune."""
    for here in range(book.communes):
        school = book.add(Kind.SCHOOL, here)
        teachers = list(np.flatnonzero((commune == here) & (age >= 25) & (age < 58))[:400])
        for year in range(SCHOOL_FROM, SCHOOL_TO + 1):
            pupils = rng.permutation(np.flatnonzero((commune == here) & (age == year)))
            for start in range(0, len(pupils), class_size):
                room = book.add(Kind.CLASSROOM, here, school)
                site[pupils[start : start + class_size]] = room
                if teachers:
                    site[teachers.pop()] = room


def work_lines(site: Ints, shift: Ints, workers: Ints, book: SiteBook, share: dict[str, int]) -> None:
    """Lines of one shift each, `line_per_factory` lines a factory."""
    factory = -1
    lines = 0
    for each in range(4):
        crew = workers[(shift[workers] == each) & (site[workers] < 0)]
        for start in range(0, len(crew), share["line_size"]):
            if lines % share["line_per_factory"] == 0:
                factory = book.add(Kind.FACTORY, lines % book.communes)
            site[crew[start : start + share["line_size"]]] = book.add(Kind.LINE, book.commune_of(factory), factory)
            lines += 1


def work_rooms(site: Ints, workers: Ints, commune: Ints, book: SiteBook, kind: Kind, size: int) -> None:
    """Offices of up to eight rooms, or shops, in the workers' own commune."""
    for here in range(book.communes):
        crew = workers[(commune[workers] == here) & (site[workers] < 0)]
        parent = -1
        for number, start in enumerate(range(0, len(crew), size)):
            if kind is Kind.ROOM and number % 8 == 0:
                parent = book.add(Kind.OFFICE, here)
            site[crew[start : start + size]] = book.add(kind, here, parent)


def sell(site: Ints, vendors: Ints, commune: Ints, book: SiteBook, stalls: int, rng: np.random.Generator) -> None:
    """Vendors share the stalls of their commune's market."""
    for here in range(book.communes):
        market = book.add(Kind.MARKET, here)
        rows = np.array([book.add(Kind.STALL, here, market) for _ in range(stalls)], np.int32)
        crew = vendors[(commune[vendors] == here) & (site[vendors] < 0)]
        site[crew] = rng.choice(rows, len(crew))


def commuters(site: Ints, commune: Ints, book: SiteBook, chosen: Parameters, rng: np.random.Generator) -> Ints:
    """The vehicle of those who ride, -1 for the others; one route a commune, a few vehicles on it."""
    bus = np.full(len(site), -1, np.int32)
    rides = np.flatnonzero((site >= 0) & (rng.random(len(site)) < chosen.population["bus"]))
    seats = chosen.population["bus_seats"] * chosen.population["bus_departures"]
    for here in range(book.communes):
        riders = rides[commune[rides] == here]
        fleet = [book.add(Kind.BUS, here) for _ in range(len(riders) // seats + 1)]
        bus[riders] = rng.choice(np.array(fleet, np.int32), len(riders))
    return bus
