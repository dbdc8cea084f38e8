"""Padding, the index, the HMAC of keys, keys in JSON."""

from base64 import b64decode, b64encode

import pytest

from vungxanh.core.errors import UserError
from vungxanh.exposure.codec import key_json
from vungxanh.exposure.codec.index import IndexEntry, read_index, write_index
from vungxanh.exposure.codec.key_hmac import allowed_hmacs, key_hmac
from vungxanh.exposure.codec.keys import DiagnosisKey, keys_of, table_of
from vungxanh.exposure.codec.padding import padding_count, padding_for

SECRET = bytes(range(1, 17))


def published(risk_one: int, risk_two: int) -> list[DiagnosisKey]:
    """Keys of the vector in google/exposure-notifications-server `pkg/verification/utils_test.go`."""
    return [
        DiagnosisKey(b64decode("z2Cx9hdz2SlxZ8GEgqTYpA=="), 1, 144, transmission_risk=risk_one),
        DiagnosisKey(b64decode("dPCphLzfG4uzXneNimkPRQ=="), 144, 144, transmission_risk=risk_two),
    ]


def test_hmac_of_the_published_vector() -> None:
    assert b64encode(key_hmac(published(3, 5), SECRET)) == b"2u1nHt5WWurJytFLF3xitNzM99oNrad2y4YGOL53AeY="


def test_risk_may_be_left_out_only_where_every_one_is_zero() -> None:
    assert len(allowed_hmacs(published(0, 0), SECRET)) == 2
    assert len(allowed_hmacs(published(0, 1), SECRET)) == 1


def test_hmac_does_not_depend_on_the_order_of_keys() -> None:
    assert key_hmac(published(3, 5)[::-1], SECRET) == key_hmac(published(3, 5), SECRET)


@pytest.mark.parametrize(
    ("real", "low", "high"), [(0, 0, 0), (1, 999, 1099), (999, 1, 101), (1000, 0, 0), (5000, 0, 0)]
)
def test_a_small_window_is_filled_and_an_empty_one_is_not(real: int, low: int, high: int) -> None:
    counts = {padding_count(real) for _ in range(300)}
    assert low <= min(counts) <= max(counts) <= high
    if high > low:
        assert len(counts) > 50  # the number added varies


def test_padding_says_what_real_keys_say_and_has_bytes_of_its_own() -> None:
    real = table_of(
        [DiagnosisKey(bytes([n] * 16), 1000 + n, 144 - n, 1, n - 3) for n in range(7)],
    )
    made = padding_for(real, 1000)
    said = {(k.rolling_start, k.rolling_period, k.report_type, k.days_since_onset) for k in keys_of(real)}
    found = keys_of(made)
    shares = [sum(k.rolling_start == 1000 + n for k in found) for n in range(7)]
    assert {(k.rolling_start, k.rolling_period, k.report_type, k.days_since_onset) for k in found} == said
    assert len({k.data for k in found}) == 1000
    assert sum(shares) == 1000
    assert min(shares) >= 142  # 1000 // 7
    assert len(padding_for(real[:0], 10)) == 0


def test_index_is_sorted_and_read_with_any_folder() -> None:
    entries = [IndexEntry(1596844800, 1596848400, 2), IndexEntry(1596844800, 1596848400, 1)]
    text = write_index("vn", entries)
    assert text == "vn/1596844800-1596848400-00001.zip\nvn/1596844800-1596848400-00002.zip\n"
    assert read_index(text) == sorted(entries)
    assert read_index("a/b/" + entries[0].name) == entries[:1]


def test_a_line_that_is_no_file_is_named() -> None:
    with pytest.raises(UserError) as caught:
        read_index("vn/1596844800-1596848400-00001.zip\nvn/../../etc/passwd\n")
    assert caught.value.params == {"line": 2}


def test_keys_are_read_under_our_names_and_googles() -> None:
    ours = {"keys": [{"key": "00" * 16, "rolling_start": 5, "report_type": "self_report", "days_since_onset": -2}]}
    theirs = {
        "temporaryExposureKeys": [
            {
                "key": "Fy/EgOWYSQw0F3YEM5sVQw==",
                "rollingStartNumber": 2649980,
                "rollingPeriod": 1,
                "transmissionRisk": 8,
            }
        ]
    }
    assert key_json.keys_from_json(ours) == [DiagnosisKey(bytes(16), 5, 144, 3, -2)]
    found = key_json.keys_from_json(theirs)[0]
    assert (found.data.hex(), found.rolling_start, found.rolling_period, found.transmission_risk) == (
        "172fc480e598490c34177604339b1543",
        2649980,
        1,
        8,
    )
    assert key_json.keys_from_json([key_json.key_as_json(found)]) == [found]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({}, "exposure.bad-keys-file"),
        ([1], "exposure.bad-key"),
        ([{"key": "AA==", "rolling_start": 1}], "exposure.bad-key"),
        ([{"key": "g" * 32, "rolling_start": 1}], "exposure.bad-key"),
        ([{"key": "00" * 16}], "exposure.bad-key-field"),
        ([{"key": "00" * 16, "rolling_start": True}], "exposure.bad-key-field"),
        ([{"key": "00" * 16, "rolling_start": 1, "rolling_period": 145}], "exposure.bad-key-field"),
        ([{"key": "00" * 16, "rolling_start": 1, "report_type": "ill"}], "exposure.bad-key-field"),
        ([{"key": "00" * 16, "rolling_start": 2**31}], "exposure.bad-key-field"),
    ],
)
def test_bad_keys_are_refused(document: object, code: str) -> None:
    with pytest.raises(UserError) as caught:
        key_json.keys_from_json(document)
    assert caught.value.code == code
