"""Answers on paper: a printed, filled form carries them in its code, sealed for us alone; keying in is a scan.

`VXF1:` + base45 of the vault's ciphertext, letters that a QR packs densely and a keyboard-type scanner can type.
"""

import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import base45

from vungxanh.core.errors import OperatorError, UserError
from vungxanh.core.vault import decrypt, encrypt
from vungxanh.forms.definition import Form

PREFIX, CLASS = "VXF1:", "paper-form"
#: a filled form has 1,000 to 2,000 letters; a QR holds 4,296
LONGEST = 4296


@dataclass(frozen=True, slots=True)
class Filled:
    """What a paper says. `key` is the paper's own: scanned twice, it is one declaration."""

    form: str
    key: str
    answers: dict[str, Any]


def pack(form: Form, answers: Mapping[str, Any]) -> str:
    """Raises UserError `declarations.paper-too-long` where the answers do not fit into one code."""
    told = {"f": form.key, "k": secrets.token_urlsafe(12), "a": dict(answers)}
    raw = encrypt(CLASS, json.dumps(told, ensure_ascii=False, separators=(",", ":")))
    text: str = PREFIX + base45.b45encode(raw).decode()
    if len(text) > LONGEST:
        raise UserError("declarations.paper-too-long")
    return text


def unpack(text: str) -> Filled:
    """Raises UserError `declarations.paper-unreadable`."""
    bare = text.strip("\r\n\t")[: LONGEST + 1]
    try:
        told = json.loads(decrypt(CLASS, base45.b45decode(bare.removeprefix(PREFIX))))
        return Filled(str(told["f"]), str(told["k"]), dict(told["a"]))
    except (OperatorError, ValueError, KeyError, TypeError, IndexError, binascii.Error) as exc:
        raise UserError("declarations.paper-unreadable", field="code") from exc
