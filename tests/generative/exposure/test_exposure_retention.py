"""Retention over random clocks: nothing stays longer than its time, nothing goes before it."""

import os
import random
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes

import pytest

from vungxanh.exposure.codec.keys import DiagnosisKey
from vungxanh.exposure.export_job import folder
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import Key
from vungxanh.exposure.publish.store import insert, slot_of, window_of
from vungxanh.exposure.retention import last_expired, purge

#: `make long` asks for a hundred thousand and more
CLOCKS = int(os.environ.get("VUNGXANH_CLOCKS", "100000"))
PURGES = 2_000 if os.environ.get("VUNGXANH_LONG") else 60
DAY = 86_400
RULES = limits().export


def edges(slot: int) -> tuple[int, int]:
    """Last second at which a key of this window is kept, first at which it is over."""
    end = slot + RULES.period_seconds + 14 * DAY
    return end - 1, end


def test_random_clocks_and_every_edge() -> None:
    chance = random.Random(452)
    leap = [int(datetime(year, 2, 29, tzinfo=UTC).timestamp()) for year in (2020, 2024, 2028)]
    for number in range(CLOCKS):
        received = (
            chance.choice(leap) + chance.randrange(-DAY, 2 * DAY) if number % 3 == 0 else chance.randrange(2**31)
        )
        slot = window_of(received, RULES.period_seconds)
        kept, over = edges(slot)
        assert last_expired(kept, RULES) < slot
        assert slot <= last_expired(over, RULES)
        assert received + 14 * DAY <= over <= received + 14 * DAY + RULES.period_seconds
        # a purge runs every ten minutes: one of those in the ten after the limit finds it
        run = over + chance.randrange(600)
        assert slot <= last_expired(run, RULES)


@pytest.mark.django_db
def test_the_purge_itself_at_random_clocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables at the last second of a window's time and at the first after it, leap days among them."""
    monkeypatch.setattr(folder, "home", lambda: tmp_path)
    chance = random.Random(454)
    for number in range(PURGES):
        received = 1_582_934_400 + chance.randrange(2 * DAY) if number % 3 == 0 else chance.randrange(DAY, 2**31)
        slot = window_of(received, RULES.period_seconds)
        kept, over = edges(slot)
        insert("exposure_key", [DiagnosisKey(token_bytes(16), slot // 600 - 144)], [slot], "VN")
        purge(now=datetime.fromtimestamp(kept, UTC), limits=limits())
        assert Key.objects.count() == 1
        purge(now=datetime.fromtimestamp(over, UTC), limits=limits())
        assert Key.objects.count() == 0


def test_a_key_is_never_published_while_its_identifiers_may_still_count() -> None:
    chance = random.Random(453)
    for _ in range(10_000):
        now = chance.randrange(1_500_000_000, 2_000_000_000)
        start = now // 600 - chance.randrange(0, 15 * 144)
        key = DiagnosisKey(bytes(16), start, chance.randrange(1, 145))
        slot = slot_of(key, window_of(now, RULES.period_seconds), RULES)
        # the window is written after its end, and by then two hours have passed since the last identifier
        assert slot + RULES.period_seconds >= key.rolling_end * 600 + RULES.hold_seconds
        assert slot % RULES.period_seconds == 0
