"""Other languages, the log of communes with photographs, frames for other sites, every form in its time."""

import json
import time
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image
from tests.functional.test_command_directives import officer
from tests.functional.test_command_messages import drafted

from vungxanh.command.actions import messages as actions
from vungxanh.command.models import Message, MessageText, MessageUse, Photo
from vungxanh.command.pages.send import push_title
from vungxanh.core.errors import UserError
from vungxanh.notify.actions import subscribe, unsubscribe
from vungxanh.notify.models import Batch, Delivery
from vungxanh.people.actions import bulk_register
from vungxanh.people.models import Officer, Organisation, Person
from vungxanh.people.schemas import PersonIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> Officer:
    return officer("author", "communicator", "/19/")


@pytest.fixture
def director() -> Officer:
    return officer("director", "cdc-director", "/19/")


@pytest.fixture
def message(author: Officer, director: Officer) -> Message:
    row = drafted(author)
    actions.approve(message=row, by=director)
    return row


@pytest.fixture
def station() -> Organisation:
    fields = {"kind": "commune-committee", "sector": "government"}
    Organisation.objects.create(code="c1", name="UBND xã Bình An", scope_path="/19/01/", **fields)
    return Organisation.objects.create(code="c0", name="UBND xã An Minh", scope_path="/19/00/", **fields)


def photograph() -> SimpleUploadedFile:
    picture, target = Image.new("RGB", (40, 30), (10, 90, 160)), BytesIO()
    exif = picture.getexif()
    exif[0x010F] = "Camera of somebody"
    picture.save(target, "JPEG", exif=exif)
    return SimpleUploadedFile("IMG_0001.jpg", target.getvalue(), "image/jpeg")


def in_tay(message: Message, by: Officer) -> MessageText:
    text = MessageText(
        message=message, language="tyz", title="Khai báo", do="Dú rườn", translator="Nông Thị A, Đài xã"
    )
    actions.write_text(text=text, by=by)
    return text


def test_another_language_is_shown_once_a_second_person_has_read_it(
    client: Client, message: Message, author: Officer, director: Officer
) -> None:
    text = in_tay(message, author)
    address = reverse("command:public", args=[message.pk])
    assert "Dú rườn" not in client.get(f"{address}?lang=tyz").content.decode()
    with pytest.raises(UserError) as caught:
        actions.check_text(text=text, checker="Nông Văn B", by=author)
    assert caught.value.code == "command.message-own"
    actions.check_text(text=text, checker="Nông Văn B, Trường tiểu học", by=director)
    shown = client.get(f"{address}?lang=tyz").content.decode()
    assert "Dú rườn" in shown
    assert "Nông Thị A, Đài xã" in shown
    assert 'lang="tyz"' in shown
    text.do = "Khác"
    actions.write_text(text=text, by=author)  # changed words are read again
    assert "Khác" not in client.get(f"{address}?lang=tyz").content.decode()


