"""Matching: every planted sighting is found, nothing else is, and all 16 bytes are compared."""

import numpy as np
import pytest

from vungxanh.core.errors import UserError
from vungxanh.exposure.codec import gaen
from vungxanh.exposure.codec.keys import DiagnosisKey
from vungxanh.exposure.codec.keys import table_of as keys_of
from vungxanh.exposure.codec.revision import current_keys
from vungxanh.exposure.matching import fast
from vungxanh.exposure.matching.match import match
from vungxanh.exposure.matching.sightings import read_sightings, table_of

TEK = bytes.fromhex("75c734c6dd1a782de7a965da5eb93125")
START = 2642976
ENGINES = ["numpy", "fast"]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    if request.param == "fast" and not fast.available():
        pytest.skip("Numba or a libcrypto with SHA256_Transform is absent")
    return str(request.param)


def heard(rpi: bytes, interval: int, rssi: int = -60) -> tuple[bytes, int, int, bytes, int]:
    return (rpi, interval * 600, rssi, bytes(4), 0)


@pytest.mark.parametrize(("off", "counts"), [(0, True), (12, True), (-12, True), (13, False), (-13, False)])
def test_two_hours_either_side_and_no_more(engine: str, off: int, counts: bool) -> None:
    sighting = table_of([heard(gaen.identifier(TEK, START + 70), START + 70 + off)])
    found = match(keys_of([DiagnosisKey(TEK, START)]), sighting, engine=engine)
    assert len(found) == (1 if counts else 0)


def test_an_identifier_outside_the_period_of_the_key_does_not_match(engine: str) -> None:
    """A key released early the same day ends where it says."""
    sighting = table_of([heard(gaen.identifier(TEK, START + 70), START + 70)])
    assert len(match(keys_of([DiagnosisKey(TEK, START, 70)]), sighting, engine=engine)) == 0
    assert len(match(keys_of([DiagnosisKey(TEK, START, 71)]), sighting, engine=engine)) == 1


@pytest.mark.parametrize("byte", [0, 7, 8, 15])
def test_all_sixteen_bytes_count(engine: str, byte: int) -> None:
    rpi = bytearray(gaen.identifier(TEK, START))
    rpi[byte] ^= 1
    assert (
        len(match(keys_of([DiagnosisKey(TEK, START)]), table_of([heard(bytes(rpi), START)]), engine=engine)) == 0
    )


def test_every_sighting_of_every_key_is_named(engine: str) -> None:
    other = bytes(range(16))
    rows = [
        heard(gaen.identifier(TEK, START + 5), START + 5),
        heard(bytes(16), START),
        heard(gaen.identifier(other, START + 143), START + 143),
        heard(gaen.identifier(TEK, START + 5), START + 6),
    ]
    keys = keys_of([DiagnosisKey(other, START), DiagnosisKey(TEK, START), DiagnosisKey(bytes(16), START)])
    found = match(keys, table_of(rows), engine=engine)
    triples = sorted(zip(found.key.tolist(), found.interval.tolist(), found.sighting.tolist(), strict=True))
    assert triples == [(0, START + 143, 2), (1, START + 5, 0), (1, START + 5, 3)]


def test_nothing_against_nothing(engine: str) -> None:
    some = table_of([heard(bytes(16), START)])
    assert len(match(keys_of([]), some, engine=engine)) == 0
    assert len(match(keys_of([DiagnosisKey(TEK, START)]), some[:0], engine=engine)) == 0


def test_both_engines_find_every_planted_sighting_among_strangers() -> None:
    if not fast.available():
        pytest.skip("Numba or a libcrypto with SHA256_Transform is absent")
    random = np.random.default_rng(452)
    keys = [
        DiagnosisKey(random.bytes(16), START + 144 * int(random.integers(14)), int(random.integers(1, 145)))
        for _ in range(2_500)
    ]
    rows = [heard(random.bytes(16), START) for _ in range(3_000)]
    planted = []
    for number in range(500):
        key = int(random.integers(len(keys)))
        interval = keys[key].rolling_start + int(random.integers(keys[key].rolling_period))
        planted.append((key, interval, len(rows)))
        rows.append(heard(gaen.identifier(keys[key].data, interval), interval + number % 25 - 12))
    for engine in ENGINES:
        found = match(keys_of(keys), table_of(rows), engine=engine)
        got = zip(found.key.tolist(), found.interval.tolist(), found.sighting.tolist(), strict=True)
        assert {one for one in got if one in set(planted)} == set(planted)
        assert len(found) >= 500


def test_sightings_are_read_by_column_name() -> None:
    text = (
        "\ufeffTime,RSSI,ID,aem\n1585785600,-71,"
        + "ab" * 16
        + ",01020304\n2020-04-02T07:00:00+07:00,-60,"
        + "cd" * 16
        + ",\n\n"
    )
    found = read_sightings(text)
    assert found["at"].tolist() == [1585785600, 1585785600]
    assert found["rssi"].tolist() == [-71, -60]
    assert found["aem"].tolist() == [[1, 2, 3, 4], [0, 0, 0, 0]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "exposure.sightings-columns"),
        ("rpi,at\n", "exposure.sightings-columns"),
        ("rpi,at,rssi\nab,1,-1\n", "exposure.sightings-row"),
        ("rpi,at,rssi\n" + "ab" * 16 + ",yesterday,-1\n", "exposure.sightings-row"),
        ("rpi,at,rssi\n" + "ab" * 16 + ",1\n", "exposure.sightings-row"),
        ("rpi,at,rssi\n" + "ab" * 16 + ",1,99999\n", "exposure.sightings-row"),
        ("rpi,at,rssi\n" + "ab" * 16 + ",99999999999999999999999,-1\n", "exposure.sightings-row"),
    ],
)
def test_bad_sightings_are_refused(text: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        read_sightings(text)
    assert caught.value.code == code


def test_a_revised_key_replaces_what_was_said_before() -> None:
    first = DiagnosisKey(TEK, START, report_type=2)
    revoked = DiagnosisKey(TEK, START, report_type=5)
    assert current_keys([first], [revoked]) == [revoked]
    assert current_keys([], [revoked]) == [revoked]
