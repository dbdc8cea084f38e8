"""Lists of carriers and hotels: asked for, read again, compared, matched also to whoever declares later."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.functional.test_border_flow import declare, officer

from vungxanh.border import queries
from vungxanh.border.actions import lists
from vungxanh.border.models import Aboard, ListRequest, PassengerList
from vungxanh.notify.models import Batch
from vungxanh.people.models import Officer, Person
from vungxanh.work.actions import escalate
from vungxanh.work.models import WorkItem

pytestmark = pytest.mark.django_db

HEAD = "Name,Passport,DOB,Seat\n"
AN, BINH, CUONG = (
    "NGUYEN VAN AN,B1234567,15/02/1990,12A",
    "TRAN BINH,C7654321,1/1/1985,14C",
    "LE CUONG,P0000001,1/1/1970,1A",
)


@pytest.fixture
def border() -> Officer:
    return officer("Kiểm dịch")


def take(by: Officer, *lines: str, **more: str) -> PassengerList:
    content = (HEAD + "\n".join(lines) + "\n").encode()
    flight = more.pop("flight", "VN36")
    return lists.take(content=content, file_name="vn36.csv", gate="HAN", flight=flight,
                      entry_on=timezone.localdate(), by=by, **more)  # fmt: skip


def seats() -> dict[str, str]:
    rows = Aboard.objects.filter(voyage__key="VN36")
    names = {person.pk: person.name.open() for person in Person.objects.all()}
    return {names[one.person]: one.seat for one in rows}


def test_a_list_read_again_says_what_changed_and_makes_nobody_twice(border: Officer) -> None:
    take(border, AN, BINH, CUONG)
    people = Person.objects.count()
    newer = take(border, AN, "TRAN BINH,C7654321,1/1/1985,20C", "DO DUNG,Q0000001,1/1/1999,3B")
    changes = {line.seat: line.change for line in queries.lines(newer, border)}
    assert changes == {"12A": "", "20C": "moved", "3B": "new"}
    assert [Person.objects.get(pk=one).name.open() for one in newer.gone] == ["LE CUONG"]
    assert Person.objects.count() == people + 1
    assert seats() == {"NGUYEN VAN AN": "12A", "TRAN BINH": "20C", "DO DUNG": "3B"}


def test_whoever_declares_later_is_the_person_of_the_line(border: Officer) -> None:
    row = take(border, AN, CUONG)
    declared = declare()
    found = {line.seat: line for line in queries.lines(row, border)}
    assert (found["12A"].state, found["12A"].person, found["12A"].declaration_id) == (
        "declared", declared.person, declared.pk,
    )  # fmt: skip
    assert found["1A"].state == "missing"
    assert seats() == {"Nguyễn Văn An": "12A", "LE CUONG": "1A"}


def test_a_declared_seat_is_not_overwritten_by_a_list(border: Officer) -> None:
    declare(seat="13A")
    row = take(border, AN)
    assert [(line.state, line.differences) for line in queries.lines(row, border)] == [("differs", ["seat"])]
    assert seats() == {"Nguyễn Văn An": "13A"}


def test_a_hotel_s_guests_are_matched_by_their_documents(border: Officer) -> None:
    declared = declare(lodging="hotel", hotel="Khách sạn Sông Cầu")
    row = take(border, AN, CUONG, kind="hotel", sender_name="Khách sạn Sông Cầu", flight="")
    states = {line.seat: (line.state, line.declaration_id) for line in queries.lines(row, border)}
    assert states == {"12A": ("declared", declared.pk), "1A": ("missing", None)}
    assert Aboard.objects.count() == 1


def test_a_list_that_was_asked_for_is_waited_for_and_then_done(client: Client, border: Officer) -> None:
    client.force_login(border)
    asked = {"kind": "carrier", "asked_of": "Vietnam Airlines", "flight": "VN036", "gate": "HAN",
             "entry_on": timezone.localdate().isoformat(), "email": "list@example.vn"}  # fmt: skip
    assert client.post(reverse("border:ask-list"), asked).status_code == 302
    request, item = ListRequest.objects.get(), WorkItem.objects.get(kind="border-request")
    assert (request.flight, item.due, item.scope_path) == ("VN36", request.due, "/01/gHAN/")
    text = Batch.objects.get(channel="email").text.open()
    assert "hành khách và tổ bay chuyến VN36" in text
    assert "passengers and crew of VN36" in text
    escalate(now=request.due + timedelta(minutes=1))
    item.refresh_from_db()
    assert item.escalation == 1
    row = take(border, AN)
    request.refresh_from_db()
    item.refresh_from_db()
    assert (request.answer_id, item.state) == (row.pk, "cancelled")
    page = client.get(reverse("border:lists")).content.decode()
    assert "Vietnam Airlines" in page


def test_the_page_of_a_newer_list(client: Client, border: Officer) -> None:
    take(border, AN, CUONG)
    newer = take(border, AN)
    client.force_login(border)
    page = client.get(reverse("border:list", args=[newer.pk])).content.decode()
    assert "Có ở danh sách trước" in page
    assert "L. CUONG" in page
