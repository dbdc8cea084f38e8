"""Each message once: asked twice, tried again, killed in the middle, out of quota."""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from tests.contract import fake_providers as fakes
from vungxanh.notify.actions import queue, settle, subscribe
from vungxanh.notify.delivery import DRILL, deliver
from vungxanh.notify.interface import Channel
from vungxanh.notify.models import Delivery, PushSubscription
from vungxanh.notify.queries import estimate, outcome
from vungxanh.notify.schemas import BatchIn
from vungxanh.people.actions import bulk_register
from vungxanh.people.schemas import PersonIn

pytestmark = pytest.mark.django_db
TEXT = "Tram y te moi ban goi 0208 000 000. Ma: {code}"


#: asked at once, and of them people with a telephone here; the figures of a nation in the nightly run
MANY, REACHED = (1_000_000, 2_000) if os.environ.get("VUNGXANH_LONG") else (20_000, 60)


def people(count: int) -> list[int]:
    records = [PersonIn(name=f"Danh Út {n}", phones=[f"09447{n:05d}"]) for n in range(count)]
    return bulk_register(records, by=None, purpose="test")


def ask(persons: list[int], channel: Channel = Channel.SMS, **more: object) -> int:
    return queue(BatchIn(channel, TEXT, "case:1", persons=persons, **more), by=None)  # type: ignore[arg-type]


@pytest.fixture
def sms(monkeypatch: pytest.MonkeyPatch) -> Iterator[fakes.Fake]:
    with fakes.http(fakes.sms) as fake:
        for name, value in (("URL", fake.url), ("KEY", "key"), ("SECRET", "secret"), ("BRAND", "CDC")):
            monkeypatch.setenv(f"VUNGXANH_SMS_{name}", value)
        monkeypatch.setenv("VUNGXANH_PER_SECOND_SMS", "100000")
        yield fake


@pytest.fixture
def zalo(monkeypatch: pytest.MonkeyPatch) -> Iterator[fakes.Fake]:
    with fakes.http(fakes.zalo) as fake:
        for name, value in (("URL", fake.url), ("TOKEN", "token"), ("TEMPLATE", "t1")):
            monkeypatch.setenv(f"VUNGXANH_ZALO_{name}", value)
        monkeypatch.setenv("VUNGXANH_PER_SECOND_ZALO", "100000")
        yield fake


def test_each_person_gets_one_with_their_own_value(sms: fakes.Fake) -> None:
    persons = people(3)
    batch = ask(persons, values={persons[1]: {"code": "4821"}})
    assert deliver(Channel.SMS).sent == 3
    said = {body["Phone"]: body["Content"] for body in sms.sent}
    assert said["0944700001"].endswith("Ma: 4821")
    assert said["0944700000"].endswith("Ma: {code}")
    assert outcome(batch) == {"sent": 3, "cost": 3 * 850}


def test_asking_again_adds_only_who_was_not_asked(sms: fakes.Fake) -> None:
    persons = people(4)
    first = ask(persons[:3])
    deliver(Channel.SMS)
    assert ask(persons) == first
    assert deliver(Channel.SMS).sent == 1
    assert Counter(body["Phone"] for body in sms.sent).most_common(1)[0][1] == 1


def test_a_failure_that_passes_is_tried_again_after_a_pause(sms: fakes.Fake) -> None:
    ask(people(1))
    sms.trouble = lambda attempt: (503, {}) if attempt < 3 else None
    for _ in range(2):
        assert deliver(Channel.SMS).later == 1
        assert deliver(Channel.SMS).sent == 0  # not before its time
        Delivery.objects.update(next_at=timezone.now())
    assert deliver(Channel.SMS).sent == 1
    assert Delivery.objects.get().attempts == 3


def test_a_failure_that_stays_ends(sms: fakes.Fake) -> None:
    batch = ask(people(1))
    sms.trouble = lambda _: (503, {})
    for _ in range(6):
        deliver(Channel.SMS)
        Delivery.objects.update(next_at=timezone.now())
    assert outcome(batch) == {"failed": 1, "cost": 0}
    assert Delivery.objects.get().failure == "http-503"


def test_somebody_without_a_number_fails_by_name(sms: fakes.Fake) -> None:
    ask(bulk_register([PersonIn(name="Út")], by=None, purpose="test"))
    assert deliver(Channel.SMS).failed == 1
    assert Delivery.objects.get().failure == "no-address"


def test_an_answer_that_never_came_is_asked_again_where_doubles_are_refused(sms: fakes.Fake) -> None:
    ask(people(1))
    sms.hang_up_after_sending = True
    assert deliver(Channel.SMS).later == 1
    sms.hang_up_after_sending = False
    Delivery.objects.update(next_at=timezone.now())
    assert deliver(Channel.SMS).sent == 1
    assert len(sms.sent) == 1


def test_and_left_to_a_person_where_they_are_not(zalo: fakes.Fake) -> None:
    ask(people(1), Channel.ZALO)
    zalo.hang_up_after_sending = True
    assert deliver(Channel.ZALO).uncertain == 1
    zalo.hang_up_after_sending = False
    assert deliver(Channel.ZALO).sent == 0
    row = Delivery.objects.get()
    settle(delivery=row.pk, sent=True, by=None)
    assert deliver(Channel.ZALO).sent == 0
    assert len(zalo.sent) == 1


