"""Records of JSON requests -> what the actions take; a record that cannot be read says which field."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from datetime import date
from typing import Any

from vungxanh.exposure.codec.keys import KEY_BYTES, ReportType
from vungxanh.exposure.publish.request import BAD_REQUEST, RefusedError
from vungxanh.exposure.schemas import HeardIn, LabRecord, SharedIn

REPORTS = {
    "confirmed": ReportType.CONFIRMED_TEST,
    "likely": ReportType.CONFIRMED_CLINICAL,
    "user-report": ReportType.SELF_REPORT,
}


def _whole(item: Mapping[str, Any], name: str, low: int, high: int) -> int:
    value = item.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise RefusedError(BAD_REQUEST, f"not-a-number:{name}")
    return value


def _sixteen(item: Mapping[str, Any], name: str) -> bytes:
    """16 bytes in hexadecimal or base64."""
    text = item.get(name)
    try:
        if isinstance(text, str) and len(text) == 2 * KEY_BYTES:
            found = bytes.fromhex(text)
        else:
            found = b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError) as exc:
        raise RefusedError(BAD_REQUEST, f"not-bytes:{name}") from exc
    if len(found) != KEY_BYTES:
        raise RefusedError(BAD_REQUEST, f"not-bytes:{name}")
    return found


def mapping(item: object) -> Mapping[str, Any]:
    if not isinstance(item, Mapping):
        raise RefusedError(BAD_REQUEST, "not-a-record")
    return item


def own_id(item: Mapping[str, Any]) -> str:
    """The sender's own id of a record."""
    value = item.get("id")
    if not isinstance(value, str) or not 1 <= len(value) <= 100:
        raise RefusedError(BAD_REQUEST, "not-text:id")
    return value


def encounter(item: object) -> SharedIn:
    """One encounter of a device. Raises RefusedError `bad_request`."""
    found = mapping(item)
    return SharedIn(
        key=_sixteen(found, "key"),
        rpi=_sixteen(found, "rpi"),
        interval=_whole(found, "interval", 0, 2**32 - 1),
        start=_whole(found, "start", 0, 2**36),
        end=_whole(found, "end", 0, 2**36),
        seconds=_whole(found, "seconds", 0, 86_400),
        loss=_whole(found, "loss", -128, 255),
    )


def heard(item: Mapping[str, Any]) -> HeardIn:
    """One record of a gateway. Raises RefusedError `bad_request`."""
    return HeardIn(
        own_id(item), _sixteen(item, "rpi"), _whole(item, "at", 0, 2**36), _whole(item, "rssi", -128, 30)
    )


def lab_record(item: Mapping[str, Any]) -> LabRecord:
    """One positive result. Raises RefusedError `bad_request`."""
    phone, onset, report = item.get("phone", ""), item.get("onset"), item.get("report_type", "confirmed")
    if not isinstance(report, str) or report not in REPORTS:
        raise RefusedError(BAD_REQUEST, "report_type")
    if not isinstance(phone, str) or len(phone) > 20:
        raise RefusedError(BAD_REQUEST, "not-text:phone")
    try:
        day = None if onset is None else date.fromisoformat(onset)
    except (TypeError, ValueError) as exc:
        raise RefusedError(BAD_REQUEST, "not-a-date:onset") from exc
    return LabRecord(own_id(item), _whole(item, "case_id", 1, 2**62), day, REPORTS[report], phone)
