"""Bluetooth advertisements: the 31-byte frame of Exposure Notification and the 23-byte frame of Bluezone.

The order of the structures and the flags are the phone's business, so parsers accept any.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from vungxanh.exposure.codec.gaen import SERVICE_UUID

FLAGS, UUIDS_16, SERVICE_DATA_16, MANUFACTURER = 0x01, 0x03, 0x16, 0xFF
#: general discoverable, BR/EDR not supported, simultaneous LE and BR/EDR: what iOS sends
GAEN_FLAGS = 0x1A

BLUEZONE_SERVICE = 0x4E56
BLUEZONE_COMPANY = 0x22B5
BLUEZONE_SERVICE_IOS = "00004E56-73F5-4BC4-A12F-17D1AD07A667"
#: GATT characteristic that iOS phones are read by: its value is the 12-byte identifier
BLUEZONE_CHARACTERISTIC = "00004E56-73F5-4BC4-A12F-17D1AD07A689"
BLUEZONE_ID_BYTES = 12


@dataclass(frozen=True, slots=True)
class GaenFrame:
    rpi: bytes
    aem: bytes


@dataclass(frozen=True, slots=True)
class BluezoneFrame:
    bluezone_id: bytes


def structure(kind: int, body: bytes) -> bytes:
    """One advertising structure: length, type, body."""
    return bytes([len(body) + 1, kind]) + body


def structures(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """(type, body) of each structure; stops quietly at padding or a length that overruns the frame."""
    at = 0
    while at < len(raw) and raw[at]:
        end = at + 1 + raw[at]
        if end > len(raw):
            return
        yield raw[at + 1], raw[at + 2 : end]
        at = end


def gaen_advert(rpi: bytes, aem: bytes) -> bytes:
    """The 31 bytes of a non-connectable Exposure Notification advertisement."""
    uuid = SERVICE_UUID.to_bytes(2, "little")
    return (
        structure(FLAGS, bytes([GAEN_FLAGS]))
        + structure(UUIDS_16, uuid)
        + structure(SERVICE_DATA_16, uuid + rpi + aem)
    )


def bluezone_advert(bluezone_id: bytes, flags: int = 0x02) -> bytes:
    """The 23 bytes that an Android phone with Bluezone sends; its stack sets the flags."""
    return (
        structure(FLAGS, bytes([flags]))
        + structure(MANUFACTURER, BLUEZONE_COMPANY.to_bytes(2, "little") + bluezone_id)
        + structure(UUIDS_16, BLUEZONE_SERVICE.to_bytes(2, "little"))
    )


def parse_advert(raw: bytes) -> GaenFrame | BluezoneFrame | None:
    """The frame within an advertisement, or None where it is somebody else's."""
    for kind, body in structures(raw):
        if kind == SERVICE_DATA_16 and len(body) == 22 and body[:2] == SERVICE_UUID.to_bytes(2, "little"):
            return GaenFrame(body[2:18], body[18:])
        if kind == MANUFACTURER and len(body) == 14 and body[:2] == BLUEZONE_COMPANY.to_bytes(2, "little"):
            return BluezoneFrame(body[2:])
    return None