def test_the_quota_of_the_day_holds(sms: fakes.Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VUNGXANH_PER_DAY_SMS", "2")
    ask(people(3))
    assert deliver(Channel.SMS).sent == 2
    assert deliver(Channel.SMS).sent == 0
    Delivery.objects.filter(state="sent").update(sent_at=timezone.now() - timedelta(days=1))
    assert deliver(Channel.SMS).sent == 1


def test_the_rate_of_the_provider_is_kept(sms: fakes.Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VUNGXANH_PER_SECOND_SMS", "2")
    slept: list[float] = []
    ask(people(3))
    deliver(Channel.SMS, sleep=slept.append)
    assert len(slept) == 3
    assert all(0 < pause <= 0.5 for pause in slept)


def test_the_cost_is_known_before(sms: fakes.Fake) -> None:
    found = estimate(BatchIn(Channel.SMS, "ạ" * 71, "case:1", persons=[1, 2, 2, 3]))
    assert (found.messages, found.parts, found.cost, found.provider) == (3, 2, 3 * 2 * 850, "sms-brand")


def test_more_than_the_days_quota_is_said_before_it_is_ordered(
    sms: fakes.Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VUNGXANH_PER_DAY_SMS", "2")
    five = estimate(BatchIn(Channel.SMS, "a", "case:1", persons=[1, 2, 3, 4, 5]))
    assert (five.left_today, five.days) == (2, 2)  # two today, two tomorrow, the last the day after
    two = estimate(BatchIn(Channel.SMS, "a", "case:1", persons=[1, 2]))
    assert (two.left_today, two.days) == (2, 0)


def test_demonstration_says_so_in_the_text_and_sends_nothing(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    ask(people(1))
    assert deliver(Channel.SMS).sent == 1
    row = Delivery.objects.select_related("batch").get()
    from vungxanh.notify.delivery import message_of

    assert row.provider_id == "null"
    assert message_of(row, "x").text.startswith(DRILL)


def test_without_a_provider_messages_wait_and_none_is_called_sent() -> None:
    batch = ask(people(2))
    assert deliver(Channel.SMS).later == 2
    assert outcome(batch) == {"queued": 2, "cost": 0}


def test_a_browser_subscribes_once_and_is_reached_by_its_person() -> None:
    person = people(1)[0]
    with fakes.push_service() as browser:
        first = subscribe(subscription=browser.subscription(), device="d1", person=person)
        assert subscribe(subscription=browser.subscription(), device="d1", person=person) == first
        assert browser.url.encode() not in PushSubscription.objects.get().secrets.raw


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_none_is_doubled_and_none_is_lost(sms: fakes.Fake) -> None:
    """kill -9 while messages leave; the next process finishes; every phone rang once."""
    count = 60
    batch = ask(people(count))
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            deliver(Channel.SMS, sleep=lambda _: time.sleep(0.005))
        finally:
            os._exit(0)
    deadline = time.monotonic() + 30
    while len(sms.sent) < 10 and time.monotonic() < deadline:
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert 10 <= len(sms.sent) < count
    Delivery.objects.filter(state="sending").update(lease_until=timezone.now() - timedelta(seconds=1))
    deliver(Channel.SMS)
    rang = Counter(body["Phone"] for body in sms.sent)
    assert len(rang) == count
    assert set(rang.values()) == {1}
    assert outcome(batch)["sent"] == count


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_where_doubles_are_not_refused(zalo: fakes.Fake) -> None:
    """What was being sent is left to a person; nobody gets two."""
    count = 60
    batch = ask(people(count), Channel.ZALO)
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            deliver(Channel.ZALO, sleep=lambda _: time.sleep(0.005))
        finally:
            os._exit(0)
    deadline = time.monotonic() + 30
    while len(zalo.sent) < 10 and time.monotonic() < deadline:
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    Delivery.objects.filter(state="sending").update(lease_until=timezone.now() - timedelta(seconds=1))
    deliver(Channel.ZALO)
    assert set(Counter(body["phone"] for body in zalo.sent).values()) == {1}
    states = outcome(batch)
    assert states["sent"] + states["uncertain"] == count


@pytest.mark.django_db(transaction=True)
def test_many_are_queued_within_a_minute_and_after_a_kill_nobody_gets_two(sms: fakes.Fake) -> None:
    """kill -9 while they leave; a million of them in the nightly run."""
    persons = people(REACHED)
    asked = [*persons, *range(persons[-1] + 1, persons[-1] + 1 + MANY - REACHED)]
    begun = time.monotonic()
    ask(asked)
    assert time.monotonic() - begun < 60
    assert Delivery.objects.count() == MANY
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            deliver(Channel.SMS, most=REACHED, sleep=lambda _: time.sleep(0.002))
        finally:
            os._exit(0)
    deadline = time.monotonic() + 60
    while len(sms.sent) < REACHED // 4 and time.monotonic() < deadline:
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert REACHED // 4 <= len(sms.sent) < REACHED
    Delivery.objects.filter(state="sending").update(lease_until=timezone.now() - timedelta(seconds=1))
    deliver(Channel.SMS, most=REACHED)
    rang = Counter(body["Phone"] for body in sms.sent)
    assert len(rang) == REACHED
    assert set(rang.values()) == {1}
    assert Delivery.objects.exclude(state="queued").filter(person__gt=persons[-1]).count() <= REACHED
