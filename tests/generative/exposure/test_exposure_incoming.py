"""Lists of machines, cards, batches of partners, configurations: any input is answered or refused with a code."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from vungxanh.core.errors import UserError
from vungxanh.exposure import incoming, jws
from vungxanh.exposure.codec.keys import DiagnosisKey
from vungxanh.exposure.codec.signature import new_private_key
from vungxanh.exposure.configuration import verified
from vungxanh.exposure.federation import batch
from vungxanh.exposure.federation.batch import FederatedKey
from vungxanh.exposure.publish.request import RefusedError
from vungxanh.exposure.wearables import SEED_BYTES, card_of, day_key, seed_of

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
NAMES = [
    "id",
    "rpi",
    "key",
    "at",
    "rssi",
    "interval",
    "start",
    "end",
    "seconds",
    "loss",
    "case_id",
    "onset",
    "phone",
]
RECORDS = st.dictionaries(
    st.sampled_from([*NAMES, "phone", "report_type"]), SCALARS | st.lists(SCALARS, max_size=2)
)
KEY = new_private_key()


def refusal(call: Callable[[], object]) -> str:
    """The code of a refusal, or nothing where there is an answer. Anything else that is raised fails the test."""
    try:
        call()
    except (UserError, RefusedError) as refused:
        return refused.code
    return ""


# the first text that is drawn reads Unicode's tables, which a busy machine takes a second for
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(RECORDS)
def test_any_record_is_read_or_refused(record: dict[str, object]) -> None:
    for read in (incoming.encounter, incoming.heard, incoming.lab_record):
        assert refusal(partial(read, record)) in {"", "bad_request"}


@given(st.binary(min_size=SEED_BYTES, max_size=SEED_BYTES), st.integers(0, 33), st.characters(codec="ascii"))
def test_a_card_is_read_back_and_a_changed_letter_is_refused(seed: bytes, at: int, letter: str) -> None:
    card = card_of(seed)
    assert seed_of(card) == seed
    changed = card[:at] + letter + card[at + 1 :]
    assume(letter.upper() != card[at] and letter.isalnum())
    assert refusal(partial(seed_of, changed)) == "exposure.bad-card"


@given(st.text(max_size=60))
def test_any_card_is_answered(text: str) -> None:
    assert refusal(partial(seed_of, text)) in {"", "exposure.bad-card"}


@given(st.binary(min_size=16, max_size=16), st.sets(st.integers(0, 20_000), min_size=2, max_size=20))
def test_day_keys_of_a_beacon_differ(seed: bytes, days: set[int]) -> None:
    assert len({day_key(seed, 144 * day) for day in days}) == len(days)


@given(st.binary(max_size=200))
def test_any_batch_is_answered(raw: bytes) -> None:
    def read() -> None:
        for message in batch.decode(raw):
            batch.judged(message)
            batch.text_of(message)

    assert refusal(read) in {"", "exposure.partner-batch"}


@given(
    st.lists(
        st.builds(
            FederatedKey,
            st.builds(
                DiagnosisKey,
                data=st.binary(min_size=16, max_size=16),
                rolling_start=st.integers(0, 2**31 - 1),
                rolling_period=st.integers(1, 144),
                report_type=st.integers(1, 5),
                days_since_onset=st.integers(-1_000, 1_000),
                transmission_risk=st.integers(0, 8),
            ),
            st.sampled_from(["VN", "DE", "FR"]),
        ),
        max_size=20,
    )
)
def test_a_batch_is_read_back_as_it_was_written(keys: list[FederatedKey]) -> None:
    assert [batch.judged(one) for one in batch.decode(batch.encode(keys))] == keys


@given(st.text(max_size=120))
def test_any_configuration_is_refused_that_nobody_signed(text: str) -> None:
    with pytest.raises(jws.BadTokenError):
        verified(text, [KEY.public_key()], 0)
