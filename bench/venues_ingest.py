"""Gates: records a second through the seam, singly and in lists, and 100,000 offline records of 50 gates merged.

    python -m bench.venues_ingest [RECORDS]

Runs on an embedded server of its own, with fsync on; one process. Records a second "a core" are what one core does
when it has to do the work of this process and of the database behind it: a busy machine changes it little, while
the wall shows how long this hour took.
"""

# ruff: noqa: E402  (the settings and the database come before the models)
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

HOME = tempfile.TemporaryDirectory()
os.environ |= {
    "VUNGXANH_HOME": HOME.name,
    "VUNGXANH_DB_ROLE": "owner",
    "DJANGO_SETTINGS_MODULE": "vungxanh.web.settings",
}

from vungxanh.core import database

database.start()

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone

from vungxanh.codes.signed import Kind, short
from vungxanh.people.actions import bulk_register
from vungxanh.people.schemas import PersonIn
from vungxanh.places.actions import create_places
from vungxanh.places.models import Place
from vungxanh.places.schemas import NewPlace
from vungxanh.venues.actions import open_gate
from vungxanh.venues.identify import key
from vungxanh.venues.ingest import Sender, take
from vungxanh.venues.links import tag_keys
from vungxanh.venues.models import Badge, ScanRecord, Venue, Visit
from vungxanh.venues.refold import settle
from vungxanh.venues.schemas import ScanIn
from vungxanh.venues.sealing import public_key, seal

PEOPLE, GATES, RUNS = 5_000, 50, 3


@contextmanager
def own_database() -> Iterator[None]:
    settings.ALLOWED_HOSTS = ["testserver"]
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        print(f"fsync: {cursor.fetchone()[0]}")
    try:
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)
        connection.close()
        database.stop()


def world() -> tuple[list[str], list[Place]]:
    """Codes of printed cards that are known, and the places of the gates."""
    people = bulk_register([PersonIn(name="Nguyễn Văn Bình") for _ in range(PEOPLE)], by=None, purpose="bench")
    Badge.objects.bulk_create([Badge(key=key("card", str(n)), person_id=p) for n, p in enumerate(people)])
    new = [
        NewPlace(kind="cafe", name=f"Quán {n}", commune_code="05443", commune_on=date(2026, 1, 1))
        for n in range(GATES)
    ]
    return [short(Kind.CARD, n, tag_keys()[-1]) for n in range(PEOPLE)], create_places(by=None, new=new)


def records(codes: list[str], count: int, tag: str, rng: random.Random) -> list[ScanIn]:
    now = timezone.now()
    return [
        ScanIn(
            id=f"{tag}-{n}",
            at=now - timedelta(minutes=rng.randrange(60, 4000)),
            code=rng.choice(codes),
            way="scanner",
        )
        for n in range(count)
    ]


@dataclass
class Meter:
    """Seconds a record: on the wall, of this process, of the database's process behind it; told as medians."""

    wall: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    base: list[float] = field(default_factory=list)

    @contextmanager
    def over(self, records: int) -> Iterator[None]:
        wall, own, base = time.perf_counter(), time.process_time(), backend_cpu()
        yield
        self.wall.append((time.perf_counter() - wall) / records)
        self.own.append((time.process_time() - own) / records)
        self.base.append((backend_cpu() - base) / records)

    def told(self, name: str) -> None:
        wall, own, base = (statistics.median(each) for each in (self.wall, self.own, self.base))
        print(
            f"{name}: {1 / wall:,.0f} records/s on the wall; CPU a record {own * 1e6:,.0f} µs here"
            f" + {base * 1e6:,.0f} µs in the database = {1 / (own + base):,.0f} records/s a core"
        )


