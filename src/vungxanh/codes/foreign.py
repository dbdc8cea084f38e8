"""Codes of others that people hold before a gate's camera: recognised, so that the answer can say what they are.

Nothing is opened or followed. A payment code, a Wi-Fi password or another app's venue is told apart from a person.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator

from vungxanh.codes.notes import Note, note

Found = tuple[str, dict[str, str], tuple[Note, ...]]

#: pattern -> kind; the first that matches. Venue codes of other systems carry no person.
_LINKS: list[tuple[str, re.Pattern[str]]] = [
    ("venue.cwa", re.compile(r"^https://e\.coronawarn\.app/?\?v=(?P<version>\d+)#.+", re.I | re.S)),
    (
        "venue.crowdnotifier",
        re.compile(r"^https://qr(?:-dev)?\.(?:notify-me|swisscovid)\.ch/?\?v=(?P<version>\d+)#", re.I),
    ),
    ("venue.clea", re.compile(r"^https://tac\.gouv\.fr/?\?v=(?P<version>\d+)#", re.I)),
    ("venue.luca", re.compile(r"^https://app\.luca-app\.de/webapp/(?P<scanner>[0-9a-f-]{36})", re.I)),
    (
        "venue.nz",
        re.compile(r"^(?:https://tracing\.covid19\.govt\.nz/scan\S*data=|NZCOVIDTRACER:)(?P<data>[\w+/=-]+)$"),
    ),
    ("venue.nhs", re.compile(r"^UKC19TRACING:(?P<version>\d+):[\w-]+\.[\w-]+\.[\w-]+$")),
    ("venue.safeentry", re.compile(r"^https://(?:www\.)?safeentry(?:-qr)?\.gov\.sg/", re.I)),
    (
        "venue.pccovid",
        re.compile(r"^https?://(?:qr\.)?(?:tokhaiyte\.vn|pccovid\.gov\.vn)(?P<path>/\S*)?$", re.I),
    ),
    ("shc", re.compile(r"^shc:/", re.I)),
    ("divoc", re.compile(r"^PK\x03\x04")),
]
_PLAIN = {
    "wifi": "WIFI:",
    "contact": "BEGIN:VCARD",
    "contact.mecard": "MECARD:",
    "event": "BEGIN:VEVENT",
    "telephone": "tel:",
    "sms": "smsto:",
    "mail": "mailto:",
    "position": "geo:",
    "crypto": "bitcoin:",
}
_PERSONAL = {"contact", "contact.mecard", "telephone", "sms", "mail", "shc", "divoc"}
_URL = re.compile(r"^https?://([^/?#\s]+)", re.I)
_NAPAS = "A000000727"


def recognise(text: str) -> Found | None:
    """Kind, fields fit to show, warnings; None where nothing is known."""
    readers: list[Callable[[str], Found | None]] = [_payment, _venue, _common, _url]
    return next((found for read in readers if (found := read(text))), None)


def personal(kind: str) -> bool:
    """Does a code of this kind say something about a person?"""
    return kind in _PERSONAL


def _venue(text: str) -> Found | None:
    for kind, pattern in _LINKS:
        if match := pattern.match(text):
            fields = {key: value for key, value in match.groupdict().items() if value and key != "data"}
            return kind, fields | (_nz(match) if kind == "venue.nz" else {}), ()
    return None


def _nz(match: re.Match[str]) -> dict[str, str]:
    data = match["data"].replace("-", "+").replace("_", "/")
    try:
        whole = json.loads(base64.b64decode(data + "=" * (-len(data) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    if not isinstance(whole, dict):
        return {}
    return {key: str(whole[key])[:200] for key in ("gln", "opn", "adr") if key in whole}


def _common(text: str) -> Found | None:
    for kind, prefix in _PLAIN.items():
        if text[: len(prefix)].lower() == prefix.lower():
            return kind, _wifi(text) if kind == "wifi" else {}, ()
    return None


def _wifi(text: str) -> dict[str, str]:
    """The network's name, never its password."""
    found = re.search(r"[:;]S:((?:\\.|[^;\\])*);", text)
    return {"network": re.sub(r"\\(.)", r"\1", found.group(1))} if found else {}


def _url(text: str) -> Found | None:
    match = _URL.match(text)
    return ("url", {"host": match.group(1).rpartition("@")[2].lower()}, ()) if match else None


# ------------------------------------------------------------------ EMVCo payment codes (VietQR)


def _payment(text: str) -> Found | None:
    """EMVCo merchant code: id, length, value; tag 63 = CRC-16/CCITT-FALSE over everything before its value."""
    if not text.startswith("000201"):
        return None
    items = dict(_items(text))
    if "58" not in items and "38" not in items:
        return None
    notes = () if _crc_good(text, items) else (note("payment-crc"),)
    account = dict(_items(items.get("38", "")))
    kind = "payment.vietqr" if account.get("00") == _NAPAS else "payment"
    return kind, {"country": items.get("58", ""), "currency": items.get("53", "")}, notes


def _items(text: str) -> Iterator[tuple[str, str]]:
    while len(text) >= 4 and text[:4].isascii() and text[:4].isdigit():
        size = int(text[2:4])
        yield text[:2], text[4 : 4 + size]
        text = text[4 + size :]


def _crc_good(text: str, items: dict[str, str]) -> bool:
    stated = items.get("63", "")
    return (
        bool(stated) and text.endswith(stated) and f"{_crc(text[: -len(stated)].encode()):04X}" == stated.upper()
    )


def _crc(raw: bytes) -> int:
    value = 0xFFFF
    for byte in raw:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1) ^ 0x1021 if value & 0x8000 else value << 1
            value &= 0xFFFF
    return value
