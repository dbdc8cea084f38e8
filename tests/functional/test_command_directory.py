"""The directory is the only source of a number; who is on duty; dead numbers; is this message real."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.functional.test_command_directives import officer
from tests.functional.test_command_messages import drafted

from vungxanh.command import directory
from vungxanh.command.actions import directory as actions
from vungxanh.command.actions import messages
from vungxanh.command.models import ContactPoint, Message
from vungxanh.command.real import judge
from vungxanh.core.errors import UserError
from vungxanh.notify.actions import queue
from vungxanh.notify.interface import Channel
from vungxanh.notify.models import Batch
from vungxanh.notify.schemas import BatchIn
from vungxanh.people.models import Officer, Organisation

pytestmark = pytest.mark.django_db
SOURCE = Path(__file__).resolve().parents[2] / "src" / "vungxanh"
#: where a number may stand in our files: an example that says so, an invented one of a drill, a law's number
EXAMPLE = re.compile(r"ví dụ|example|e\.g\.|VD|0{3}|9447|\bid_|sample|placeholder", re.IGNORECASE)


@pytest.fixture
def director() -> Officer:
    return officer("director", "cdc-director", "/19/")


@pytest.fixture
def cdc() -> Organisation:
    return Organisation.objects.create(code="p", name="CDC tỉnh", kind="cdc", sector="health", scope_path="/19/")


@pytest.fixture
def point(cdc: Organisation, director: Officer) -> ContactPoint:
    given = {"topic": "hotline", "number": "0208 3850 115", "hours": "24/24", "since": date(2026, 1, 1)}
    return actions.add(organisation=cdc, **given, by=director)  # type: ignore[arg-type]


def test_a_new_number_ends_the_old_one(point: ContactPoint, cdc: Organisation, director: Officer) -> None:
    actions.add(
        organisation=cdc, topic="hotline", number="0208 999 000", hours="", since=date(2026, 6, 1), by=director
    )
    point.refresh_from_db()
    assert point.until == date(2026, 5, 31)
    before, after = (
        directory.number_for("hotline", "/19/00/", day) for day in (date(2026, 5, 1), date(2026, 7, 1))
    )
    assert before
    assert after
    assert (before.number, after.number) == ("0208 3850 115", "0208 999 000")


@pytest.mark.parametrize("number", ["", "=1+1", "<b>115</b>", "gọi tôi", "0208;DROP", "1"])
def test_what_nobody_can_dial_is_refused(number: str) -> None:
    with pytest.raises(UserError) as caught:
        actions.checked(number)
    assert caught.value.code == "command.number-odd"


def test_a_dead_number_is_not_given_out_until_it_is_tried(point: ContactPoint, director: Officer) -> None:
    today = timezone.localdate()
    actions.dead(point=point, by=director)
    assert directory.number_for("hotline", "/19/", today) is None
    actions.alive(point=point, by=director)
    assert directory.number_for("hotline", "/19/", today) is not None


def test_whoever_is_on_duty_now_answers(point: ContactPoint, director: Officer) -> None:
    now = timezone.now()
    shift = {
        "point": point,
        "officer": director,
        "begin": now - timedelta(hours=1),
        "end": now + timedelta(hours=7),
    }
    actions.put_on_duty(**shift, number="0912 345 678", by=director)  # type: ignore[arg-type]
    found = directory.number_for("hotline", "/19/", timezone.localdate())
    assert found
    assert found.number == "0912 345 678"
    with pytest.raises(UserError) as caught:
        actions.put_on_duty(**shift, number="", by=director)  # type: ignore[arg-type]
    assert caught.value.code == "command.shift-overlaps"


def test_no_message_says_a_number_from_elsewhere(point: ContactPoint) -> None:
    author = officer("author", "communicator", "/19/")
    fields = {"title": "A", "starts": date(2026, 8, 1), "scope_path": "/19/", "scope_sector": "government"}
    message = Message(say="Tổng đài 1900 1234", do="Gọi 0912 345 678 hoặc 02083850115", **fields)
    with pytest.raises(UserError) as caught:
        messages.keep(message=message, by=author)
    assert caught.value.code == "command.number-elsewhere"
    assert caught.value.params["numbers"] == "1900 1234, 0912 345 678"
    messages.keep(message=Message(say="Ngày 03/5/2026, 1.250 hộ", do="Gọi +84 208 3850 115", **fields), by=author)


def test_no_sms_names_a_number_from_elsewhere(point: ContactPoint) -> None:
    with pytest.raises(UserError) as caught:
        queue(BatchIn(Channel.SMS, "Moi ban goi 0912 345 678", "t:1", persons=[1]), by=None)
    assert caught.value.code == "notify.number-elsewhere"
    queue(BatchIn(Channel.SMS, "Moi ban goi 0208 3850 115", "t:2", persons=[1]), by=None)
    assert Batch.objects.count() == 1


def test_no_template_text_or_paper_of_ours_holds_a_number() -> None:
    """Whatever is printed or shown takes its numbers from the directory: none stands in a file."""
    found = []
    for file in sorted(SOURCE.rglob("*")):
        if (
            file.suffix in {".html", ".po", ".typ", ".toml"}
            and file.name != "icons.toml"
            and "demo" not in file.parts
        ):
            for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
                said = {re.sub(r"\D", "", number) for number in directory.DIALLED.findall(line)}
                elsewhere = said - directory.emergency()
                if elsewhere and not EXAMPLE.search(line) and not re.search("http|<svg", line):
                    found.append(f"{file.relative_to(SOURCE)}:{number}: {line.strip()[:90]}")
    assert found == []


def test_the_pages_of_the_directory(client: Client, point: ContactPoint, director: Officer) -> None:
    assert "0208 3850 115" in client.get(reverse("command:numbers")).content.decode()
    client.force_login(director)
    assert "0208 3850 115" in client.get(reverse("command:directory")).content.decode()
    client.post(reverse("command:point", args=[point.pk]), {"dead": ""})
    assert "0208 3850 115" not in client.get(reverse("command:numbers")).content.decode()
    client.force_login(officer("elsewhere", "cdc-director", "/20/"))
    assert client.get(reverse("command:point", args=[point.pk])).status_code == 404


def test_anybody_can_check_what_they_received(client: Client, point: ContactPoint, director: Officer) -> None:
    row = drafted(officer("author", "communicator", "/19/"))
    received = "KHAI BAO khi den cho mau!! - Khai báo y tế. Ở nhà nếu sốt"
    assert judge(received).found == ""  # a draft is nobody's message
    messages.approve(message=row, by=director)
    assert judge(received).message == row
    sms = "Tram y te moi ban goi 0208 3850 115. Ma: {code}"
    queue(BatchIn(Channel.SMS, sms, "t:1", persons=[1], values={1: {"code": "48 21"}}), by=None)
    assert judge("tram y te moi ban goi 0208 3850 115.  Ma: 48 21").found == "sent"
    fake = judge("Tram y te moi ban goi 0912 345 678. Ma: 48 21 http://vungxanh.example.ru/a")
    assert (fake.found, fake.link, fake.numbers) == ("", "http://vungxanh.example.ru/a", ("0912 345 678",))
    messages.withdraw(message=row, why="Sai ngày", by=director)
    assert judge(received).found == "withdrawn"
    page = client.post(reverse("command:real"), {"text": received}).content.decode()
    assert "đã được thu hồi" in page
