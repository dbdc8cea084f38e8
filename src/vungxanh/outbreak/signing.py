"""The official's own digital signature: an empty field for it in our PDF, and whether a signed paper is whole.

Nothing here signs: the key stays with the official (a token, a remote service). What comes back is checked for
being whole; whether its signer is who it says is for the records office, unless a list of trusted roots is
configured (`VUNGXANH_SIGNER_ROOTS`, a PEM file).
"""

import asyncio
import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from vungxanh.core.errors import UserError

FIELD = "ChuKySo"
#: lower left of the signature block of the last page, in points: x1, y1, x2, y2
BOX = (330, 90, 540, 170)
LARGEST = 20 * 1024 * 1024


def with_field(pdf: bytes) -> bytes:
    """The PDF with an empty signature field (PAdES) on its last page."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field

    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    append_signature_field(writer, SigFieldSpec(FIELD, on_page=-1, box=BOX))
    target = BytesIO()
    writer.write(target)  # type: ignore[no-untyped-call]
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class Finding:
    """What an uploaded paper is. `checked`: whole | trusted | broken | none; `signer`: of the certificate."""

    kind: str
    checked: str
    signer: str = ""


def look_at(content: bytes, name: str, paper: bytes = b"") -> Finding:
    """A signed PDF, a detached CMS signature over `paper`, or a scan (PDF without signature, picture).

    Raises UserError `outbreak.paper-too-large`, `outbreak.paper-odd`.
    """
    if len(content) > LARGEST:
        raise UserError("outbreak.paper-too-large", most=LARGEST // 2**20)
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if name.lower().endswith((".p7s", ".p7m", ".sig")):
        return _detached(content, paper)
    if content.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        return Finding("scan", "none")
    raise UserError("outbreak.paper-odd")


def _roots() -> Any:
    """Validation against the configured roots; without any nobody is trusted."""
    from pyhanko.keys import load_certs_from_pemder
    from pyhanko_certvalidator import ValidationContext

    file = os.environ.get("VUNGXANH_SIGNER_ROOTS", "")
    roots = list(load_certs_from_pemder([file])) if file and Path(file).exists() else []  # type: ignore[no-untyped-call]
    return ValidationContext(trust_roots=roots, allow_fetching=False)


def _pdf(content: bytes) -> Finding:
    from pyhanko.pdf_utils.misc import PdfReadError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature

    try:
        signatures = PdfFileReader(BytesIO(content)).embedded_signatures
    except (PdfReadError, ValueError) as exc:
        raise UserError("outbreak.paper-odd") from exc
    if not signatures:
        return Finding("scan", "none")
    status = validate_pdf_signature(signatures[-1], signer_validation_context=_roots())
    return Finding("pades", _verdict(status), _name(status))


def _detached(content: bytes, paper: bytes) -> Finding:
    from asn1crypto import cms, pem
    from pyhanko.sign.validation import async_validate_detached_cms

    try:
        raw = pem.unarmor(content)[2] if pem.detect(content) else content
        signed = cms.ContentInfo.load(raw)["content"]
        status = asyncio.run(
            async_validate_detached_cms(BytesIO(paper), signed, signer_validation_context=_roots())
        )
    except (ValueError, TypeError, KeyError) as exc:
        raise UserError("outbreak.paper-odd") from exc
    return Finding("detached", _verdict(status), _name(status))


def _verdict(status: Any) -> str:
    if not (status.intact and status.valid):
        return "broken"
    return "trusted" if status.trusted else "whole"


def _name(status: Any) -> str:
    return str(status.signing_cert.subject.human_friendly)[:200]
