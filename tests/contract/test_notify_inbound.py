"""What people send: signed by the provider, kept once, given to the room that asked, else waiting for somebody."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from vungxanh.core.errors import UserError
from vungxanh.notify import inbound
from vungxanh.notify.interface import Channel
from vungxanh.notify.models import Batch, Delivery, Inbound
from vungxanh.people.actions import bulk_register
from vungxanh.people.schemas import PersonIn

pytestmark = pytest.mark.django_db
SECRET = "a key of this test"
PHONE = "0944713700"


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[inbound.Incoming]:
    """The word SK alone, whose handler thanks for 1 and leaves everything else to a person."""
    monkeypatch.setattr(inbound, "_words", {})
    found: list[inbound.Incoming] = []

    def handle(given: inbound.Incoming) -> str | None:
        found.append(given)
        return "Cam on ban da tra loi." if given.rest.split()[-1:] == ["1"] else None

    inbound.register("SK", handle)
    return found


@pytest.fixture
def post(client: Client, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    monkeypatch.setenv("VUNGXANH_INBOUND_SECRET", SECRET)

    def send(content: str, number: str = "m1", *, phone: str = PHONE, late: int = 0, key: str = SECRET) -> int:
        body = json.dumps(
            {"RequestId": number, "Phone": phone, "Content": content, "Time": time.time() - late}
        ).encode()
        signature = hmac.new(key.encode(), body, "sha256").hexdigest()
        answer = client.post(
            "/api/notify/inbound/sms", body, "application/json", headers={"X-Signature": signature}
        )
        return answer.status_code

    return send


def anew(word: str, handle: inbound.Handler) -> None:
    """The room's handler after it was mended."""
    inbound._words.clear()
    inbound.register(word, handle)


def person(phone: str = PHONE, path: str = "/19/05710/") -> int:
    return bulk_register([PersonIn(name="Danh Út", phones=[phone], scope_path=path)], by=None, purpose="test")[0]


def test_a_known_word_reaches_its_room_and_is_answered_once(
    post: Callable[..., int], heard: list[inbound.Incoming]
) -> None:
    who = person()
    assert post("sk 4821 1") == 200
    assert post("sk 4821 1") == 200  # the provider asks again
    (given,) = heard
    assert (given.persons, given.rest, given.sender) == ((who,), "4821 1", "+84944713700")
    row = Inbound.objects.get()
    assert (row.state, row.keyword, row.scope_path) == ("handled", "SK", "/19/05710/")
    assert Batch.objects.get().text.open() == "Cam on ban da tra loi."
    assert Delivery.objects.get().address.open() == "+84944713700"  # type: ignore[union-attr]


def test_what_no_room_takes_waits(post: Callable[..., int], heard: list[inbound.Incoming]) -> None:
    post("Xin hỏi tiêm ở đâu", "m1")
    post("SK 4821 sốt cao", "m2")
    assert list(Inbound.objects.order_by("pk").values_list("state", "keyword")) == [
        ("waiting", ""),
        ("waiting", "SK"),
    ]
    assert not Batch.objects.exists()


def test_an_answer_without_the_word_goes_where_it_was_expected(
    post: Callable[..., int], heard: list[inbound.Incoming]
) -> None:
    assert inbound.expect([person()], "SK", "order:17") == 1
    post("1")
    assert [(given.reference, given.rest) for given in heard] == [("order:17", "1")]
    post("1", "m2", phone="0912345678")  # nobody expected anything of that number
    assert len(heard) == 1


def test_a_handler_that_fails_loses_nothing(post: Callable[..., int], heard: list[inbound.Incoming]) -> None:
    def broken(given: inbound.Incoming) -> str | None:
        raise RuntimeError("mended later")

    anew("SK", broken)
    assert post("SK 1") == 200
    row = Inbound.objects.get()
    assert (row.state, row.failure) == ("waiting", "RuntimeError")
    anew("SK", lambda given: "")
    assert inbound.hand_on_again(row)


def test_an_answer_that_a_citizen_may_not_be_told_is_not_sent(
    post: Callable[..., int], heard: list[inbound.Incoming]
) -> None:
    anew("SK", lambda given: "Ban la F1")
    post("SK 1")
    assert Inbound.objects.get().failure == "UserError"
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    "trouble", [{"key": "another key"}, {"late": 3600}, {"phone": ""}], ids=["forged", "old", "no-sender"]
)
def test_what_is_not_signed_or_not_whole_is_refused(post: Callable[..., int], trouble: dict[str, Any]) -> None:
    assert post("SK 1", **trouble) == 422
    assert not Inbound.objects.exists()