def backend_cpu() -> float:
    """CPU seconds of the database's process of this connection, so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        words = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def rate(codes: list[str], places: list[Place], size: int, lists: int, rng: random.Random) -> None:
    meter = Meter()
    for run in range(RUNS):
        batches = [records(codes, size, f"{size}-{run}-{n}", rng) for n in range(lists)]
        with meter.over(size * lists):
            for number, batch in enumerate(batches):
                place = places[number % GATES]
                take(batch, sender=Sender(f"gate:{place.pk}", place, 1))
    meter.told(f"take, lists of {size}")


def bare(request: HttpRequest) -> JsonResponse:
    """The least that any view does with a list: read it, answer a line a record."""
    listed = json.loads(request.body)["records"]
    return JsonResponse({"answers": [{"id": one["id"], "status": "accepted"} for one in listed]})


urlpatterns = [path("bare", bare)]


def views(codes: list[str], tokens: list[str], size: int, lists: int, rng: random.Random) -> None:
    """The whole way from the request to the answer, beside a view that keeps nothing."""
    ours, plain, client = Meter(), Meter(), Client()
    for run in range(RUNS):
        bodies = [
            json.dumps({"records": [r.model_dump(mode="json") for r in records(codes, size, f"v{run}-{n}", rng)]})
            for n in range(lists)
        ]
        with ours.over(size * lists):
            for number, body in enumerate(bodies):
                answer = client.post(
                    "/api/venues/scans", body, content_type="application/json",
                    headers={"authorization": f"Bearer {tokens[number % GATES]}"},
                )  # fmt: skip
                assert answer.status_code == 200, answer.content[:300]
        with override_settings(ROOT_URLCONF="bench.venues_ingest"), plain.over(size * lists):
            for body in bodies:
                assert client.post("/bare", body, content_type="application/json").status_code == 200
    ours.told(f"the gates' interface, lists of {size}")
    plain.told(f"a bare Django view, lists of {size}")


def merge(codes: list[str], tokens: list[str], count: int, rng: random.Random) -> None:
    """Sealed, as gates keep them without network; each list comes twice, as after a broken connection."""
    each, key, client, before = count // GATES, public_key(), Client(), ScanRecord.objects.count()
    lists = [
        [
            {"id": r.id, "box": seal(r.model_dump_json().encode(), key)}
            for r in records(codes, each, "offline", rng)
        ]
        for _ in tokens
    ]

    def deliver() -> set[str]:
        said: set[str] = set()
        for token, sealed in zip(tokens, lists, strict=True):
            for first in range(0, each, 500):
                answer = client.post(
                    "/api/venues/scans", json.dumps({"sealed": sealed[first : first + 500]}),
                    content_type="application/json", headers={"authorization": f"Bearer {token}"},
                )  # fmt: skip
                said |= {one["status"] for one in answer.json()["answers"]}
        return said

    settle()
    stays, begin, cpu = Visit.objects.count(), time.perf_counter(), time.process_time()
    deliver()
    delivered = time.perf_counter() - begin
    settle()
    total, cpu = time.perf_counter() - begin, time.process_time() - cpu
    again, kept = deliver(), ScanRecord.objects.count() - before
    print(
        f"{count:,} sealed records of {GATES} gates through the interface, one process:"
        f" taken in {delivered:.1f} s, folded into {Visit.objects.count() - stays:,} stays after {total:.1f} s"
        f" ({cpu:.1f} s of CPU here)"
    )
    print(f"lost {max(0, count - kept)}, doubled {max(0, kept - count)}; sent again: {sorted(again)}")


def gates(places: list[Place]) -> list[str]:
    """Tokens of one gate a place."""
    kept = [Venue.objects.create(place=place) for place in places]
    return [open_gate(by=None, venue=one, place=one.place, name="Cổng")[1] for one in kept]


def main() -> None:
    rng = random.Random(20260522)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with own_database():
        codes, places = world()
        tokens = gates(places)
        for size, lists in ((1, 100), (100, 50), (1000, 10)):
            rate(codes, places, size, lists, rng)
        settle()
        for size, lists in ((1, 100), (100, 50)):
            views(codes, tokens, size, lists, rng)
        merge(codes, tokens, count, rng)


if __name__ == "__main__":
    main()
