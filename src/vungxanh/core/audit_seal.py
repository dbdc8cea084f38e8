"""Seals: the chain's head and count, signed, in a file outside the database.

A chain can be cut at its tail or rewritten from some row on and still be whole in itself; a seal taken before
shows it. Each seal also holds the hash of the seal before, so that the file cannot be thinned out unseen.
The file is a line of JSON a seal; copy it to another machine as often as possible.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.utils import timezone

from vungxanh.core.audit import GENESIS, Fault, chain_faults
from vungxanh.core.home import home, secrets_dir
from vungxanh.core.secret_files import kept


def seal_file() -> Path:
    """`audit/seals.jsonl` of the installation, or where `VUNGXANH_AUDIT_SEALS` says (another disk is better)."""
    given = os.environ.get("VUNGXANH_AUDIT_SEALS")
    path = Path(given) if given else home() / "audit" / "seals.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def signing_key() -> Ed25519PrivateKey:
    """`secrets/audit.key`, made on first use."""
    made = kept(secrets_dir() / "audit.key", lambda: Ed25519PrivateKey.generate().private_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(made)


def public_key() -> Ed25519PublicKey:
    """What verifies the seals; an auditor may keep it elsewhere (`VUNGXANH_AUDIT_PUBLIC_KEY`, base64)."""
    given = os.environ.get("VUNGXANH_AUDIT_PUBLIC_KEY")
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(given)) if given else signing_key().public_key()


def public_key_text() -> str:
    raw = public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def seal() -> dict[str, Any]:
    """Sign the head of now and append it to the seal file, on the disk before this returns. -> the seal."""
    from vungxanh.core.models import AuditEvent

    last = AuditEvent.objects.order_by("-seq").first()
    lines = _lines()
    body: dict[str, Any] = {
        "count": last.seq if last else 0,
        "head": bytes(last.hash if last else GENESIS).hex(),
        "at": timezone.now().isoformat(timespec="seconds"),
        "previous": _line_hash(lines[-1]) if lines else "",
    }
    made = body | {"signature": base64.b64encode(signing_key().sign(_signed(body))).decode()}
    with seal_file().open("a", encoding="utf-8") as out:
        out.write(json.dumps(made, sort_keys=True) + "\n")
        out.flush()
        os.fsync(out.fileno())
    return made


def _lines() -> list[str]:
    file = seal_file()
    return file.read_text("utf-8").splitlines() if file.exists() else []


def _line_hash(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()


def _signed(body: dict[str, Any]) -> bytes:
    """What is signed: the seal without its signature, in one spelling."""
    return json.dumps({k: v for k, v in body.items() if k != "signature"}, sort_keys=True).encode()


def faults() -> list[Fault]:
    """Everything wrong: the chain in itself, then the chain against the seals."""
    from vungxanh.core.models import AuditEvent

    events = AuditEvent.objects.order_by("seq")
    return [*chain_faults(events.iterator(chunk_size=2000)), *seal_faults()]


def seal_faults() -> Iterator[Fault]:
    """Cut tails, rewritten chains, forged or missing seals."""
    key, previous, good = public_key(), "", None
    for number, line in enumerate(_lines(), 1):
        found = _read_seal(line, key)
        if found is None or found["previous"] != previous:
            yield Fault(number, "seal-forged", f"line {number} of {seal_file().name} is not what was sealed")
        else:
            fault = _against_chain(found, good)
            yield from [fault] if fault else []
            good = found if fault is None else good
        previous = _line_hash(line)


def _read_seal(line: str, key: Ed25519PublicKey) -> dict[str, Any] | None:
    """A seal whose signature holds, else None."""
    try:
        found: dict[str, Any] = json.loads(line)
        key.verify(base64.b64decode(found["signature"]), _signed(found))
    except (ValueError, KeyError, TypeError, InvalidSignature):
        return None
    return found


def _against_chain(sealed: dict[str, Any], good: dict[str, Any] | None) -> Fault | None:
    """Does the chain still pass through the sealed head?"""
    from vungxanh.core.models import AuditEvent

    count = int(sealed["count"])
    if count == 0:
        return None
    row = AuditEvent.objects.filter(seq=count).first()
    if row is None:
        held = AuditEvent.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        text = f"sealed {sealed['at']} with {count} rows; the last row now is {held}"
        return Fault(held + 1, "cut", text)
    if bytes(row.hash).hex() != sealed["head"]:
        since = int(good["count"]) + 1 if good else 1
        return Fault(since, "rewritten", f"rows {since} to {count} are not those that were sealed {sealed['at']}")
    return None
