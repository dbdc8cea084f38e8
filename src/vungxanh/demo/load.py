"""Fills database and lake with the district, through the same actions that people's own data go through."""

import json
import math
import os
import secrets
import shutil
import tomllib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from vungxanh.border import journeys
from vungxanh.core import audit
from vungxanh.core.errors import OperatorError, UserError
from vungxanh.core.home import home, lake_dir
from vungxanh.core.minutes import from_minute, local_date
from vungxanh.core.secret_files import kept
from vungxanh.demo import files
from vungxanh.demo.again import WORD
from vungxanh.demo.cases import cases, first_case
from vungxanh.demo.commanded import command_rows
from vungxanh.demo.communes import Home, homes
from vungxanh.demo.declared import declarations
from vungxanh.demo.entries import GATE, entries, flight_of_the_case
from vungxanh.demo.evidence import Numbers, evidence, trip_keys
from vungxanh.demo.generate import District
from vungxanh.demo.kinds import Kind
from vungxanh.demo.names import identities
from vungxanh.demo.parameters import Parameters
from vungxanh.demo.safety import safety_rows
from vungxanh.demo.visited import visits
from vungxanh.lake.store import open_lake
from vungxanh.lake.writer import LakeWriter
from vungxanh.outbreak.evidence import RegisteredHouseholds
from vungxanh.people.actions import bulk_register
from vungxanh.people.models import Assignment, Household, HouseholdMember, Officer, Person
from vungxanh.people.schemas import DocumentIn, PersonIn
from vungxanh.places.actions import create_places
from vungxanh.places.models import Place, Trip
from vungxanh.places.schemas import NewPlace

Tell = Callable[[str], None]

PURPOSE = "DIỄN TẬP"
BATCH = 5_000
PLACE_KIND = {
    Kind.FACTORY: "factory",
    Kind.LINE: "workshop",
    Kind.OFFICE: "office",
    Kind.ROOM: "room",
    Kind.SHOP: "shop",
    Kind.SCHOOL: "school",
    Kind.CLASSROOM: "classroom",
    Kind.MARKET: "market",
    Kind.STALL: "stall",
    Kind.CAFE: "restaurant",
    Kind.HALL: "event",
    Kind.BUS: "vehicle",
}


def note() -> Path:
    """Where the demonstration keeps what it is: summary and log-ins, readable by the owner only."""
    return home() / "demo.json"


def filled() -> dict[str, Any] | None:
    """The summary of the demonstration in this house; None where there is none, or a half one."""
    if not note().exists():
        return None
    found: dict[str, Any] = json.loads(note().read_text("utf-8"))
    return found if found.get("state") == "filled" else None


def _keep(what: dict[str, Any]) -> None:
    partial = note().with_suffix(".part")
    fd = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as out:
        json.dump(what, out, ensure_ascii=False, indent=1)
    partial.replace(note())


