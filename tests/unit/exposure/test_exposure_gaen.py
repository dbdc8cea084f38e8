"""Exposure Notification v1.2: keys, identifiers, metadata, frames. Vectors: the published v1.2 test vectors."""

import json
from pathlib import Path

import pytest

from vungxanh.exposure.codec import gaen
from vungxanh.exposure.codec.adverts import (
    BluezoneFrame,
    GaenFrame,
    bluezone_advert,
    gaen_advert,
    parse_advert,
    structure,
)

TEK = bytes.fromhex("75c734c6dd1a782de7a965da5eb93125")
START = 2642976


def test_keys_derived_from_the_published_day_key() -> None:
    assert gaen.rpi_key(TEK).hex() == "185ad91db69ec7dd048960f1f3ba6175"
    assert gaen.metadata_key(TEK).hex() == "d57c46af7a1d83965b9bed8bd152936a"
    assert gaen.identifier(TEK, START).hex() == "8be6cd371c5c891604bfbe49df845096"


@pytest.mark.needs_data
def test_all_official_vectors(data: Path) -> None:
    vectors = json.loads((data / "exposure" / "test_vectors_v1_2.json").read_text())
    tek, metadata = bytes.fromhex(vectors["tek"]), bytes.fromhex(vectors["metadata"])
    expected = vectors["advertised"]
    rpis = gaen.identifiers(tek, vectors["rolling_start_interval_number"], vectors["rolling_period"])
    assert len(expected) == 144
    assert [rpi.hex() for rpi in rpis] == [row["rpi"] for row in expected]
    assert [gaen.crypt_metadata(tek, rpi, metadata).hex() for rpi in rpis] == [row["aem"] for row in expected]


def test_interval_is_ten_minutes_and_a_key_begins_at_utc_midnight() -> None:
    assert gaen.interval_number(1585785600) == START  # 2020-04-02T00:00Z
    assert gaen.interval_number(1585785599.9) == START - 1
    assert gaen.day_start(START + 143) == START
    assert gaen.day_start(START + 144) == START + 144


def test_new_keys_are_sixteen_bytes_and_differ() -> None:
    keys = {gaen.new_key() for _ in range(100)}
    assert len(keys) == 100
    assert {len(key) for key in keys} == {16}


def test_metadata_of_the_vector_says_eight_dbm_version_one() -> None:
    found = gaen.Metadata.from_bytes(bytes.fromhex("40080000"))
    assert (found.tx_power, found.major, found.minor, found.confidence) == (8, 1, 0, 0)
    assert gaen.Metadata(8).to_bytes().hex() == "40080000"


@pytest.mark.parametrize(("power", "byte"), [(-15, 0xF1), (0, 0x00), (-127, 0x81), (127, 0x7F)])
def test_transmit_power_is_a_signed_byte(power: int, byte: int) -> None:
    raw = gaen.Metadata(power).to_bytes()
    assert raw[1] == byte
    assert gaen.Metadata.from_bytes(raw).tx_power == power


def test_calibration_is_read_from_version_one_one_only() -> None:
    assert gaen.Metadata.from_bytes(bytes([0x4C, 0, 0, 0])).confidence == 0
    assert gaen.Metadata.from_bytes(bytes([0x5C, 0, 0, 0])).confidence == 3
    assert gaen.Metadata(-15, minor=1, confidence=2).to_bytes() == bytes([0x58, 0xF1, 0, 0])


def test_attenuation_is_power_lost_on_the_way() -> None:
    assert gaen.attenuation(-15, -70) == 55
    assert gaen.attenuation(-15, -70, correction=5) == 50


def test_advertisement_is_the_31_bytes_of_the_specification() -> None:
    rpi, aem = bytes(range(16)), bytes.fromhex("a1b2c3d4")
    raw = gaen_advert(rpi, aem)
    assert raw.hex() == "02011a" + "03036ffd" + "17166ffd" + rpi.hex() + aem.hex()
    assert len(raw) == 31
    assert parse_advert(raw) == GaenFrame(rpi, aem)


def test_frames_are_found_in_any_order_and_without_flags() -> None:
    rpi, aem = bytes(16), bytes(4)
    service = structure(0x16, b"\x6f\xfd" + rpi + aem)
    assert parse_advert(service) == GaenFrame(rpi, aem)
    assert parse_advert(service + structure(0x03, b"\x6f\xfd") + structure(0x01, b"\x1a")) == GaenFrame(rpi, aem)
    assert parse_advert(gaen_advert(rpi, aem) + bytes(10)) == GaenFrame(rpi, aem)


def test_bluezone_advertisement_is_the_23_bytes_that_android_sent() -> None:
    found = bytes.fromhex("286bce589ab994efa5f73cad")
    raw = bluezone_advert(found)
    assert raw.hex() == "020102" + "0fffb522" + found.hex() + "0303564e"
    assert len(raw) == 23
    assert parse_advert(raw) == BluezoneFrame(found)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00",
        b"\x01",
        b"\x17\x16\x6f\xfd",  # a length beyond the end
        structure(0x16, b"\x6f\xfd" + bytes(19)),  # a byte short
        structure(0x16, b"\x6e\xfd" + bytes(20)),  # another service
        structure(0xFF, b"\x4c\x00" + bytes(12)),  # another maker
        structure(0xFF, b"\xb5\x22" + bytes(11)),
    ],
)
def test_what_is_not_ours_is_nothing(raw: bytes) -> None:
    assert parse_advert(raw) is None
