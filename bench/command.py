"""Dispatches and messages at the size of a nation: the acknowledgement page of 50,000 units, 1,000,000 SMS queued.

    python -m bench.command [UNITS] [MESSAGES]

Runs on an embedded server of its own, with fsync on; one process.
"""

# ruff: noqa: E402  (the settings and the database come before the models)
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from vungxanh.command.actions import directives
from vungxanh.command.models import Receipt
from vungxanh.command.reading import read
from vungxanh.command.schemas import from_reading
from vungxanh.notify.actions import queue
from vungxanh.notify.interface import Channel
from vungxanh.notify.schemas import BatchIn
from vungxanh.people.models import Assignment, Officer, Organisation

RUNS = 9
TEXT = """BAN CHỈ ĐẠO
Số: 77/CV-BCĐ
Hà Nội, ngày 06 tháng 8 năm 2026
V/v kiểm tra chợ
Kính gửi: UBND các xã, phường
1. UBND các xã, phường kiểm tra từng cổng chợ trước ngày 10/8/2026.
2. UBND các xã, phường báo cáo hằng tuần.
"""


@contextmanager
def own_database() -> Iterator[None]:
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)
        connection.close()
        database.stop()


def median(run: Callable[[], object]) -> tuple[float, float]:
    """(median, worst) milliseconds of RUNS."""
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        run()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times), max(times)


def acknowledgement(count: int) -> None:
    """One directive in the hands of `count` units, half of which have answered."""
    Organisation.objects.bulk_create(
        (
            Organisation(
                code=f"u{n}", name=f"Đơn vị {n}", kind="unit", sector="government", scope_path=f"/19/{n}/"
            )
            for n in range(count)
        ),
        batch_size=5000,
    )
    chairman = Officer.objects.create_user("chairman", name="Chủ tịch")
    Assignment.objects.create(officer=chairman, role="chairman", scope_path="/")
    made = directives.draft(
        given=from_reading(read(TEXT), TEXT),
        scope_path="/",
        scope_org=None,
        scope_sector="government",
        by=chairman,
    )
    units = list(Organisation.objects.values_list("pk", flat=True))
    begun = time.perf_counter()
    directives.confirm(directive=made, sent_to={duty.pk: units for duty in made.duties.all()}, by=chairman)
    print(f"put in force and sent to {count:,} units: {time.perf_counter() - begun:.1f} s")
    some = Receipt.objects.filter(pk__in=Receipt.objects.order_by("pk").values("pk")[: count // 2])
    some.update(acknowledged_at=timezone.now(), acknowledged_by=chairman.pk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(chairman)
    mine = Receipt.objects.filter(acknowledged_at=None).first()
    assert mine is not None
    for name, address in (
        ("issuer's page of the directive", reverse("command:directive", args=[made.pk])),
        ("... all units, by name", reverse("command:directive", args=[made.pk]) + "?show=all&sort=unit"),
        ("unit's acknowledgement page", reverse("command:receipt", args=[mine.pk])),
        ("who has not answered, all directives", reverse("command:issuer")),
    ):
        assert client.get(address).status_code == 200
        middle, worst = median(lambda address=address: client.get(address))  # type: ignore[misc]
        print(f"{name}: {middle:.0f} ms (worst of {RUNS}: {worst:.0f} ms; asked: 300 ms)")


def messages(count: int) -> None:
    asked = BatchIn(Channel.SMS, "Tram y te moi ban goi 0208 000 000.", "bench:1", persons=range(1, count + 1))
    begun = time.perf_counter()
    queue(asked, by=None)
    print(f"{count:,} SMS queued: {time.perf_counter() - begun:.1f} s (asked: 60 s)")
    begun = time.perf_counter()
    queue(asked, by=None)
    print(f"... asked again, none doubled: {time.perf_counter() - begun:.1f} s")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM notify_delivery")
        assert cursor.fetchone()[0] == count


if __name__ == "__main__":
    settings.ALLOWED_HOSTS, settings.OFFICER_MFA = ["testserver"], False
    with own_database():
        acknowledgement(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
        messages(int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
