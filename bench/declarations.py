"""Declarations: 28 a second with ten-fold bursts, and the work list of a commune with many returnees.

    python -m bench.declarations [PERSONS] [RETURNEES] [SECONDS]

An embedded server of its own with fsync on; one process with as many threads as two workers have, through
`declare`. The burst is ten seconds' worth of declarations asked for within one second: what waits is written
together, and the wait counts.
"""

# ruff: noqa: E402  (the settings and the database come before the models)
import os
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

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
from django.utils import timezone

from vungxanh.declarations.declare_actions import declare
from vungxanh.declarations.schemas import NewDeclaration
from vungxanh.forms import catalogue
from vungxanh.people.actions import bulk_register
from vungxanh.people.models import Assignment, Officer, Person
from vungxanh.people.schemas import PersonIn
from vungxanh.work import queries
from vungxanh.work.actions import put_many
from vungxanh.work.schemas import ItemIn

RATE, BURST, HERE = 28, 10, "/19/05443/"
THREADS = 16
INDEXES = """
SELECT i.indexname, i.indexdef FROM pg_indexes i JOIN pg_class c ON c.relname = i.indexname
JOIN pg_index x ON x.indexrelid = c.oid WHERE i.tablename = 'people_person' AND NOT x.indisunique
"""
SIGNS = ("fever", "cough", "breathing", "pneumonia", "throat", "fatigue")
MET = ("met_patient", "met_traveller", "met_ill")


def new(number: int) -> NewDeclaration:
    form = catalogue.version("vn.declaration.population", "2022.1")
    answers = {
        "full_name": "Nông Thị Lan",
        "birth_year": 1950 + number % 60,
        "sex": "2",
        "nationality": "VNM",
        "commune": {"written": "", "code": "05443", "scheme": "vn-2025"},
        "address": "Tổ 5",
        "phone": f"09{10_000_000 + number:08d}",
        "travelled": False,
        **dict.fromkeys((*SIGNS, *MET), False),
        "consent": True,
    }
    if number % 20 == 0:
        answers |= {"cough": True, "onset": timezone.localdate().isoformat()}
    return NewDeclaration(form, answers, "self", "web", f"bench:{number}", timezone.now())


def hour(seconds: int) -> None:
    """An open loop: each declaration has its moment; waiting for the one before counts as its time."""
    plan = [n / RATE for n in range(seconds * RATE)]
    middle = seconds / 2
    plan += [middle + n / (RATE * BURST) for n in range(RATE * BURST)]
    plan.sort()
    made = [new(number) for number in range(len(plan))]  # what a browser sends, made beforehand
    begin, cpu, took = time.perf_counter(), time.process_time(), []

    def one(number: int) -> None:
        declare(new=made[number], by=None)
        took.append(time.perf_counter() - begin - plan[number])

    with ThreadPoolExecutor(THREADS) as pool:
        for number, moment in enumerate(plan):
            wait = begin + moment - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            pool.submit(one, number)
    own = (time.process_time() - cpu) * 1000 / len(plan)
    took.sort()
    assert len(took) == len(plan), "some were not taken"
    print(f"{own:.1f} ms of one core each, without the database's")
    cuts = {share: took[int(len(took) * share) - 1] * 1000 for share in (0.5, 0.95, 0.99)}
    said = ", ".join(f"p{share * 100:.0f} {value:.0f} ms" for share, value in cuts.items())
    print(f"{len(plan)} declarations at {RATE}/s with one burst of {RATE * BURST} in a second: {said}")


def fill(persons: int) -> None:
    """Other people: one who was registered, many times over, in many communes; indexes are laid afterwards."""
    begin = time.perf_counter()
    (first,) = bulk_register([PersonIn(name="Ma Văn Tiến", scope_path="/01/00004/")], by=None, purpose="bench")
    with connection.cursor() as cursor:
        cursor.execute(INDEXES)
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'DROP INDEX "{name}"')
        fields = Person._meta.concrete_fields  # noqa: SLF001  public API
        names = ", ".join(f'"{one.column}"' for one in fields if one.column not in ("id", "scope_path"))
        path = "'/01/' || lpad((n %% 3321)::text, 5, '0') || '/'"
        for start in range(1, persons, 500_000):
            cursor.execute(
                f"INSERT INTO people_person (scope_path, {names}) SELECT {path}, {names}"
                " FROM people_person, generate_series(%s, %s) n WHERE id = %s",
                [start, min(start + 499_999, persons - 1), first],
            )
        for _, made in found:
            cursor.execute(made)
    print(f"{Person.objects.count():,} persons in {time.perf_counter() - begin:.0f} s")


def list_of(returnees: int) -> None:
    numbers = bulk_register([PersonIn(name="Danh Út", scope_path=HERE)] * returnees, by=None, purpose="bench")
    due = timezone.now()
    put_many([ItemIn("returnee.visit", due, f"b:{p}", person=p, scope_path=HERE) for p in numbers], by=None)
    officer = Officer.objects.create_user("tram", name="Trạm")
    Assignment.objects.create(officer=officer, role="commune-health", scope_path=HERE)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    took = []
    used = []
    for _ in range(5):
        begin, cpu = time.perf_counter(), time.process_time()
        queries.today(officer)
        queries.counts(officer)
        took.append(time.perf_counter() - begin)
        used.append(time.process_time() - cpu)
    middle, own = statistics.median(took) * 1000, statistics.median(used) * 1000
    client = Client()
    client.force_login(officer)
    client.get("/work/")
    begin = time.perf_counter()
    assert client.get("/work/").status_code == 200
    whole = (time.perf_counter() - begin) * 1000
    print(
        f"work list of {returnees:,} returnees: {middle:.0f} ms (median of 5), of it {own:.0f} ms Python;"
        f" the whole page {whole:.0f} ms"
    )


def main() -> None:
    sizes = [int(one) for one in sys.argv[1:]] + [100_000, 10_000, 20][len(sys.argv) - 1 :]
    persons, returnees, seconds = sizes
    settings.ALLOWED_HOSTS, settings.OFFICER_MFA = ["testserver"], False  # the second factor is a person's time
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        fill(persons)
        if seconds:
            hour(seconds)
        list_of(returnees)
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)
        connection.close()
        database.stop()


if __name__ == "__main__":
    main()