def test_without_a_key_the_door_is_shut(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VUNGXANH_INBOUND_SECRET", raising=False)
    answer = client.post("/api/notify/inbound/sms", b"{}", "application/json")
    assert (answer.status_code, answer.json()["error"]) == (422, "notify.webhook-off")


def test_a_zalo_text_is_kept_and_other_events_are_not(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VUNGXANH_ZALO_SECRET", "oa")
    stamp = str(int(time.time() * 1000))

    def send(event: str) -> bool:
        said = {"app_id": "7", "event_name": event, "timestamp": stamp, "sender": {"id": "9001"}}
        body = json.dumps({**said, "message": {"msg_id": "z1", "text": "Cho hỏi giờ làm việc"}}).encode()
        mac = hashlib.sha256(b"7" + body + stamp.encode() + b"oa").hexdigest()
        answer = client.post(
            "/api/notify/inbound/zalo", body, "application/json", headers={"X-ZEvent-Signature": f"mac={mac}"}
        )
        return bool(answer.json()["kept"])

    assert not send("follow")
    assert send("user_send_text")
    row = Inbound.objects.get()
    assert (row.channel, row.text.open(), row.persons) == ("zalo", "Cho hỏi giờ làm việc", [])
    batch = inbound.reply(row, "Moi ban goi tram y te.", by=None)
    delivery = Delivery.objects.get(batch=batch)
    assert delivery.address is not None
    assert (delivery.batch.channel, delivery.address.open()) == ("zalo", "zalo-user:9001")
    with pytest.raises(UserError) as caught:  # the rules of a screen that others see bind this answer too
        inbound.reply(row, "Ban la F1", by=None)
    assert caught.value.code == "notify.class"


@pytest.mark.parametrize("forged", ["body", "mac", "secret", "old", "unsigned"])
def test_a_zalo_text_that_zalo_did_not_sign_is_refused(
    client: Client, monkeypatch: pytest.MonkeyPatch, forged: str
) -> None:
    monkeypatch.setenv("VUNGXANH_ZALO_SECRET", "oa")
    stamp = str(int((time.time() - (3600 if forged == "old" else 0)) * 1000))
    said = {"app_id": "7", "event_name": "user_send_text", "timestamp": stamp, "sender": {"id": "9001"}}
    body = json.dumps({**said, "message": {"msg_id": "z1", "text": "Xin chao"}}).encode()
    secret = b"other" if forged == "secret" else b"oa"
    mac = hashlib.sha256(b"7" + body + stamp.encode() + secret).hexdigest()
    mac = {"mac": mac[:-1] + ("0" if mac[-1] != "0" else "1"), "unsigned": ""}.get(forged, mac)
    sent = body.replace(b"Xin chao", b"Chuyen tien") if forged == "body" else body
    answer = client.post(
        "/api/notify/inbound/zalo", sent, "application/json", headers={"X-ZEvent-Signature": f"mac={mac}"}
    )
    assert (answer.status_code, answer.json()["error"]) == (422, "notify.webhook-signature")
    assert not Inbound.objects.exists()


def test_a_missed_call_is_not_answered_in_writing() -> None:
    row = inbound.receive(channel=Channel.VOICE, provider_id="c1", sender=PHONE, text="")
    with pytest.raises(UserError) as caught:
        inbound.reply(row, "Xin chao", by=None)
    assert caught.value.code == "notify.no-answer-here"


def test_two_rooms_cannot_have_the_same_word(heard: list[inbound.Incoming]) -> None:
    with pytest.raises(ValueError, match="taken"):
        inbound.register("sk", lambda given: None)
    (word,) = inbound.words()
    inbound.register("SK", word.handle)  # the same room when an app is made ready twice
    assert len(inbound.words()) == 1


def test_the_rooms_of_the_house_have_a_word_each() -> None:
    from vungxanh.declarations import sms
    from vungxanh.outbreak.answers_actions import WORD

    assert {word.keyword for word in inbound.words()} == {sms.WORD, WORD}
    assert sms.WORD != WORD


def test_a_word_that_cannot_be_typed_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="KHAI BÁO"):
        inbound.register("KHAI BÁO", lambda given: None)


def test_a_very_long_text_is_cut_and_says_so() -> None:
    row = inbound.receive(channel=Channel.SMS, provider_id="m", sender=PHONE, text="a" * 5000)
    assert (len(row.text.open()), row.cut) == (inbound.LONGEST, True)
