"""Declarations: 28 a second with ten-fold bursts, and the work list of a commune with many returnees.

    python -m bench.declarations [PERSONS] [RETURNEES] [SECONDS]

An embedded server of its own with fsync on; one process, through `actions.declare`. The burst is ten seconds'
worth of declarations asked for within one second: they queue behind each other, and the wait counts.
"""

# ruff: noqa: E402  (the settings and the database come before the models)
import os
import statistics
import sys
import tempfile
import time

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

from vungxanh.declarations.actions import declare
from vungxanh.declarations.schemas import NewDeclaration
from vungxanh.forms import catalogue
from vungxanh.people.actions import bulk_register
from vungxanh.people.models import Assignment, Officer
from vungxanh.people.schemas import PersonIn
from vungxanh.work import queries
from vungxanh.work.actions import put_many
from vungxanh.work.schemas import ItemIn

RATE, BURST, HERE = 28, 10, "/19/05443/"
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
    begin, took = time.perf_counter(), []
    for number, moment in enumerate(plan):
        wait = begin + moment - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
        declare(new=new(number), by=None)
        took.append(time.perf_counter() - begin - moment)
    took.sort()
    cuts = {share: took[int(len(took) * share) - 1] * 1000 for share in (0.5, 0.95, 0.99)}
    said = ", ".join(f"p{share * 100:.0f} {value:.0f} ms" for share, value in cuts.items())
    print(f"{len(plan)} declarations at {RATE}/s with one burst of {RATE * BURST} in a second: {said}")


def list_of(returnees: int) -> None:
    numbers = bulk_register([PersonIn(name="Danh Út", scope_path=HERE)] * returnees, by=None, purpose="bench")
    due = timezone.now()
    put_many([ItemIn("returnee.visit", due, f"b:{p}", person=p, scope_path=HERE) for p in numbers], by=None)
    officer = Officer.objects.create_user("tram", name="Trạm")
    Assignment.objects.create(officer=officer, role="commune-health", scope_path=HERE)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    took = []
    for _ in range(5):
        begin = time.perf_counter()
        queries.today(officer)
        queries.counts(officer)
        took.append(time.perf_counter() - begin)
    print(f"work list of {returnees:,} returnees: {statistics.median(took) * 1000:.0f} ms (median of 5)")


def main() -> None:
    sizes = [int(one) for one in sys.argv[1:]] + [100_000, 10_000, 20][len(sys.argv) - 1 :]
    persons, returnees, seconds = sizes
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        begin = time.perf_counter()
        for first in range(0, persons, 20_000):
            count = min(20_000, persons - first)
            bulk_register(
                [PersonIn(name="Ma Văn Tiến", scope_path="/01/00004/")] * count, by=None, purpose="bench"
            )
        print(f"{persons:,} persons registered in {time.perf_counter() - begin:.0f} s")
        hour(seconds)
        list_of(returnees)
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)
        connection.close()
        database.stop()


if __name__ == "__main__":
    main()
