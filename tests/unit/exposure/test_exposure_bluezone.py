"""Bluezone v2, against the public capture of thaidn/bluezone (base key and identifiers as published there)."""

from hashlib import sha256

import pytest

from vungxanh.core.errors import UserError
from vungxanh.exposure.codec import bluezone as bz
from vungxanh.exposure.codec import bluezone_files as files

BASE = bytes.fromhex("66B07D33DA4E16A359B590EDA1E8DC90892D341C86A6491376041FE44505FFB5")
DAY0 = 1596844800  # 2020-08-08T00:00Z
SLOT_MS = 900_000


@pytest.mark.parametrize(
    ("at", "day", "slot", "found"),
    [
        (1596887252275, 0, 47, "286bce589ab994efa5f73cad"),
        (DAY0 * 1000 + 46 * SLOT_MS, 0, 46, "9a070af0aae3d9b7603d8cde"),
        (DAY0 * 1000 + 48 * SLOT_MS, 0, 48, "cd5b7c1a515eab645670e7d9"),
        (DAY0 * 1000 + 96 * SLOT_MS, 1, 0, "b35b35b2836d68007b6dd81f"),
    ],
)
def test_published_identifiers(at: int, day: int, slot: int, found: str) -> None:
    answer = bz.slot_at(BASE, DAY0, at)
    assert (answer.day, answer.slot, answer.bluezone_id.hex()) == (day, slot, found)


def test_slots_change_at_the_quarter_hour() -> None:
    last_ms = DAY0 * 1000 + 47 * SLOT_MS - 1
    assert bz.slot_at(BASE, DAY0, last_ms).slot == 46
    assert bz.slot_at(BASE, DAY0, last_ms + 1).slot == 47


def test_a_published_day_key_reveals_every_later_day() -> None:
    """The fault that the codec keeps: the ratchet only goes forward, and never starts anew."""
    assert bz.day_key(BASE, 2) == sha256(sha256(BASE).digest()).digest()
    tomorrow = bz.slot_at(BASE, DAY0, (DAY0 + 86_400) * 1000)
    derived = next(bz.published_slots(bz.day_key(BASE, 1), DAY0 + 86_400, DAY0 + 2 * 86_400))
    assert derived.bluezone_id == tomorrow.bluezone_id


def test_published_slots_cover_whole_days_and_stop_at_the_end() -> None:
    two_days = list(bz.published_slots(BASE, DAY0, DAY0 + 2 * 86_400))
    assert len(two_days) == 192
    assert [s.day for s in two_days[95:97]] == [0, 1]
    assert len(list(bz.published_slots(BASE, DAY0, DAY0 + 3_600))) == 4


def test_one_sighting_inside_the_slot_suffices_and_there_is_no_tolerance() -> None:
    slots = list(bz.published_slots(BASE, DAY0, DAY0 + 86_400))
    heard = bytes.fromhex("286bce589ab994efa5f73cad")
    inside, early = 1596887252275, DAY0 * 1000 + 47 * SLOT_MS - 1
    hit = bz.first_hit(slots, [(heard, inside)])
    assert hit is not None
    assert hit.slot == 47
    assert bz.first_hit(slots, [(heard, early)]) is None
    assert bz.first_hit(slots, [(bytes(12), inside)]) is None


@pytest.mark.parametrize(
    ("day0", "at", "slots", "code"),
    [
        (DAY0 + 1, DAY0 * 1000, 96, "exposure.bluezone-not-midnight"),
        (DAY0, DAY0 * 1000 - 1, 96, "exposure.bluezone-range"),
        (DAY0, DAY0 * 1000 + 36_501 * 86_400_000, 96, "exposure.bluezone-range"),
        (DAY0, DAY0 * 1000, 0, "exposure.bluezone-slots"),
        (DAY0, DAY0 * 1000, 1_441, "exposure.bluezone-slots"),
    ],
)
def test_impossible_schedules_are_refused(day0: int, at: int, slots: int, code: str) -> None:
    with pytest.raises(UserError) as caught:
        bz.slot_at(BASE, day0, at, slots)
    assert caught.value.code == code


def test_history_of_android_is_milliseconds_and_of_ios_seconds() -> None:
    own, met = "00" * 12, "286BCE589AB994EFA5F73CAD"
    rows = list(files.read_history(f"{own}\t{met}\t-71\t1596887252275\n\n{own}\t{met}\t-80\t1596887252\n"))
    assert [row.at_ms for row in rows] == [1596887252275, 1596887252000]
    assert rows[0].contact_id.hex() == met.lower()
    assert files.write_history(rows[:1]) == f"{own}\t{met}\t-71\t1596887252275\n"


@pytest.mark.parametrize(
    "line", ["a\tb\tc", "zz\t00\t1\t2", "00" * 12 + "\t" + "00" * 11 + "\t-1\t2", "00\t00\t-1"]
)
def test_a_bad_history_line_is_named(line: str) -> None:
    good = "00" * 12 + "\t" + "11" * 12 + "\t-1\t1596887252"
    with pytest.raises(UserError) as caught:
        list(files.read_history(f"{good}\n{line}\n"))
    assert caught.value.code == "exposure.bluezone-history"
    assert caught.value.params["line"] == 2


def test_keys_of_cases_go_there_and_back() -> None:
    cases = [files.CaseKey(BASE, DAY0, DAY0 + 86_400), files.CaseKey(bytes(32), DAY0, DAY0 + 3_600, 48)]
    text = files.write_cases(cases)
    assert '"daily_key": "66B07D33' in text
    assert files.read_cases(text) == cases
    assert files.read_cases(text.replace(', "max": 96', "")) == cases


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "exposure.bluezone-cases"),
        ("[]", "exposure.bluezone-cases"),
        ('{"data": [1]}', "exposure.bluezone-cases"),
        ('{"data": [{"daily_key": "00", "time_start": 0, "time_end": 1}]}', "exposure.bad-hex"),
        (
            '{"data": [{"daily_key": "%s", "time_start": 1, "time_end": 1}]}' % ("00" * 32),
            "exposure.bluezone-not-midnight",
        ),
    ],
)
def test_bad_case_files_are_refused(text: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        files.read_cases(text)
    assert caught.value.code == code
