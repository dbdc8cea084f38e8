"""Each adapter against a server that speaks its protocol: what arrives, and how each failure is told."""

import email
import email.policy
from pathlib import Path

import jwt
import pytest
from py_vapid import Vapid02

from tests.contract import fake_providers as fakes
from vungxanh.core.errors import OperatorError
from vungxanh.notify.adapters.mail import SmtpMail
from vungxanh.notify.adapters.null import NullAdapter
from vungxanh.notify.adapters.push import WebPush
from vungxanh.notify.adapters.sms_brand import BrandSms
from vungxanh.notify.adapters.voice import VoiceCall
from vungxanh.notify.adapters.zalo import ZaloOa
from vungxanh.notify.interface import Channel, Message, PermanentFailure, TemporaryFailure, UnknownOutcome
from vungxanh.notify.registry import REAL, adapter

TEXT = "Mời bạn gọi 0208 000 000, trạm y tế xã."
MESSAGE = Message("vx-7", "+84944713700", TEXT)
NOBODY = "http://127.0.0.1:9/send"


def test_sms_under_a_registered_name() -> None:
    with fakes.http(fakes.sms) as fake:
        receipt = BrandSms(fake.url, "key", "secret", "CDC TN").send(MESSAGE)
    assert receipt.provider_id == "s1"
    assert receipt.cost == 850  # 39 characters with marks: one part
    assert fake.sent == [
        {
            "ApiKey": "key",
            "SecretKey": "secret",
            "Brandname": "CDC TN",
            "SmsType": "2",
            "IsUnicode": "1",
            "Phone": "0944713700",
            "Content": TEXT,
            "RequestId": "vx-7",
        }
    ]


def test_sms_asked_again_with_the_same_key_is_sent_once() -> None:
    with fakes.http(fakes.sms) as fake:
        provider = BrandSms(fake.url, "key", "secret", "CDC TN")
        provider.send(MESSAGE)
        provider.send(MESSAGE)
    assert (len(fake.asked), len(fake.sent)) == (2, 1)


def test_sms_with_a_wrong_key_is_never() -> None:
    with fakes.http(fakes.sms) as fake, pytest.raises(PermanentFailure) as caught:
        BrandSms(fake.url, "key", "wrong", "CDC TN").send(MESSAGE)
    assert caught.value.code == "provider-101"
    assert fake.sent == []


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        ((500, {}), TemporaryFailure, "http-500"),
        ((429, {}), TemporaryFailure, "http-429"),
        ((403, {}), PermanentFailure, "http-403"),
        ((200, {"CodeResult": "103"}), TemporaryFailure, "provider-103"),
        ((200, {}), PermanentFailure, "provider-"),
    ],
)
def test_answers_are_sorted_into_later_and_never(
    answer: fakes.Answer, kind: type[TemporaryFailure], code: str
) -> None:
    with fakes.http(fakes.sms) as fake:
        fake.trouble = lambda _: answer
        with pytest.raises(kind) as caught:
            BrandSms(fake.url, "key", "secret", "CDC TN").send(MESSAGE)
    assert type(caught.value) is kind
    assert caught.value.code == code


def test_nobody_listening_is_later_and_a_cut_line_is_unknown() -> None:
    with pytest.raises(TemporaryFailure) as caught:
        BrandSms(NOBODY, "key", "secret", "x").send(MESSAGE)
    assert type(caught.value) is TemporaryFailure
    with fakes.http(fakes.sms) as fake:
        fake.hang_up_after_sending = True
        with pytest.raises(UnknownOutcome):
            BrandSms(fake.url, "key", "secret", "x").send(MESSAGE)
    assert len(fake.sent) == 1


def test_zalo() -> None:
    with fakes.http(fakes.zalo) as fake:
        receipt = ZaloOa(fake.url, "token", "t1").send(MESSAGE)
        with pytest.raises(TemporaryFailure):
            ZaloOa(fake.url, "expired", "t1").send(MESSAGE)
        with pytest.raises(PermanentFailure):
            ZaloOa(fake.url, "token", "t1").send(Message("vx-8", "+66812345678", TEXT))
    assert receipt.provider_id == "z1"
    data = {"text": TEXT}
    assert fake.sent == [
        {"phone": "84944713700", "template_id": "t1", "template_data": data, "tracking_id": "vx-7"}
    ]


