"""Gates: records a second through the seam, singly and in lists, and 100,000 offline records of 50 gates merged.

    python bench/venues_ingest.py [RECORDS]

Runs on an embedded server of its own, with fsync on; one process. CPU is this process's, the
database's own comes on top.
"""

# ruff: noqa: E402  (the settings and the database come before the models)
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

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

from django.db import connection
from django.utils import timezone

from vungxanh.codes.signed import Kind, short
from vungxanh.people.actions import bulk_register
from vungxanh.people.schemas import PersonIn
from vungxanh.places.actions import create_places
from vungxanh.places.models import Place
from vungxanh.places.schemas import NewPlace
from vungxanh.venues.identify import key
from vungxanh.venues.ingest import Sender, take
from vungxanh.venues.links import tag_keys
from vungxanh.venues.models import Badge, ScanRecord, Visit
from vungxanh.venues.refold import settle
from vungxanh.venues.schemas import ScanIn

PEOPLE, GATES, RUNS = 5_000, 50, 3


@contextmanager
def own_database() -> Iterator[None]:
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


def rate(codes: list[str], places: list[Place], size: int, lists: int, rng: random.Random) -> None:
    walls, cpus = [], []
    for run in range(RUNS):
        batches = [records(codes, size, f"{size}-{run}-{n}", rng) for n in range(lists)]
        wall, cpu = time.perf_counter(), time.process_time()
        for number, batch in enumerate(batches):
            place = places[number % GATES]
            take(batch, sender=Sender(f"gate:{place.pk}", place, 1))
        walls.append((time.perf_counter() - wall) / (size * lists))
        cpus.append((time.process_time() - cpu) / (size * lists))
    wall, cpu = statistics.median(walls), statistics.median(cpus)
    print(f"lists of {size}: {1 / wall:,.0f} records/s, {cpu * 1e6:,.0f} µs CPU a record (median of {RUNS})")


def merge(codes: list[str], places: list[Place], count: int, rng: random.Random) -> None:
    """Each gate's list is delivered twice, as after a broken connection."""
    each = count // GATES
    lists = [records(codes, each, "offline", rng) for _ in places]
    before, begin = ScanRecord.objects.count(), time.perf_counter()
    for place, batch in zip(places, lists, strict=True):
        for first in range(0, each, 500):
            take(batch[first : first + 500], sender=Sender(f"offline:{place.pk}", place, 1))
    delivered = time.perf_counter() - begin
    settle()
    total = time.perf_counter() - begin
    again = set()
    for place, batch in zip(places, lists, strict=True):
        again |= {v.status for v in take(batch, sender=Sender(f"offline:{place.pk}", place, 1)).verdicts}
    kept, visits = ScanRecord.objects.count() - before, Visit.objects.count()
    print(f"{count:,} offline records of {GATES} gates: taken in {delivered:.1f} s, folded after {total:.1f} s")
    print(f"stays: {visits:,}")
    print(f"lost {count - kept}, doubled {max(0, kept - count)}; sent again: {sorted(again)}")


def main() -> None:
    rng = random.Random(20260522)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with own_database():
        codes, places = world()
        for size, lists in ((1, 100), (100, 30), (1000, 5)):
            rate(codes, places, size, lists, rng)
        settle()
        merge(codes, places, count, rng)


if __name__ == "__main__":
    main()
