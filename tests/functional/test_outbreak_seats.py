"""A passenger becomes a case: seat distance and crew by the rule, in one click, from declarations and lists."""

import time
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from tests.functional.test_border_flow import officer

from vungxanh.border import journeys
from vungxanh.border.actions import voyages as boarding
from vungxanh.border.models import Aboard, Voyage
from vungxanh.core.models import AuditEvent
from vungxanh.outbreak import voyages
from vungxanh.outbreak.actions import create_case
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.schemas import NewCase, Question
from vungxanh.people.actions import bulk_register
from vungxanh.people.models import Officer
from vungxanh.people.schemas import PersonIn
from vungxanh.tracing.model import Certainty

pytestmark = pytest.mark.django_db

DAY = date(2021, 11, 1)
RULE = Question(rule="vn.covid19.f1.4689", generations=1)  # same row, two in front, two behind
SEATS = ("10A", "8C", "12F", "7A", "13A", "")


def people(count: int) -> list[int]:
    return bulk_register([PersonIn(name="Nguyễn Văn Khách") for _ in range(count)], by=None, purpose="test")


def flight(seats: tuple[str, ...], crew: int = 1) -> tuple[Voyage, list[int]]:
    """A voyage of the day; the first seat is the case's."""
    ids = people(len(seats) + crew)
    row = boarding.voyage(key="VN36", mode="air", on=DAY, gate=journeys.gate("HAN"), by=None)
    seated = [boarding.Seated(one, seat, journeys.seat_row(seat)) for one, seat in zip(ids, seats, strict=False)]
    seated += [boarding.Seated(one, role=Aboard.Role.CREW) for one in ids[len(seats) :]]
    boarding.board(row, seated, "declared")
    return row, ids


@pytest.fixture
def cdc() -> Officer:
    return officer("CDC", "cdc-officer", "/19/")


def case_of(person: int, by: Officer, onset: date = DAY + timedelta(days=1)) -> Case:
    new = NewCase(person=person, onset=onset, onset_provenance="patient")
    case = create_case(by=by, new=new)
    Case.objects.filter(pk=case.pk).update(scope_path="/19/05443/", scope_sector="health")
    case.refresh_from_db()
    return case


def answer(case: Case) -> voyages.SeatList:
    (own,) = voyages.voyages_of(case)
    return voyages.seat_list(case, own, RULE)


def test_rows_of_the_rule_are_contacts_and_an_unknown_seat_is_asked(cdc: Officer) -> None:
    _, ids = flight(SEATS)
    found = answer(case_of(ids[0], cdc))
    told = {one.seat or one.role: (one.rows_away, one.certainty) for one in found.mates}
    assert told == {
        # times of the flight were not told, so two rows away is probable and not confirmed
        "8C": (2, Certainty.PROBABLE),
        "12F": (2, Certainty.PROBABLE),
        "7A": (3, None),
        "13A": (3, None),
        "passenger": (None, Certainty.NEEDS_INTERVIEW),
        "crew": (None, Certainty.NEEDS_INTERVIEW),
    }
    assert [one.role for one in found.crew] == ["crew"]
    assert (found.contacts, found.during) == (4, True)


def test_with_the_times_of_the_flight_two_rows_away_is_confirmed(cdc: Officer) -> None:
    row, ids = flight(SEATS)
    start = datetime(2021, 11, 1, 1, 0, tzinfo=UTC)
    boarding.timed(row=row, departs=start, arrives=start + timedelta(hours=11), by=officer("Kiểm dịch"))
    found = answer(case_of(ids[0], cdc))
    assert {one.seat for one in found.mates if one.certainty == Certainty.CONFIRMED} == {"8C", "12F"}


def test_a_flight_before_the_infectious_time_has_no_contacts(cdc: Officer) -> None:
    _, ids = flight(SEATS)
    found = answer(case_of(ids[0], cdc, onset=DAY + timedelta(days=9)))
    assert (found.contacts, found.during) == (0, False)


def test_one_click_from_the_case_and_a_workbook(client: Client, cdc: Officer) -> None:
    _, ids = flight(SEATS)
    case = case_of(ids[0], cdc)
    client.force_login(cdc)
    page = client.get(reverse("outbreak:case", args=[case.pk])).content.decode()
    link = reverse("outbreak:seats", args=[case.pk])
    assert link in page
    shown = client.get(link).content.decode()
    assert "VN36" in shown
    assert "Tổ bay, thuyền viên, lái xe" in shown
    assert "Nguyễn Văn Khách" not in shown  # masked
    book = openpyxl.load_workbook(BytesIO(client.get(reverse("outbreak:seats-xlsx", args=[case.pk])).content))
    assert book.active is not None
    assert book.active.max_row == 2 + 6
    read = AuditEvent.objects.filter(subject=f"case:{case.pk}", action__startswith="outbreak:seats:")
    assert [event.action for event in read.order_by("seq")] == ["outbreak:seats:read", "outbreak:seats:exported"]


def test_a_case_elsewhere_opens_nothing(client: Client, cdc: Officer) -> None:
    _, ids = flight(SEATS)
    case = case_of(ids[0], cdc)
    client.force_login(officer("Nơi khác", "cdc-officer", "/79/"))
    assert client.get(reverse("outbreak:seats", args=[case.pk])).status_code == 404


def test_three_hundred_seats_take_no_time(cdc: Officer) -> None:
    letters = "ABCDEFGHJK"
    seats = tuple(f"{1 + n // 10}{letters[n % 10]}" for n in range(300))
    _, ids = flight(seats, crew=12)
    case = case_of(ids[155], cdc)
    answer(case)  # the first look compiles what later looks use
    taken = []
    for _ in range(5):
        begun = time.perf_counter()
        found = answer(case)
        taken.append(time.perf_counter() - begun)
    # row 16: rows 14 to 18 hold 50 seats, one of them the case's own; twelve of the crew have no row
    assert sum(one.certainty == Certainty.PROBABLE for one in found.mates) == 49
    assert sum(one.certainty == Certainty.NEEDS_INTERVIEW for one in found.mates) == 12
    assert sorted(taken)[2] < 0.5  # ten times the figure of bench/border.py: this machine is shared
