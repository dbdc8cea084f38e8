"""Encounters become evidence only when the person agrees, day by day; classes come from tracing."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.unit.exposure.phone import NOW, Phone, some_keys
from vungxanh.core.models import AuditEvent
from vungxanh.exposure import actions, share_actions, verification
from vungxanh.exposure.codec.gaen import identifier
from vungxanh.exposure.evidence import SharedEncounters
from vungxanh.exposure.export_job import worker
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import Key, SharedDay, SharedEncounter
from vungxanh.exposure.publish.request import RefusedError
from vungxanh.exposure.schemas import SharedIn
from vungxanh.lake.memory import MemoryLake
from vungxanh.notify.models import Delivery
from vungxanh.people.actions import register_person
from vungxanh.people.models import Consent, Officer
from vungxanh.tracing import trace
from vungxanh.tracing.model import IndexPerson, TraceRequest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]
LIMITS = limits().export
#: Wednesday 4 May 2022: the keys of yesterday are in a file by then
LATER = NOW + timedelta(days=1)


def person(name: str) -> int:
    return register_person(name=name, birth_year=1990, by=None, purpose="test")


def ill_person_published(phone: Phone) -> int:
    """Somebody is confirmed and publishes; -> who."""
    from base64 import b64encode

    from tests.unit.exposure.phone import ONSET, SECRET
    from vungxanh.exposure.codec.key_hmac import key_hmac

    who = person("Lê Văn An")
    code = actions.issue_code(case_id=41, onset=ONSET, by=None, person=who, now=NOW)
    token = verification.verify(code.short, now=NOW, limits=limits().code).token
    mac = b64encode(key_hmac(phone.keys, SECRET)).decode()
    assert (
        phone.publish(certificate=verification.certify(token, mac, now=NOW, limits=limits().code))["status"] == 200
    )
    worker.run(now=int(LATER.timestamp()), limits=LIMITS)
    return who


def met(phone: Phone, day: int, minutes: int = 20, hour: int = 10) -> SharedIn:
    """An encounter under the key of `day` days ago, from `hour` o'clock UTC on."""
    key = phone.keys[day]
    interval = key.rolling_start + hour * 6
    start = interval * 600
    return SharedIn(
        key.data, identifier(key.data, interval), interval, start, start + minutes * 60, minutes * 60, 55
    )


def test_only_chosen_days_of_published_keys_become_evidence_and_tracing_gives_the_class(phone: Phone) -> None:
    ill, warned = ill_person_published(phone), person("Trần Thị Bình")
    source = SharedEncounters()
    assert source.tail(2**30).num_rows == 0  # a warning alone is no evidence

    invited = share_actions.invite(person=warned, by=None, scope_path="/19/", now=LATER)
    stranger = Phone(keys=some_keys())
    given = [met(phone, 1), met(phone, 2, minutes=5), met(stranger, 1)]
    shared = share_actions.share(code=invited.code, given=given, now=LATER)

    assert shared.days == {date(2022, 5, 2): 1, date(2022, 5, 1): 1}
    rows = source.tail(2**30).rows("encounters")
    assert [(row.a, row.b, row.seconds, row.distance_m) for row in sorted(rows, key=lambda r: r.start)] == [
        (warned, ill, 300, None),
        (warned, ill, 1_200, None),
    ]
    assert Consent.objects.filter(person_id=warned, purpose="exposure-share:2022-05-02", channel="device").exists()
    assert AuditEvent.objects.filter(action="exposure:encounters:shared", subject=f"person:{warned}").count() == 1

    lake = MemoryLake(source.tail(2**30))
    found = trace(TraceRequest((IndexPerson(ill, onset=date(2022, 5, 2)),), engine="reference"), lake)
    assert [(row.contact, row.generation) for row in found.rows] == [(warned, 1)]
    # Bluetooth measured no metres: the tracer has to ask, the phone decides nothing
    assert found.rows[0].certainty.label == "needs interview"


def test_a_code_works_once_and_for_a_quarter_of_an_hour(phone: Phone) -> None:
    warned = person("Trần Thị Bình")
    first = share_actions.invite(person=warned, by=None, scope_path="/", now=NOW)
    share_actions.share(code=first.code, given=[], now=NOW)
    late = share_actions.invite(person=warned, by=None, scope_path="/", now=NOW)
    for code, now, expected in (
        (first.code, NOW, "code_invalid"),
        ("00000000", NOW, "code_invalid"),
        (late.code, NOW + timedelta(minutes=15), "code_expired"),
    ):
        with pytest.raises(RefusedError) as caught:
            share_actions.share(code=code, given=[], now=now)
        assert caught.value.code == expected


def test_what_cannot_be_true_is_left_out(phone: Phone) -> None:
    from dataclasses import replace

    ill_person_published(phone)
    good = met(phone, 1)
    bad = [
        replace(good, rpi=bytes(16)),  # no identifier of this key
        replace(good, start=good.start + 3 * 3_600, end=good.end + 3 * 3_600),  # heard at another time
        replace(good, seconds=4_000),  # longer than it lasted
        replace(good, end=good.start),
        replace(good, start=good.start + 40 * 86_400, end=good.end + 40 * 86_400),  # to come
    ]
    invited = share_actions.invite(person=person("Trần Thị Bình"), by=None, scope_path="/", now=LATER)
    shared = share_actions.share(code=invited.code, given=[*bad, good, good], now=LATER)
    assert sum(shared.days.values()) == 1
    assert SharedEncounter.objects.count() == 1


def test_an_agreement_is_taken_back_until_its_rows_are_final(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    ill_person_published(phone)
    source = SharedEncounters()
    invited = share_actions.invite(person=person("Trần Thị Bình"), by=None, scope_path="/", now=LATER)
    receipt = share_actions.share(code=invited.code, given=[met(phone, 1), met(phone, 2)], now=LATER).receipt
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    assert list(source.closed_since(0)) == []
    assert share_actions.withdraw(receipt=receipt, day=date(2022, 5, 2), now=LATER) == (1, 0)
    assert source.tail(2**30).num_rows == 1
    # 1 May, 17:20 in Viet Nam, and seven days
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2022, 5, 8, 10, 19, tzinfo=UTC))
    assert list(source.closed_since(0)) == []
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2022, 5, 8, 10, 21, tzinfo=UTC))
    batch = next(iter(source.closed_since(0)))
    assert (batch.watermark, batch.evidence.encounters.num_rows) == (1, 1)
    assert source.tail(2**30).num_rows == 0
    assert list(source.closed_since(1)) == []
    assert share_actions.withdraw(receipt=receipt, now=LATER) == (0, 1)
    assert SharedDay.objects.filter(withdrawn_at=None).count() == 0


def test_a_recall_takes_encounters_back_and_tells_who_shared_them(phone: Phone) -> None:
    ill_person_published(phone)
    warned = person("Trần Thị Bình")
    invited = share_actions.invite(person=warned, by=None, scope_path="/", now=LATER)
    share_actions.share(code=invited.code, given=[met(phone, 1)], now=LATER)
    one, two = (Officer.objects.create_user(f"officer{n}", name=f"O{n}") for n in (1, 2))
    recall = actions.ask_recall(case_id=41, reason="samples mixed up", by=one, now=LATER)
    actions.agree_recall(recall=recall, by=two, now=LATER)
    assert SharedEncounter.objects.count() == 0
    assert [row.person for row in Delivery.objects.all()] == [warned]
    text = Delivery.objects.get().batch.text.open()
    assert "dinh chinh" in text
    assert not any(word in text for word in ("http", "COVID", "F1"))
    assert Key.objects.filter(report=5).exists()
