"""Pictures keep what is seen and lose what the camera wrote."""

import struct
import zlib

import pytest

from vungxanh.core.errors import UserError
from vungxanh.safetymap.pictures import PNG, cleaned


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def exif(order: str, *entries: tuple[int, int, int, bytes]) -> bytes:
    mark = {"<": b"II*\0", ">": b"MM\0*"}[order]
    rows = b"".join(struct.pack(order + "HHI", tag, kind, count) + value for tag, kind, count, value in entries)
    return b"Exif\0\0" + mark + struct.pack(order + "IH", 8, len(entries)) + rows + struct.pack(order + "I", 0)


def jpeg(*middle: bytes) -> bytes:
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34" + b"\xff\xd9"
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
        + b"".join(middle)
        + segment(0xDB, b"\0" * 65)
        + scan
    )


@pytest.mark.parametrize("order", ["<", ">"])
def test_place_and_maker_go_and_the_way_up_stays(order: str) -> None:
    way = struct.pack(order + "HH", 6, 0)
    notes = exif(order, (0x010F, 2, 4, b"ACME"), (0x0112, 3, 1, way), (0x8825, 4, 1, b"GPS!"))
    found, kind = cleaned(
        jpeg(segment(0xE1, notes), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>"), segment(0xFE, b"Nha toi"))
    )
    assert kind == "image/jpeg"
    assert not any(word in found for word in (b"ACME", b"GPS!", b"adobe", b"Nha toi"))
    assert found == jpeg(segment(0xE1, exif(">", (0x0112, 3, 1, struct.pack(">HH", 6, 0)))))


def test_a_picture_without_notes_is_the_same() -> None:
    assert cleaned(jpeg())[0] == jpeg()


def test_what_hangs_behind_the_picture_goes() -> None:
    assert cleaned(jpeg() + b"secret")[0] == jpeg()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def test_png_keeps_only_what_draws() -> None:
    head, data, end = chunk(b"IHDR", b"\0" * 13), chunk(b"IDAT", b"x"), chunk(b"IEND", b"")
    found = cleaned(PNG + head + chunk(b"eXIf", b"GPS!") + chunk(b"tEXt", b"Author") + data + end + b"tail")
    assert found == (PNG + head + data + end, "image/png")


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"GIF89a",
        b"\xff\xd8",
        b"\xff\xd8\xff\xe1\x00\x01",
        PNG,
        PNG + b"\0\0\xff\xffIDAT",
        b"\xff\xd8" + b"\xff" * 2_000_000,
    ],
)
def test_what_is_no_whole_picture_is_refused(bad: bytes) -> None:
    with pytest.raises(UserError, match="JPEG or PNG"):
        cleaned(bad)
