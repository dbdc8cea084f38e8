"""Pictures without what a camera writes beside them: place, time, name of the telephone.

JPEG (ISO 10918-1): the segments APP1 to APP13, APP15 and COM go; APP0 (JFIF) and APP14 (colours) stay, and of Exif
only which way is up. PNG: only chunks that draw stay.
"""

import struct

from vungxanh.core.errors import UserError
from vungxanh.safetymap import limits

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8"
#: PNG chunks that change what is seen
DRAWING = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"}
)
ORIENTATION = 0x0112


def cleaned(content: bytes) -> tuple[bytes, str]:
    """(the picture without its notes, media type). Raises UserError `safetymap.bad-picture`."""
    if len(content) <= limits.picture_bytes():
        if content.startswith(JPEG):
            return _jpeg(content), "image/jpeg"
        if content.startswith(PNG):
            return _png(content), "image/png"
    raise _bad()


def _bad() -> UserError:
    return UserError("safetymap.bad-picture", field="picture", megabytes=limits.picture_bytes() / 1e6)


def _jpeg(content: bytes) -> bytes:
    kept, at = [content[:2]], 2
    while True:
        if at + 4 > len(content) or content[at] != 0xFF:
            raise _bad()
        marker, size = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        segment = content[at : at + 2 + size]
        if size < 2 or len(segment) < 2 + size:
            raise _bad()
        at += 2 + size
        if marker == 0xE1:
            kept.append(_upright(segment))
        elif marker in (0xE0, 0xEE) or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            kept.append(segment)
        if marker == 0xDA:  # what follows is the picture itself, up to the end marker: nothing is kept behind it
            end = content.rfind(b"\xff\xd9")
            if end < at:
                raise _bad()
            return b"".join([*kept, content[at : end + 2]])


def _upright(segment: bytes) -> bytes:
    """Of an Exif segment only the orientation; nothing where it says none."""
    body = segment[4:]
    if not body.startswith(b"Exif\0\0") or len(body) < 14:
        return b""
    tiff = body[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return b""
    (start,) = struct.unpack(order + "I", tiff[4:8])
    if start + 2 > len(tiff):
        return b""
    (count,) = struct.unpack(order + "H", tiff[start : start + 2])
    for number in range(count):
        entry = tiff[start + 2 + 12 * number : start + 14 + 12 * number]
        if len(entry) == 12 and struct.unpack(order + "H", entry[:2])[0] == ORIENTATION:
            (way,) = struct.unpack(order + "H", entry[8:10])
            return _only(way) if 1 <= way <= 8 else b""
    return b""


def _only(way: int) -> bytes:
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, way, 0, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png(content: bytes) -> bytes:
    kept, at = [PNG], len(PNG)
    while at + 12 <= len(content):
        (size,) = struct.unpack(">I", content[at : at + 4])
        kind, chunk = content[at + 4 : at + 8], content[at : at + 12 + size]
        if len(chunk) < 12 + size:
            raise _bad()
        if kind in DRAWING:
            kept.append(chunk)
        if kind == b"IEND":
            return b"".join(kept)
        at += 12 + size
    raise _bad()
