"""The publish request of Google's key server, read strictly; and a refusal with one of its codes."""

import binascii
import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vungxanh.exposure.codec.keys import INTERVALS_A_DAY, KEY_BYTES, DiagnosisKey


class RefusedError(Exception):
    """Nothing was written. `code` is Google's, `rule` ours; neither says what was in the request."""

    def __init__(self, code: str, rule: str, status: int = 400) -> None:
        super().__init__(rule)
        self.code, self.rule, self.status = code, rule, status


BAD_REQUEST = "bad_request"


@dataclass(frozen=True, slots=True)
class PublishRequest:
    """Keys as sent, in order; `onset_interval` and `revision_token` are None where absent."""

    keys: tuple[DiagnosisKey, ...]
    authority: str
    certificate: str
    hmac_key: bytes
    onset_interval: int | None
    revision_token: str | None
    traveller: bool


def parse_object(raw: bytes, most: int) -> dict[str, Any]:
    """JSON object of at most `most` bytes. Raises RefusedError `bad_request`."""
    if len(raw) > most:
        raise RefusedError(BAD_REQUEST, "too-large", 413)
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError) as exc:
        raise RefusedError(BAD_REQUEST, "unparsable") from exc
    if not isinstance(document, dict):
        raise RefusedError(BAD_REQUEST, "unparsable")
    return document


def parse(raw: bytes, most: int) -> PublishRequest:
    """Raises RefusedError `bad_request`."""
    document = parse_object(raw, most)
    keys = document.get("temporaryExposureKeys")
    if not isinstance(keys, list):
        raise RefusedError(BAD_REQUEST, "no-keys")
    return PublishRequest(
        keys=tuple(_key(item) for item in keys),
        authority=text_of(document, "healthAuthorityID"),
        certificate=text_of(document, "verificationPayload"),
        hmac_key=_bytes(text_of(document, "hmacKey")),
        onset_interval=_number(document, "symptomOnsetInterval", None),
        revision_token=text_of(document, "revisionToken") or None,
        traveller=document.get("traveler") is True,
    )


def text_of(document: Mapping[str, Any], name: str) -> str:
    """A text field; absent is empty. Raises RefusedError `bad_request`."""
    value = document.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RefusedError(BAD_REQUEST, f"not-text:{name}")
    return value


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError) as exc:
        raise RefusedError(BAD_REQUEST, "not-base64") from exc


def _number(item: Mapping[str, Any], name: str, default: int | None) -> int | None:
    value = item.get(name, default)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**31) <= value < 2**31:
        raise RefusedError(BAD_REQUEST, f"not-a-number:{name}")
    return value


def _key(item: object) -> DiagnosisKey:
    if not isinstance(item, Mapping):
        raise RefusedError(BAD_REQUEST, "not-a-key")
    data = _bytes(text_of(item, "key"))
    if len(data) != KEY_BYTES:
        raise RefusedError(BAD_REQUEST, "key-length")
    return DiagnosisKey(
        data=data,
        rolling_start=_number(item, "rollingStartNumber", 0) or 0,
        # the interface lets 0 stand for a whole day
        rolling_period=_number(item, "rollingPeriod", INTERVALS_A_DAY) or INTERVALS_A_DAY,
        transmission_risk=_number(item, "transmissionRisk", 0) or 0,
    )
