"""Every decoder on hostile text: a verdict or the user's error, never a crash, never a hang."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vungxanh.codes import (
    bhyt_qr,
    cccd_qr,
    dcc,
    identity,
    keysafe,
    mrz,
    personal_qr,
    phone,
    signed,
    telex,
    trust,
    vdsnc,
)  # fmt: skip
from vungxanh.codes.decode import decode
from vungxanh.codes.signed import Kind, TagKey
from vungxanh.core.errors import UserError

TODAY = date(2026, 11, 22)
SEEDS = [
    "001093029317|NGUYEN LE KHA HAN|1987-01-18|0|162979388586171100|<1<HS4010120878821<0944713700",
    "079302001234||Trần Thị Thử|09092002|Nữ|12/3, Phường 5|30062022",
    "HS4010120878811|4e677579e1bb856e|1955|1|4e|01–061|01/01/2021|31/12/2021|-|-|-|4|-|x|$",
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "IDVNM0900000177001090000017<<8\n9002155M3002153VNM<<<<<<<<<<<2\nNGUYEN<<VAN<A<<<<<<<<<<<<<<<<<",
    "HC1:NCFOXN%TSMAHN-HLWKA3NX9M$GB9LJI7245JD 4VSFJ599MJ4DT5B9U+TMMP5VC9:BPCNUKMOFE1JAA/CWVDXCI*ZAVD",
    '{"data":{"hdr":{"t":"icao.vacc","v":1,"is":"VNM"},"msg":{"pid":{"n":"A"}}},"sig":{"alg":"ES256"}}',
    "00020101021138540010A00000072701240006970436011000110099885303704580 2VN6304ABCD",
    "WIFI:T:WPA;S:Quan;P:x;;",
    "VX1:" + keysafe.encode(b"\x01\x02" + b"k" * 4 + b"s" * 64 + b"\x84\x01\x02\x03\xa0"),
    "https://x.vn/v/" + signed.short(Kind.POSTER, 5, TagKey(1, b"k")),
    "+84 944 713 700",
]
PIECES = st.sampled_from(
    ["|", "<", "\n", "\x00", "é", "đ", "Ệ", "Ǆ", "😀", "=1+1", "9", "A", "%", " ", "\ud800", "{", "٣"]
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A real code, cut, with pieces put in, doubled or turned."""
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(text)))
        end = draw(st.integers(at, min(len(text), at + 8)))
        text = text[:at] + draw(PIECES) + text[end:]
    return text[draw(st.integers(0, 3)) :] if draw(st.booleans()) else text * draw(st.integers(1, 3))


TEXTS = mutated() | st.text(max_size=300) | st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<|:%", max_size=300)
READERS: list[Callable[[str], Any]] = [
    phone.parse, identity.parse, personal_qr.parse, cccd_qr.parse, bhyt_qr.parse,
    mrz.parse, dcc.parse, vdsnc.parse, identity.parse_passport,
]  # fmt: skip


def answered(read: Callable[[str], Any], text: str) -> Any:
    """The value, or the user's error; anything else is a crash."""
    try:
        return read(text)
    except UserError as exc:
        return exc


hostile = settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=2000)


@given(TEXTS)
@hostile
def test_decode_always_answers(text: str) -> None:
    found = decode(text, TODAY)
    assert found.kind
    assert all(isinstance(value, str) for value in found.fields.values())
    assert found.as_json()["kind"] == found.kind


@pytest.mark.parametrize("read", READERS, ids=lambda read: f"{read.__module__}.{read.__name__}")
@given(text=TEXTS)
@hostile
def test_readers_answer_or_name_the_fault(read: Callable[[str], Any], text: str) -> None:
    found = answered(read, text)
    assert found
    for item in [found] if isinstance(found, UserError) else getattr(found, "warnings", ()):
        assert item.text("vi")
        assert item.text("en")


@given(TEXTS)
@hostile
def test_short_codes_and_signed_texts_answer(text: str) -> None:
    short = signed.read_short(text, [TagKey(1, b"other")])
    assert short is None or short.verdict is not signed.Verdict.VALID
    assert signed.verify(text, [], 0) is None or text.strip().upper().startswith("VX1:")


@given(st.binary(max_size=300))
@hostile
def test_a_certificate_of_any_bytes_answers(raw: bytes) -> None:
    import base45

    for text in ("HC1:" + base45.b45encode(raw).decode(), "HC1:" + base45.b45encode(b"\xd2\x84" + raw).decode()):
        found = answered(dcc.parse, text)
        if isinstance(found, dcc.Dcc):
            assert dcc.verify(found, trust.TrustList(), datetime(2022, 1, 1, tzinfo=UTC)) == "unknown-signer"
        else:
            assert found.code == "codes.bad-dcc"


@given(st.binary(max_size=400))
def test_key_safe_text_is_the_bytes_again(raw: bytes) -> None:
    assert keysafe.decode(keysafe.encode(raw)) == raw


# ------------------------------------------------------------------ an input method, modelled key by key

SHAPES = {"aa": "â", "ee": "ê", "oo": "ô", "aw": "ă", "ow": "ơ", "uw": "ư", "dd": "đ"}


def telex_types(keys: str) -> str:
    """Telex at its simplest: two keys side by side make one letter, each pair once."""
    out = ""
    for key in keys:
        pair = (out[-1:] + key).lower()
        if pair in SHAPES:
            made = SHAPES[pair]
            out = out[:-1] + (made.upper() if out[-1].isupper() else made)
        else:
            out += key
    return out


@given(st.text("ADEOUWNHTGC", min_size=1, max_size=9))
def test_what_telex_makes_is_among_the_ways_back(keys: str) -> None:
    typed = telex_types(keys)
    assert typed == keys or keys in list(telex.candidates(typed, "telex"))


@given(st.text(keysafe.ALPHABET, max_size=60))
def test_telex_changes_nothing_in_our_own_alphabet(keys: str) -> None:
    assert telex_types(keys) == keys


@given(st.text("áàảãạâấđĐươƯỢ", min_size=1, max_size=80))
@settings(deadline=2000, max_examples=30)
def test_ways_back_are_bounded(text: str) -> None:
    assert len(list(telex.candidates(text, "telex"))) <= telex.MOST