def test_the_database_refuses_a_text_without_a_writer_or_read_by_its_writer(
    message: Message, author: Officer
) -> None:
    text = in_tay(message, author)
    for wrong in ({"translator": ""}, {"checked_by": author.pk, "checked_at": "2026-08-01T00:00Z"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MessageText.objects.filter(pk=text.pk).update(**wrong)


def test_a_commune_logs_a_broadcast_with_a_photograph_without_its_data(
    client: Client, message: Message, station: Organisation
) -> None:
    local = officer("local", "chairman", "/19/00/")
    client.force_login(local)
    address = reverse("command:broadcast", args=[message.pk])
    page = client.get(address).content.decode()
    assert "Ủy ban nhân dân xã An Minh xin thông báo đến bà con" in page
    given = {"channel": "loudspeaker", "where": "Cụm loa thôn 1", "photos": photograph()}
    assert client.post(address, given).status_code == 302
    use = MessageUse.objects.get()
    assert (use.commune, use.scope_path) == ("UBND xã An Minh", "/19/00/")
    kept = Photo.objects.get(subject=f"use:{use.pk}")
    seen = client.get(reverse("command:photo", args=[kept.pk]))
    assert seen["Content-Type"] == "image/jpeg"
    assert b"Camera of somebody" not in seen.content
    assert Image.open(BytesIO(seen.content)).size == (40, 30)
    client.force_login(officer("elsewhere", "chairman", "/19/01/"))
    assert client.get(reverse("command:photo", args=[kept.pk])).status_code == 404


def test_a_file_that_is_no_photograph_keeps_nothing(
    client: Client, message: Message, station: Organisation
) -> None:
    client.force_login(officer("local", "chairman", "/19/00/"))
    script = SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>", "image/jpeg")
    given = {"channel": "poster", "where": "Cổng chợ", "photos": script}
    page = client.post(reverse("command:broadcast", args=[message.pk]), given)
    assert "Hãy gửi ảnh JPEG hoặc PNG" in page.content.decode()
    assert not MessageUse.objects.exists()


def test_the_author_sees_commune_by_commune_who_has_said_it(
    client: Client, message: Message, station: Organisation, author: Officer
) -> None:
    client.force_login(officer("local", "chairman", "/19/00/"))
    client.post(
        reverse("command:broadcast", args=[message.pk]),
        {"channel": "poster", "where": "Chợ", "at": "2026-08-02T07:30"},
    )
    client.force_login(author)
    rows = client.get(reverse("command:message_log", args=[message.pk])).context["listing"].page
    assert [(row.name, row.times) for row in rows] == [("UBND xã Bình An", 0), ("UBND xã An Minh", 1)]


def test_a_withdrawn_message_is_on_the_communes_list_until_it_is_corrected(
    client: Client, message: Message, station: Organisation, director: Officer
) -> None:
    client.force_login(officer("local", "chairman", "/19/00/"))
    client.post(reverse("command:broadcast", args=[message.pk]), {"channel": "poster", "where": "Cổng chợ"})
    actions.withdraw(message=message, why="Sai ngày", by=director)
    page = client.get(reverse("command:broadcasts"))
    assert [use.where for use in page.context["to_correct"]] == ["Cổng chợ"]
    assert page.context["rows"] == []
    client.post(reverse("command:corrected", args=[MessageUse.objects.get().pk]))
    assert client.get(reverse("command:broadcasts")).context["to_correct"] == []


def test_the_frame_may_stand_on_any_site_and_no_other_page_may(
    client: Client, message: Message, station: Organisation
) -> None:
    frame = client.get(reverse("command:embed", args=[message.pk]), {"office": station.pk})
    assert "frame-ancestors *" in frame["Content-Security-Policy"]
    assert "X-Frame-Options" not in frame
    assert "UBND xã An Minh đề nghị bạn quét mã vì" in frame.content.decode()
    public = client.get(reverse("command:public", args=[message.pk]))
    assert "frame-ancestors 'none'" in public["Content-Security-Policy"]
    assert client.get(reverse("command:embed", args=[message.pk]), {"office": "1'--"}).status_code == 200


def test_every_form_of_a_message_is_made_within_twenty_seconds(
    client: Client, message: Message, author: Officer
) -> None:
    client.force_login(author)
    begun = time.monotonic()
    forms = [("a3", "pdf"), ("a3", "png"), ("a3", "svg"), ("square", "png")]
    made = [client.get(reverse("command:picture", args=[message.pk, *form])) for form in forms]
    made += [
        client.get(reverse(f"command:{name}", args=[message.pk]))
        for name in ("clip", "message", "embed", "public")
    ]
    made.append(client.get(reverse("command:feed")))
    took = time.monotonic() - begun
    assert [answer.status_code for answer in made] == [200] * len(made)
    assert took < 20, f"{took:.1f} s"


def test_cost_is_shown_before_anything_leaves(client: Client, message: Message, director: Officer) -> None:
    people = [PersonIn(name=f"Danh {n}", phones=[f"094471370{n}"], scope_path="/19/00/") for n in range(3)]
    bulk_register(people, by=None, purpose="test")
    bulk_register([PersonIn(name="Danh Xa", phones=["0944713709"], scope_path="/20/")], by=None, purpose="test")
    client.force_login(director)
    address = reverse("command:send", args=[message.pk])
    given = {"channel": "sms", "whom": "people", "text": "Moi ban quet ma khi den cho."}
    page = client.post(address, given)
    assert (page.context["estimate"].messages, page.context["estimate"].parts) == (3, 1)
    assert not Batch.objects.exists()
    client.post(address, {**given, "order": ""})
    client.post(address, {**given, "order": ""})  # pressed twice
    assert Delivery.objects.count() == 3


def browser(person: int, name: str) -> int:
    address = json.dumps({"endpoint": f"https://push.example/{name}", "keys": {}})
    return subscribe(subscription=address, device=name, person=person)


def test_a_call_costs_what_its_provider_charges_and_a_push_nothing(
    client: Client, message: Message, director: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [PersonIn(name=f"Danh {n}", phones=[f"094471370{n}"], scope_path="/19/00/") for n in range(3)]
    bulk_register([*people, PersonIn(name="Danh Xa", scope_path="/20/")], by=None, purpose="test")
    first, second, _third, far = Person.objects.order_by("pk").values_list("pk", flat=True)
    browser(first, "a")
    browser(far, "b")  # of another province
    browser(second, "c")
    unsubscribe(device="c")
    for name, value in {"URL": "http://127.0.0.1:9", "KEY": "k", "SECRET": "s", "CALLER": "0208000111"}.items():
        monkeypatch.setenv(f"VUNGXANH_VOICE_{name}", value)
    monkeypatch.setenv("VUNGXANH_PRICE_VOICE", "1000")
    client.force_login(director)
    address = reverse("command:send", args=[message.pk])
    given = {"whom": "people", "text": "Moi ban quet ma khi den cho."}
    call = client.post(address, {**given, "channel": "voice"})
    assert (call.context["estimate"].messages, call.context["estimate"].cost) == (3, 3000)
    assert "3.000 đồng" in call.content.decode()
    assert "phần." not in call.content.decode().partition("đồng")[2].partition("</div>")[0]
    push = client.post(address, {**given, "channel": "push"})
    assert (push.context["estimate"].messages, push.context["estimate"].cost) == (1, 0)
    client.post(address, {**given, "channel": "push", "order": ""})
    assert list(Delivery.objects.values_list("person", "batch__channel")) == [(first, "push")]
    refused = client.post(address, {**given, "channel": "push", "text": "Ban la F1", "order": ""})
    assert refused.context["form"].errors["text"]


def test_a_locked_screen_shows_no_disease(message: Message) -> None:
    assert push_title(message) == message.title
    message.title = "Phòng COVID-19 tại chợ"
    assert push_title(message) == "Thông điệp của cơ quan y tế"


@pytest.mark.parametrize("text", ["Xem http://a.example", "Ban la F1", "Ban mac covid-19"])
def test_what_a_citizen_may_not_be_told_is_not_sent(
    client: Client, message: Message, director: Officer, text: str
) -> None:
    client.force_login(director)
    given = {"channel": "sms", "whom": "people", "text": text, "order": ""}
    page = client.post(reverse("command:send", args=[message.pk]), given)
    assert page.context["form"].errors["text"]
    assert not Batch.objects.exists()
