"""Diagnosis keys as JSON: Google's publish names on the way in, ours too; ours on the way out."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from vungxanh.core.errors import UserError
from vungxanh.exposure.codec.keys import INTERVALS_A_DAY, KEY_BYTES, DiagnosisKey, ReportType

#: our name -> Google's
NAMES = {
    "key": "key",
    "rolling_start": "rollingStartNumber",
    "rolling_period": "rollingPeriod",
    "transmission_risk": "transmissionRisk",
    "report_type": "reportType",
    "days_since_onset": "daysSinceOnset",
    "variant": "variantOfConcern",
}
LIMITS = {
    "rolling_start": (0, 2**31 - 1),
    "rolling_period": (1, INTERVALS_A_DAY),
    "transmission_risk": (0, 8),
    "report_type": (0, 5),
    "days_since_onset": (-1_000, 1_000),
    "variant": (0, 4),
}


def key_bytes(text: object) -> bytes:
    """16 bytes from base64 (24 characters) or hexadecimal (32). Raises UserError `exposure.bad-key`."""
    try:
        if isinstance(text, str) and len(text) == 2 * KEY_BYTES:
            found = bytes.fromhex(text)
        else:
            found = b64decode(text, validate=True) if isinstance(text, str) else b""
    except (ValueError, binascii.Error) as exc:
        raise UserError("exposure.bad-key", field="key") from exc
    if len(found) != KEY_BYTES:
        raise UserError("exposure.bad-key", field="key")
    return found


def _number(item: Mapping[str, Any], name: str, default: int | None) -> int | None:
    value = item.get(name, item.get(NAMES[name], default))
    if name == "report_type" and isinstance(value, str):
        value = ReportType.__members__.get(value.upper(), value)
    low, high = LIMITS[name]
    if value is None and default is None and name == "days_since_onset":
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise UserError("exposure.bad-key-field", field=NAMES[name], name=NAMES[name], low=low, high=high)
    return value


def key_from_json(item: object) -> DiagnosisKey:
    """One key. Raises UserError `exposure.bad-key`, `exposure.bad-key-field`."""
    if not isinstance(item, Mapping):
        raise UserError("exposure.bad-key", field="key")
    return DiagnosisKey(
        data=key_bytes(item.get("key")),
        rolling_start=_number(item, "rolling_start", -1) or 0,
        rolling_period=_number(item, "rolling_period", INTERVALS_A_DAY) or 0,
        transmission_risk=_number(item, "transmission_risk", 0) or 0,
        report_type=_number(item, "report_type", ReportType.CONFIRMED_TEST) or 0,
        days_since_onset=_number(item, "days_since_onset", None),
        variant=_number(item, "variant", 0) or 0,
    )


def keys_from_json(
    document: object, names: tuple[str, ...] = ("keys", "temporaryExposureKeys")
) -> list[DiagnosisKey]:
    """A list of keys, alone or under one of `names`. Raises UserError `exposure.bad-keys-file` and the above."""
    found = document
    if isinstance(document, Mapping):
        found = next((document[name] for name in names if name in document), None)
    if not isinstance(found, list):
        raise UserError("exposure.bad-keys-file")
    return [key_from_json(item) for item in found]


def key_as_json(key: DiagnosisKey) -> dict[str, object]:
    return {
        "key": key.data.hex(),
        "rolling_start": key.rolling_start,
        "rolling_period": key.rolling_period,
        "report_type": ReportType(key.report_type).name.lower(),
        "days_since_onset": key.days_since_onset,
        "transmission_risk": key.transmission_risk,
        "variant": key.variant,
    }
