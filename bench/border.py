"""The border: look-up at the desk, a wide-body at three desks, a seat list, certificates.

    python -m bench.border [ENTRIES [PART ...]]    parts: certificates seats wide-body look-up

Runs on an embedded server of its own, with fsync on. ENTRIES (default 1,000,000; the figure asked for is
5,000,000) are rows of other travellers, made in SQL; the people who are looked up went through the real actions.
"""

# ruff: noqa: E402  (the settings and the database come before the models)
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

HOME = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
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
from tests.functional.test_border_flow import FORM, answers
from tests.functional.test_outbreak_seats import answer, case_of, flight
from tests.unit.test_codes_certificates import NOW, P256, certificate, certified

from vungxanh.border import queries
from vungxanh.border.actions import entries
from vungxanh.border.certificates import judge
from vungxanh.border.models import Declaration, Review
from vungxanh.border.schemas import Given
from vungxanh.codes import trust
from vungxanh.people.models import Assignment, Officer

LETTERS = "ABCDEFGHJK"
PEOPLE, DESKS, RUNS = 300, 3, 50

FILL = """
INSERT INTO border_declaration (token, person, document_hash, form, "order", answers, notes, channel, declared_at,
    gate, entry_on, mode, flight, seat, vehicle, crew, nationality, party, tie, met_at, scope_path, scope_sector)
SELECT lpad(n::text, 24, '0'), n, sha256(n::text::bytea), 'vn.entry@2026.1', '', '{}', '[]', 'web',
    now() - (n %% 700) * interval '1 day', g.code, current_date - (n %% 700), 'air', 'XX' || n %% 4000,
    1 + n %% 50 || 'A', '', false, 'VNM', '', 'alone', '', '/' || g.unit || '/g' || g.code || '/', 'border'
FROM generate_series(%s, %s) n
JOIN (VALUES (0, 'HAN', '01'), (1, 'SGN', '79'), (2, 'DAD', '48'), (3, 'HN', '20')) g(i, code, unit)
    ON g.i = n %% 4
"""

INDEXES = """
SELECT i.indexname, i.indexdef FROM pg_indexes i JOIN pg_class c ON c.relname = i.indexname
JOIN pg_index x ON x.indexrelid = c.oid WHERE i.tablename = 'border_declaration' AND NOT x.indisunique
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


def officer(name: str, role: str = "border-officer", path: str = "/01/") -> Officer:
    made = Officer.objects.create_user(name, name=name)
    Assignment.objects.create(officer=made, role=role, scope_path=path)
    return made


def median(work: Callable[[int], object], runs: int = RUNS) -> tuple[float, float]:
    """Median and worst in ms, after one run that does not count."""
    work(0)
    taken = []
    for n in range(runs):
        begun = time.perf_counter()
        work(n)
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken), max(taken)


def fill(count: int) -> None:
    begun = time.perf_counter()
    with connection.cursor() as cursor:  # indexes are laid after the rows: a tenth of the time
        cursor.execute(INDEXES)
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'DROP INDEX "{name}"')
        for first in range(1, count + 1, 500_000):
            cursor.execute(FILL, [first, min(first + 499_999, count)])
        for _, made in found:
            cursor.execute(made)
        cursor.execute("ANALYZE border_declaration")
    print(f"{count:,} entries made in {time.perf_counter() - begun:.0f} s")


def declared(count: int) -> list[str]:
    """Numbers of people who declared for one flight of today."""
    numbers = [f"B{n:07d}" for n in range(count)]
    for n, number in enumerate(numbers):
        seat = f"{1 + n // 10}{LETTERS[n % 10]}"
        entries.declare(given=Given(FORM, answers(document=number, seat=seat, full_name="Nguyễn Văn An")))
    return numbers


def look_up(numbers: list[str], by: Officer) -> None:
    now = timezone.now()
    for name, text in (
        ("document number", lambda n: numbers[n]),
        ("flight and seat", lambda n: f"VN36 {1 + n // 10}A"),
    ):
        middle, worst = median(lambda n, text=text: queries.scanned(text(n), by, now))  # type: ignore[misc]
        print(f"look-up by {name}: {middle:.1f} ms (worst of {RUNS}: {worst:.1f})")
    client = Client()
    client.force_login(by)

    def screen(n: int) -> None:
        found = client.post(reverse("border:scan"), {"code": numbers[n]})
        assert client.get(found["Location"]).status_code == 200

    middle, worst = median(screen)
    print(f"scan to the whole screen, two requests: {middle:.0f} ms (worst of {RUNS}: {worst:.0f})")


def wide_body() -> None:
    """Three desks, a hundred people each: declared, scanned, looked at, let go."""
    failed: list[Exception] = []

    def desk(place: int) -> None:
        client = Client()
        client.force_login(officer(f"desk {place}"))
        try:
            for n in range(place, PEOPLE, DESKS):
                number = f"C{n:07d}"
                seat = f"{1 + n // 10}{LETTERS[n % 10]}"
                entries.declare(given=Given(FORM, answers(document=number, seat=seat, flight="VJ36")))
                found = client.post(reverse("border:scan"), {"code": number})["Location"]
                assert client.get(found).status_code == 200
                assert client.post(found, {"outcome": "release", "temperature": "36.6"}).status_code == 302
        except Exception as exc:  # noqa: BLE001  a thread's failure is told by the main one
            failed.append(exc)
        finally:
            connection.close()

    threads = [threading.Thread(target=desk, args=(place,)) for place in range(DESKS)]
    begun = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    took = time.perf_counter() - begun
    if failed:
        raise failed[0]
    done = Review.objects.filter(declaration__flight="VJ36").count()
    print(f"{done} people declared, scanned and let go at {DESKS} desks in {took:.0f} s (asked: 900 s)")


def seats() -> None:
    cdc = officer("cdc", "cdc-officer", "/19/")
    _, ids = flight(tuple(f"{1 + n // 10}{LETTERS[n % 10]}" for n in range(PEOPLE)), crew=12)
    case = case_of(ids[155], cdc)
    middle, worst = median(lambda n: answer(case), 20)
    print(f"seat list of a flight of {PEOPLE}: {middle:.0f} ms (worst of 20: {worst:.0f}; asked: 50)")


def certificates() -> None:
    signer = certificate(P256)
    trusted, text, at = trust.of([signer]), certified(P256, signer.kid), NOW
    assert judge(text, trusted, at).verdict == "valid"
    count = 3000
    judge(text, trusted, at)
    begun, cpu = time.perf_counter(), time.process_time()
    for _ in range(count):
        judge(text, trusted, at)
    wall, own = time.perf_counter() - begun, time.process_time() - cpu
    print(f"certificates read and verified: {count / wall:,.0f}/s by the clock, {count / own:,.0f}/s of one core")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.OFFICER_MFA = False  # the second factor is a person's time, not the machine's
    wanted = set(sys.argv[2:]) or {"certificates", "seats", "wide-body", "look-up"}
    parts = {"certificates": certificates, "seats": seats, "wide-body": wide_body}
    with own_database():
        for name in parts.keys() & wanted:
            parts[name]()
        if "look-up" not in wanted:
            return
        numbers = declared(60)
        fill(count)
        print(f"{Declaration.objects.count():,} entries in all")
        look_up(numbers, officer("gate"))


if __name__ == "__main__":
    main()
