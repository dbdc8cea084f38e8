"""Somebody without a phone falls ill: the beacon's keys are published with consent, by the same rules."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.unit.exposure.phone import NOW, ONSET, today
from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent
from vungxanh.exposure import actions, gateway_actions, queries
from vungxanh.exposure.codec.gaen import day_start, interval_number
from vungxanh.exposure.export_job import worker
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import Code, Key, Upload, Wearable
from vungxanh.exposure.wearable_actions import CONSENT, Published, keys_worn, publish_worn, utc_day
from vungxanh.exposure.wearables import card_of, day_key
from vungxanh.people.actions import register_person
from vungxanh.people.models import Consent, Officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]
SEED = bytes(range(16))
DAYS = [date(2022, 5, 3) - timedelta(days=n) for n in range(6)]


@pytest.fixture
def lan() -> Officer:
    return Officer.objects.create_user("lan", name="Lan")


def worn(since: datetime) -> Wearable:
    who = register_person(name="Nguyễn Thị Bà", birth_year=1948, by=None, purpose="test")
    number = gateway_actions.hand_over(card=card_of(SEED), person=who, by=None, scope_path="/19/", now=since)
    return Wearable.objects.get(pk=number)


def publish(wearable: Wearable, by: Officer, days: list[date], onset: date | None = ONSET) -> Published:
    return publish_worn(wearable=wearable, case_id=41, onset=onset, days=days, by=by, now=NOW)


def test_only_the_chosen_days_in_which_the_wearer_could_pass_it_on_are_published(lan: Officer) -> None:
    """Onset 2 May: 30 April to 3 May count; 28 and 29 April are left out, and 1 May was not chosen."""
    beacon = worn(NOW - timedelta(days=5))
    assert [utc_day(key) for key in keys_worn(beacon, NOW)] == DAYS
    done = publish(beacon, lan, [day for day in DAYS if day != date(2022, 5, 1)])
    assert (done.keys, done.left_out) == (3, "key 4: not-infectious; key 5: not-infectious")
    rows = {bytes(row.data): (row.start, row.onset, row.report) for row in Key.objects.all()}
    starts = {1: today(), 0: today() - 144, -2: today() - 3 * 144}  # 3, 2 and 30 April 2022
    assert rows == {day_key(SEED, start): (start, onset, 1) for onset, start in starts.items()}


def test_the_wearer_agrees_and_takes_it_back_with_the_receipt(lan: Officer) -> None:
    beacon = worn(NOW - timedelta(days=5))
    done = publish(beacon, lan, DAYS)
    consent = Consent.objects.get(purpose=CONSENT)
    assert (consent.person_id, consent.channel, consent.text_version) == (
        beacon.person,
        "desk",
        limits().share.text_version,
    )
    event = AuditEvent.objects.get(action="exposure:wearable:published")
    assert event.subject == f"person:{beacon.person}"
    found = queries.receipt_files(done.receipt, now=int(NOW.timestamp()), limits=limits().export)
    assert found is not None
    assert sorted(one.state for one in found) == ["held", "waiting", "waiting", "waiting"]
    assert actions.withdraw_upload(receipt=done.receipt, now=NOW) == 4
    assert Key.objects.count() == 0


def test_two_officers_take_a_wrong_positive_back(lan: Officer) -> None:
    publish(worn(NOW - timedelta(days=5)), lan, DAYS)
    worker.run(now=int(NOW.timestamp()) // 7_200 * 7_200 + 7_260, limits=limits().export)
    minh = Officer.objects.create_user("minh", name="Minh")
    recall = actions.ask_recall(case_id=41, reason="samples mixed up", by=lan, now=NOW + timedelta(hours=2))
    assert actions.agree_recall(recall=recall, by=minh, now=NOW + timedelta(hours=3)) == 4
    assert Key.objects.get(data=day_key(SEED, today() - 144)).report == 5


def test_days_of_other_wearers_of_the_beacon_are_not_the_persons(lan: Officer) -> None:
    """Handed over today at 03:05 UTC, in the nineteenth ten minutes: what was sent before is nobody's."""
    beacon = worn(NOW)
    (key,) = keys_worn(beacon, NOW)
    assert (key.data, key.rolling_start, key.rolling_period) == (day_key(SEED, today()), today() + 18, 126)
    assert publish(beacon, lan, [date(2022, 5, 3)]).keys == 1
    assert Key.objects.get().start == today() + 18


def test_after_it_came_back_nothing_counts(lan: Officer) -> None:
    beacon = worn(NOW - timedelta(days=2))
    back = datetime(2022, 5, 2, 12, 0, tzinfo=UTC)
    gateway_actions.take_in(wearable=beacon.pk, by=None, now=back)
    beacon.refresh_from_db()
    last, first = keys_worn(beacon, NOW)
    assert (last.rolling_start, last.rolling_period) == (day_start(interval_number(back.timestamp())), 73)
    assert (first.rolling_start, first.rolling_end) == (today() - 2 * 144 + 18, today() - 144)
    assert keys_worn(beacon, NOW + timedelta(days=60)) == []


@pytest.mark.parametrize(
    ("days", "onset", "code", "reason"),
    [
        ([], ONSET, "exposure.no-day-chosen", None),
        ([date(2022, 4, 1)], ONSET, "exposure.no-day-chosen", None),
        ([date(2022, 4, 28)], ONSET, "exposure.wearable-refused", "not-infectious"),
        (DAYS, date(2022, 5, 4), "exposure.onset-in-future", None),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    lan: Officer, days: list[date], onset: date, code: str, reason: str | None
) -> None:
    beacon = worn(NOW - timedelta(days=5))
    with pytest.raises(UserError) as caught:
        publish(beacon, lan, days, onset)
    assert (caught.value.code, caught.value.params.get("reason")) == (code, reason)
    assert (Code.objects.count(), Upload.objects.count(), Key.objects.count()) == (0, 0, 0)
    assert not Consent.objects.filter(purpose=CONSENT).exists()


def test_the_same_days_again_are_refused_and_no_code_is_left(lan: Officer) -> None:
    beacon = worn(NOW - timedelta(days=5))
    publish(beacon, lan, DAYS)
    with pytest.raises(UserError) as caught:
        publish(beacon, lan, DAYS)
    assert caught.value.params["reason"] == "known-key"
    assert (Code.objects.count(), Upload.objects.count()) == (1, 1)