def test_an_answer_to_who_wrote_to_the_zalo_account() -> None:
    answer = Message("vx-9", "zalo-user:9001", TEXT)
    with fakes.http(fakes.zalo) as notices, fakes.http(fakes.zalo_reply) as fake:
        receipt = ZaloOa(notices.url, "token", "t1", fake.url).send(answer)
        with pytest.raises(TemporaryFailure):
            ZaloOa(notices.url, "expired", "t1", fake.url).send(answer)
    assert (receipt.provider_id, receipt.cost) == ("r1", 0)
    assert fake.sent == [{"recipient": {"user_id": "9001"}, "message": {"text": TEXT}}]
    assert not notices.asked


def test_voice() -> None:
    with fakes.http(fakes.voice) as fake:
        receipt = VoiceCall(fake.url, "kid", "s" * 32, "842080000000").send(MESSAGE)
    assert receipt.provider_id == "c1"
    assert fake.sent[0]["actions"] == [{"action": "talk", "text": TEXT, "language": "vi"}]
    assert fake.sent[0]["to"][0]["number"] == "84944713700"


@pytest.fixture
def vapid(tmp_path: Path) -> str:
    key = Vapid02()
    key.generate_keys()
    file = tmp_path / "push.pem"
    key.save_key(str(file))
    return str(file)


def test_push_is_read_by_the_browser_alone_and_names_its_sender(vapid: str) -> None:
    with fakes.push_service() as browser:
        message = Message("vx-7", browser.subscription(), TEXT, "Vùng Xanh")
        receipt = WebPush(vapid, "mailto:cdc@tinh.example").send(message)
    assert browser.shown == [{"title": "Vùng Xanh", "body": TEXT, "tag": "vx-7"}]
    assert receipt.provider_id.endswith("/m1")
    headers = browser.headers[0]
    assert (headers["content-encoding"], headers["topic"], headers["ttl"]) == ("aes128gcm", "vx-7", "86400")
    token = headers["authorization"].split("t=")[1].split(",")[0]
    assert jwt.decode(token, options={"verify_signature": False})["sub"] == "mailto:cdc@tinh.example"


@pytest.mark.parametrize(("status", "kind"), [(410, PermanentFailure), (503, TemporaryFailure)])
def test_push_to_a_browser_that_is_gone_is_never(vapid: str, status: int, kind: type[TemporaryFailure]) -> None:
    with fakes.push_service() as browser:
        browser.status = status
        with pytest.raises(TemporaryFailure) as caught:
            WebPush(vapid, "mailto:x@y.example").send(Message("vx-7", browser.subscription(), TEXT))
    assert type(caught.value) is kind


def test_mail() -> None:
    with fakes.mail() as server:
        provider = SmtpMail("127.0.0.1", server.port, "cdc@tinh.example", security="none")
        provider.send(Message("vx-7", "tram@xa.example", TEXT, "Việc hôm nay"))
    letter = email.message_from_string(server.letters[0], policy=email.policy.default)
    assert (letter["To"], letter["Subject"]) == ("tram@xa.example", "Việc hôm nay")
    assert letter["Message-ID"] == "<vx-7@tinh.example>"
    assert letter.get_content().strip() == TEXT


@pytest.mark.parametrize(
    ("answer", "kind"), [("550 no such user", PermanentFailure), ("450 busy", TemporaryFailure)]
)
def test_mail_refused_is_later_or_never_by_its_code(answer: str, kind: type[TemporaryFailure]) -> None:
    with fakes.mail() as server:
        server.recipient_answer = answer
        with pytest.raises(TemporaryFailure) as caught:
            SmtpMail("127.0.0.1", server.port, "a@b.example", security="none").send(MESSAGE)
    assert type(caught.value) is kind


def test_null_warns_each_time(caplog: pytest.LogCaptureFixture) -> None:
    assert NullAdapter(Channel.SMS).send(MESSAGE).provider_id == "null"
    assert "nothing was sent" in caplog.text


def test_without_a_provider_nothing_real_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for channel, (setting, _) in REAL.items():
        monkeypatch.delenv(setting, raising=False)
        assert adapter(channel).name == "null"


@pytest.mark.parametrize("channel", list(Channel))
def test_demonstration_mode_refuses_a_real_provider(
    channel: Channel, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    monkeypatch.setenv(REAL[channel][0], NOBODY)
    with pytest.raises(OperatorError) as caught:
        adapter(channel)
    assert caught.value.code == "notify.demo-refuses"


def test_a_half_configured_provider_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VUNGXANH_SMS_URL", NOBODY)
    with pytest.raises(OperatorError) as caught:
        adapter(Channel.SMS)
    assert caught.value.params == {"name": "VUNGXANH_SMS_KEY"}
