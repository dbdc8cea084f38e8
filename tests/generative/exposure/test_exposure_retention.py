"""Retention over random clocks: nothing stays longer than its time, nothing goes before it."""

import os
import random
from datetime import UTC, datetime

from vungxanh.exposure.codec.keys import DiagnosisKey
from vungxanh.exposure.limits import limits
from vungxanh.exposure.publish.store import slot_of, window_of
from vungxanh.exposure.retention import is_expired

#: `make long` asks for a hundred thousand and more
CLOCKS = int(os.environ.get("VUNGXANH_CLOCKS", "100000"))
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
        assert not is_expired(slot, kept, RULES)
        assert is_expired(slot, over, RULES)
        assert received + 14 * DAY <= over <= received + 14 * DAY + RULES.period_seconds
        # a purge runs every ten minutes: one of those in the ten after the limit finds it
        run = over + chance.randrange(600)
        assert is_expired(slot, run, RULES)


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
