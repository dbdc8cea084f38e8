"""Whatever bytes come, a parser answers or refuses with one of its codes; it never breaks."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generative.exposure.strategies import diagnosis_keys
from vungxanh.core.errors import UserError, catalogue
from vungxanh.exposure.codec import archive
from vungxanh.exposure.codec.adverts import parse_advert
from vungxanh.exposure.codec.bluezone_files import read_cases, read_history
from vungxanh.exposure.codec.export_file import MAGIC
from vungxanh.exposure.codec.export_read import read_export
from vungxanh.exposure.codec.export_write import write_export
from vungxanh.exposure.codec.index import read_index
from vungxanh.exposure.codec.key_json import keys_from_json
from vungxanh.exposure.codec.keys import DiagnosisKey, table_of
from vungxanh.exposure.codec.signature import Signer, load_public_key, new_private_key
from vungxanh.exposure.jws import BadTokenError
from vungxanh.exposure.jws import sign as sign_token
from vungxanh.exposure.jws import verify as verify_token
from vungxanh.exposure.matching.sightings import read_sightings
from vungxanh.exposure.publish.request import RefusedError, parse
from vungxanh.exposure.risk.window_json import windows_from_json

SIGNER = Signer(new_private_key())
CODES = {""} | {f"exposure.{name}" for name in catalogue("exposure")}
PUBLIC = [SIGNER.key.public_key()]


def refusal(call: Callable[[], object]) -> str:
    """The code of a refusal, or nothing where there is an answer. Anything else that is raised fails the test."""
    try:
        call()
    except UserError as exc:
        return exc.code
    return ""


KEYS = [DiagnosisKey(bytes([n] * 16), 2_650_000 + n) for n in range(3)]
FILE = write_export(start=1_600_000_000, end=1_600_003_600, keys=table_of(KEYS), signers=[SIGNER])


@given(st.lists(diagnosis_keys(), max_size=30), st.lists(diagnosis_keys(), max_size=5))
def test_what_is_written_is_read(keys: list[DiagnosisKey], revised: list[DiagnosisKey]) -> None:
    raw = write_export(start=1, end=2, keys=table_of(keys), revised=table_of(revised), signers=[SIGNER])
    found = read_export(raw, PUBLIC)
    assert sorted(found.keys, key=repr) == sorted(keys, key=repr)
    assert sorted(found.revised, key=repr) == sorted(revised, key=repr)
    assert [key.data for key in found.keys] == sorted(key.data for key in keys)


@settings(max_examples=400)
@given(st.integers(0, len(FILE) * 8 - 1))
def test_a_flipped_bit_is_refused_or_changes_nothing(bit: int) -> None:
    damaged = bytearray(FILE)
    damaged[bit // 8] ^= 1 << bit % 8
    code = refusal(lambda: read_export(bytes(damaged), PUBLIC))
    if code:
        assert code.startswith("exposure.export-")
    else:
        assert read_export(bytes(damaged), PUBLIC) == read_export(FILE, PUBLIC)


@given(st.integers(0, len(FILE) - 1))
def test_a_cut_file_is_refused(length: int) -> None:
    assert refusal(lambda: read_export(FILE[:length], PUBLIC)).startswith("exposure.export-")


@settings(max_examples=300)
@given(st.binary(max_size=300), st.binary(max_size=100))
def test_any_members_are_answered(body: bytes, signature: bytes) -> None:
    for data in (body, MAGIC + body):
        for keys in (None, PUBLIC):
            file, known = archive.pack(data, signature), keys
            assert refusal(lambda: read_export(file, known)) in CODES  # noqa: B023


@given(st.binary(max_size=200))
def test_any_bytes_are_answered(raw: bytes) -> None:
    parse_advert(raw)
    for parser in (read_export, load_public_key):
        assert refusal(lambda: parser(raw)) in CODES  # noqa: B023


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    for parser in (read_index, read_cases, lambda t: list(read_history(t))):
        assert refusal(lambda: parser(text)) in CODES  # noqa: B023


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=33),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["keys", "key", "rolling_start", "report_type", "data"]), inner, max_size=4
        )
    ),
    max_leaves=10,
)


@given(JSON)
def test_any_json_is_answered(document: object) -> None:
    assert refusal(lambda: keys_from_json(document)) in CODES


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
SENT = st.fixed_dictionaries(
    {},
    optional={
        "key": st.sampled_from(["AAAAAAAAAAAAAAAAAAAAAA==", "AAAA"]) | SCALARS,
        "rollingStartNumber": st.integers(0, 2**31) | SCALARS,
        "rollingPeriod": st.integers(-1, 145) | SCALARS,
        "transmissionRisk": SCALARS,
    },
)
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "temporaryExposureKeys": st.lists(SENT | SCALARS, max_size=4) | SCALARS,
        "healthAuthorityID": SCALARS,
        "verificationPayload": SCALARS,
        "hmacKey": st.just("AAAA") | SCALARS,
        "symptomOnsetInterval": SCALARS,
        "revisionToken": SCALARS,
        "traveler": SCALARS,
    },
)


@settings(max_examples=300)
@given(REQUESTS)
def test_any_publish_request_is_read_or_refused(document: dict[str, object]) -> None:
    raw = json.dumps(document).encode()
    with suppress(RefusedError):
        found = parse(raw, 65_536)
        assert all(len(key.data) == 16 for key in found.keys)


@given(st.binary(max_size=300))
def test_any_bytes_are_no_request_or_one(raw: bytes) -> None:
    with suppress(RefusedError):
        parse(raw, 65_536)


@given(st.text(alphabet=st.sampled_from("eyJ.AQ-_=+/ \n0é"), max_size=80) | st.text(max_size=80))
def test_no_text_is_a_certificate(text: str) -> None:
    with pytest.raises(BadTokenError):
        verify_token(text, lambda _: SIGNER.key.public_key())


@given(st.dictionaries(st.sampled_from(["aud", "exp", "nbf", "profiles", "iss"]), SCALARS, max_size=5))
def test_any_signed_claims_are_read_back(claims: dict[str, object]) -> None:
    sane = {name: value for name, value in claims.items() if value == value}
    token = sign_token(sane, SIGNER.key, "v1")
    assert verify_token(token, lambda _: SIGNER.key.public_key()) == sane


HEAD = st.sampled_from(["rpi,at,rssi", "id,time,rssi,aem,since", "rssi,rpi", ""])
CELL = st.text(max_size=12) | st.just("00" * 16) | st.integers().map(str) | st.just("2022-05-03T09:00Z")


@given(HEAD, st.lists(st.lists(CELL, max_size=5).map(",".join), max_size=4))
def test_any_sightings_are_answered(head: str, lines: list[str]) -> None:
    assert refusal(lambda: read_sightings("\n".join([head, *lines]))) in CODES


WINDOW = st.dictionaries(
    st.sampled_from(
        ["date", "ageInDays", "dateMillisSinceEpoch", "scans", "report_type", "infectiousness", "daysSinceOnset"]
    ),
    SCALARS | st.lists(st.dictionaries(st.sampled_from(["typical", "min", "seconds"]), SCALARS), max_size=2),
    max_size=6,
)


@given(st.lists(WINDOW | SCALARS, max_size=3) | st.dictionaries(st.just("windows"), SCALARS))
def test_any_windows_are_answered(document: object) -> None:
    assert refusal(lambda: windows_from_json(document, date(2022, 5, 3))) in CODES
