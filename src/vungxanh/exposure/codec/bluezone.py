"""Bluezone v2 identifiers: base key -> day keys -> 15-minute slots -> 12-byte identifier.

Source: BluezoneGlobal/react-native-bluetooth-scan @4a5ce99 (behaviour only), checked against the public
capture of thaidn/bluezone. Kept to read old data and to compare; its faults stand here as they are: a day
key reveals every later day, a match has no clock tolerance and needs no duration.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from vungxanh.core.errors import UserError

BASE_KEY_BYTES = 32
DAY_SECONDS = 86_400
#: a hundred years; a longer chain is a typing error, and hashing it would only burn time
MAX_DAYS = 36_500
SLOTS, MAX_SLOTS = 96, 1_440
SUBKEY = b"bluzonesubkey"  # the original's spelling
OFFSETS = (0, 4, 8, 12, 16, 18, 20, 22, 24, 26, 28, 30)


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot of one day: its number, identifier and span [start, end) in Unix milliseconds."""

    day: int
    slot: int
    bluezone_id: bytes
    start_ms: int
    end_ms: int


def day_key(base_key: bytes, day: int) -> bytes:
    """D(day): the base key hashed `day` times."""
    key = base_key
    for _ in range(day):
        key = sha256(key).digest()
    return key


def slot_ids(key: bytes, slots: int = SLOTS) -> Iterator[bytes]:
    """The identifiers of one day, in order of the slots."""
    state = sha256(key + SUBKEY).digest()
    for _ in range(slots):
        yield bytes(state[i] for i in OFFSETS)
        state = sha256(state).digest()


def day_slots(key: bytes, day: int, midnight: int, slots: int = SLOTS) -> Iterator[Slot]:
    """The slots of the day that starts at `midnight` (Unix seconds)."""
    length = DAY_SECONDS * 1000 // slots
    for number, found in enumerate(slot_ids(key, slots)):
        start = midnight * 1000 + number * length
        yield Slot(day, number, found, start, start + length)


def check_schedule(day0: int, slots: int) -> None:
    """Raises UserError `exposure.bluezone-not-midnight`, `exposure.bluezone-slots`."""
    if day0 % DAY_SECONDS:
        raise UserError("exposure.bluezone-not-midnight", field="day0", seconds=day0)
    if not 1 <= slots <= MAX_SLOTS:
        raise UserError("exposure.bluezone-slots", field="slots", slots=slots)


def slot_at(base_key: bytes, day0: int, at_ms: int, slots: int = SLOTS) -> Slot:
    """The slot in force at `at_ms` (Unix milliseconds) of a phone installed on the UTC day `day0` (Unix s).

    Raises UserError `exposure.bluezone-not-midnight`, `exposure.bluezone-slots`, `exposure.bluezone-range`.
    """
    check_schedule(day0, slots)
    day, within = divmod(at_ms - day0 * 1000, DAY_SECONDS * 1000)
    if not 0 <= day <= MAX_DAYS:
        raise UserError("exposure.bluezone-range", field="at", days=MAX_DAYS)
    number = min(within * slots // (DAY_SECONDS * 1000), slots - 1)
    for slot in day_slots(day_key(base_key, day), day, day0 + day * DAY_SECONDS, slots):
        if slot.slot == number:
            return slot
    raise AssertionError("a slot number lies below the slot count")


def published_slots(daily_key: bytes, start: int, end: int, slots: int = SLOTS) -> Iterator[Slot]:
    """Every slot that a published key covers from `start` to `end` (Unix s), as the phone regenerates them."""
    check_schedule(start, slots)
    if (end - start) > MAX_DAYS * DAY_SECONDS:
        raise UserError("exposure.bluezone-range", field="time_end", days=MAX_DAYS)
    key = daily_key
    for day, midnight in enumerate(range(start, end, DAY_SECONDS)):
        for slot in day_slots(key, day, midnight, slots):
            if slot.start_ms < end * 1000:
                yield slot
        key = sha256(key).digest()


def first_hit(slots: Iterable[Slot], heard: Iterable[tuple[bytes, int]]) -> Slot | None:
    """Bluezone's own verdict: the first slot with one sighting (identifier, Unix ms) inside it, or None."""
    times: dict[bytes, list[int]] = {}
    for found, at in heard:
        times.setdefault(found, []).append(at)
    for slot in slots:
        if any(slot.start_ms <= at <= slot.end_ms for at in times.get(slot.bluezone_id, ())):
            return slot
    return None
