"""Photographs from phones, made safe to keep: what the picture shows stays, where and by what it was taken goes.

Only the marker segments of JPEG (ITU-T T.81, annex B) and the chunks of PNG (ISO/IEC 15948) that a viewer needs
are copied; EXIF, GPS, XMP, comments and anything after the picture's end are left out. The one EXIF value that is
kept is the orientation, because without it photographs lie on their side.
"""

import struct
from collections.abc import Iterator

from vungxanh.core.errors import UserError

#: bytes; a phone's photograph has 2 to 6 MB
LARGEST = 8 * 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"sRGB", b"gAMA", b"cHRM"}
_STANDALONE = {0x01, *range(0xD0, 0xD8)}
_ORIENTATION = 0x0112


def cleaned(raw: bytes) -> tuple[bytes, str]:
    """(picture, content type). Raises UserError `exchange.photo-too-large`, `exchange.photo-unreadable`."""
    if len(raw) > LARGEST:
        raise UserError("exchange.photo-too-large", field="photo", most=LARGEST // 1024 // 1024)
    try:
        if raw.startswith(_PNG):
            return _PNG + b"".join(_png(raw)), "image/png"
        if raw.startswith(b"\xff\xd8\xff"):
            return b"".join(_jpeg(raw)), "image/jpeg"
    except (IndexError, struct.error, ValueError) as exc:
        raise UserError("exchange.photo-unreadable", field="photo") from exc
    raise UserError("exchange.photo-unreadable", field="photo")


def _png(raw: bytes) -> Iterator[bytes]:
    at = len(_PNG)
    while True:
        length, kind = struct.unpack_from(">I4s", raw, at)
        chunk = raw[at : at + 12 + length]
        if len(chunk) != 12 + length:
            raise ValueError("cut off")
        if kind in _PNG_KEPT:
            yield chunk
        if kind == b"IEND":
            return
        at += 12 + length


def _jpeg(raw: bytes) -> Iterator[bytes]:
    yield b"\xff\xd8"
    turned = _orientation(raw)
    if turned > 1:
        yield _exif_of(turned)
    at = 2
    while True:
        if raw[at] != 0xFF:
            raise ValueError("no marker")
        marker = raw[at + 1]
        if marker == 0xFF:  # fill
            at += 1
            continue
        if marker == 0xD9:
            yield b"\xff\xd9"
            return
        if marker in _STANDALONE:
            at += 2
            continue
        end = _segment_end(raw, at)
        if not (0xE1 <= marker <= 0xED or marker in (0xEF, 0xFE)):  # APP0 and APP14 say how to decode
            yield raw[at:end]
        at = end
        if marker == 0xDA:
            end = _scan_end(raw, at)
            yield raw[at:end]
            at = end


def _segment_end(raw: bytes, at: int) -> int:
    (length,) = struct.unpack_from(">H", raw, at + 2)
    end = at + 2 + int(length)
    if length < 2 or end > len(raw):
        raise ValueError("cut off")
    return end


def _scan_end(raw: bytes, at: int) -> int:
    """Where the next marker stands that is no stuffed byte and no restart."""
    while True:
        at = raw.index(b"\xff", at)
        if raw[at + 1] != 0x00 and not 0xD0 <= raw[at + 1] <= 0xD7:
            return at
        at += 2


def _orientation(raw: bytes) -> int:
    """1 to 8 of the first EXIF segment; 1 where there is none or it cannot be read."""
    at = 2
    while raw[at] == 0xFF and raw[at + 1] not in (0xDA, 0xD9):
        end = _segment_end(raw, at)
        if raw[at + 1] == 0xE1 and raw[at + 4 : at + 10] == b"Exif\x00\x00":
            return _read_orientation(raw[at + 10 : end])
        at = end
    return 1


def _read_orientation(tiff: bytes) -> int:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 14:
        return 1
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    if first + 2 > len(tiff):
        return 1
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    for entry in range(min(count, 200)):
        start = first + 2 + 12 * entry
        if start + 12 > len(tiff):
            return 1
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, start)
        if tag == _ORIENTATION:
            return int(value) if 1 <= value <= 8 else 1
    return 1


def _exif_of(orientation: int) -> bytes:
    """The smallest EXIF segment that says how the picture is turned."""
    tiff = (
        b"MM\x00\x2a\x00\x00\x00\x08\x00\x01"
        + struct.pack(">HHIHH", _ORIENTATION, 3, 1, orientation, 0)
        + bytes(4)
    )
    body = b"Exif\x00\x00" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