def fill(district: District, chosen: Parameters, summary: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Everything or nothing of the database; then the lake, which may be filled again with the same rows.

    Raises OperatorError `demo.not-demo-mode`, `demo.house-not-empty`, UserError `demo.nobody-found`.
    """
    if not settings.DEMO:
        raise OperatorError("demo.not-demo-mode")
    if Person.objects.exists():
        raise OperatorError("demo.house-not-empty")
    if not len(district.found):
        raise UserError("demo.nobody-found", seed=district.plan.seed)
    if note().exists():  # a filling that was cut off: its rows are gone, its lake knows numbers that nobody has
        shutil.rmtree(lake_dir(), ignore_errors=True)
    _keep({"state": "filling"})
    where = homes(chosen)
    with transaction.atomic():
        persons = _people(district, chosen, where, tell)
        numbers = Numbers(persons, *_places(district, where, tell))
        first = first_case(district, numbers)
        log_ins = _officers(_home(first["row"], district, where), where[0].path)
        command_rows(where)
        first["case"] = cases(district, numbers, first["row"])
        tell("Tờ khai / declarations …")
        commune = int(district.world.people.commune[first["row"]])
        made = identities(district.world, local_date(district.plan.day0).year, district.plan.seed, chosen)
        summary = {
            **summary,
            "declarations": declarations(district, made, persons.tolist(), where[commune], commune),
        }
        tell("Lượt nhập cảnh / entries …")
        summary["entries"] = entries(made, where[commune], district.plan.seed)
        tell("Địa điểm và lượt đến, đi / places and visits …")
        summary["visited"] = visits(made, where[commune], district.plan.seed)
        flight_of_the_case(first["person"], persons.tolist()[:60], date.fromisoformat(first["onset"]))
        tell("Hồ bằng chứng / lake …")
        homes_known = RegisteredHouseholds().tail(0).households
        LakeWriter(lake_dir()).append(evidence(district, numbers).with_tables(households=homes_known))
        tell("Bản đồ an toàn / safety map …")
        living = np.bincount(district.world.people.commune, minlength=len(where)).tolist()
        safety_rows(where, living, first, open_lake(lake_dir()))
        files.write(district, home() / "demo")
    done = {"state": "filled", **summary, "first_case": first, "log_ins": log_ins}
    _keep(done)
    return done


def _home(row: int, district: District, where: Sequence[Home]) -> str:
    return where[int(district.world.people.commune[row])].path


def _people(district: District, chosen: Parameters, where: Sequence[Home], tell: Tell) -> "np.ndarray[Any, Any]":
    year = local_date(district.plan.day0).year
    made = identities(district.world, year, district.plan.seed, chosen)
    communes = district.world.people.commune.tolist()
    records = [
        PersonIn(
            name=who.name,
            sex=2 if who.female else 1,
            birth_year=who.birth_year,
            phones=(who.phone,) if who.phone else (),
            documents=(DocumentIn("cccd", who.document),),
            commune_code=where[at].unit.code,
            commune_scheme=where[at].unit.scheme,
            scope_path=where[at].path,
        )
        for who, at in zip(made, communes, strict=True)
    ]
    numbers: list[int] = []
    for batch in (records[start : start + BATCH] for start in range(0, len(records), BATCH)):
        numbers += bulk_register(batch, by=None, purpose=PURPOSE)
        tell(f"Người / people {len(numbers):,}/{len(records):,} …")
    _households(district, where, numbers)
    return np.array(numbers, np.int64)


def _households(district: District, where: Sequence[Home], numbers: Sequence[int]) -> None:
    """All at once: one audit event, not one a household."""
    world = district.world
    heads = world.members[world.member_offset[:-1]]
    homes_of = [where[at] for at in world.people.commune[heads].tolist()]
    rows = Household.objects.bulk_create(
        [
            Household(
                head_id=numbers[head],
                home_code=at.unit.code,
                home_scheme=at.unit.scheme,
                scope_path=at.path,
                scope_sector="health",
            )
            for head, at in zip(heads.tolist(), homes_of, strict=True)
        ],
        batch_size=BATCH,
    )
    belongs = world.people.household.tolist()
    HouseholdMember.objects.bulk_create(
        [HouseholdMember(household=rows[belongs[row]], person_id=number) for row, number in enumerate(numbers)],
        batch_size=BATCH,
    )
    audit.record(by=None, action="demo:household:made", subject="household:many", details={"count": len(rows)})


def _places(
    district: District, where: Sequence[Home], tell: Tell
) -> tuple["np.ndarray[Any, Any]", dict[tuple[int, int], int]]:
    sites = district.world.sites
    names = [place.unit.name for place in where]
    made: dict[int, Place] = {}

    def new(row: int) -> NewPlace:
        kind = Kind(sites.kind[row])
        code = where[int(sites.commune[row])].unit.code
        lat, lon = _spot(where[int(sites.commune[row])], row) if sites.parent[row] < 0 else (None, None)
        return NewPlace(kind=PLACE_KIND[kind], name=sites.name(row, names), commune_code=code, lat=lat, lon=lon)

    children: dict[int, list[int]] = {}
    for row, parent in enumerate(sites.parent.tolist()):
        children.setdefault(parent, []).append(row)
    for parent in sorted(children):  # -1, the tops, first
        rows = children[parent]
        places = create_places(by=None, new=[new(row) for row in rows], parent=made.get(parent))
        made.update(zip(rows, places, strict=True))
    tell(f"Địa điểm / places {len(made):,} …")
    trips = _trips(district, made, tell)
    return np.array([made[row].pk for row in range(len(made))], np.int32), trips


def _spot(at: Home, row: int) -> tuple[float, float]:
    """Somewhere within a kilometre of the commune's own point, spread evenly: nobody's real address."""
    far, turn = 0.009 * ((row * 0.618) % 1) ** 0.5, row * 2.39996
    return round(at.unit.lat + far * math.sin(turn), 5), round(at.unit.lon + far * math.cos(turn), 5)


def _trips(district: District, made: dict[int, Place], tell: Tell) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = {}
    by_vehicle: dict[int, list[int]] = {}
    for vehicle, departs in sorted(set(trip_keys(district.seats))):
        by_vehicle.setdefault(vehicle, []).append(departs)
    for vehicle, all_departures in by_vehicle.items():
        bus = made[vehicle]
        new = [
            NewPlace(kind="trip", name=f"{bus.name} {_local(departs):%d/%m %H:%M}", commune_code=bus.commune_code)
            for departs in all_departures
        ]
        places = create_places(by=None, new=new, parent=bus)
        Trip.objects.bulk_create(
            [
                Trip(
                    place=place,
                    vehicle=bus,
                    plate=f"20B-DT{bus.pk}"[:20],
                    route=bus.name,
                    departs=from_minute(departs),
                    arrives=from_minute(departs + 40),
                )
                for place, departs in zip(places, all_departures, strict=True)
            ]
        )
        found.update({(vehicle, departs): place.pk for place, departs in zip(places, all_departures, strict=True)})
    tell(f"Chuyến xe / trips {len(found):,} …")
    return found


def _local(minute: int) -> datetime:
    from django.utils.timezone import localtime

    return localtime(from_minute(minute))


def _officers(commune_path: str, any_path: str) -> dict[str, str]:
    """Log-ins -> pass word; one word for all."""
    raw = tomllib.loads((resources.files("vungxanh.demo") / "officers.toml").read_text("utf-8"))
    word = _word()
    hashed = make_password(word)  # once: a hash is slow on purpose
    province = "/".join(any_path.split("/")[:2]) + "/"
    for row in raw["officer"]:
        officer = Officer.objects.create(username=row["username"], password=hashed, name=row["name"])
        path = {"commune": commune_path, "gate": journeys.gate(GATE).scope_path}.get(row["where"], province)
        Assignment.objects.create(officer=officer, role=row["role"], scope_path=path)
    audit.record(
        by=None, action="demo:officer:made", subject="officer:many", details={"count": len(raw["officer"])}
    )
    return {row["username"]: word for row in raw["officer"]}


def _word() -> str:
    return kept(home() / WORD, lambda: b"dientap-" + secrets.token_hex(3).encode()).decode()
