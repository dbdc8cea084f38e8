"""The text of a dispatch that comes as a file: DOCX, PDF with a text layer, or plain text."""

from io import BytesIO

from vungxanh.core.errors import UserError

LARGEST = 10 * 1024 * 1024
#: a page of a dispatch has some 2,500 letters; less than this in the whole file is a scan
LEAST_LETTERS = 80


def text_of(raw: bytes) -> str:
    """Raises UserError `command.file-too-large`, `.file-unreadable`, `.file-scanned` for a picture of a paper."""
    if len(raw) > LARGEST:
        raise UserError("command.file-too-large", field="file", most=LARGEST // 1024 // 1024)
    text = _docx(raw) if raw.startswith(b"PK\x03\x04") else _pdf(raw) if raw.startswith(b"%PDF") else _plain(raw)
    if sum(sign.isalpha() for sign in text) < LEAST_LETTERS:
        raise UserError("command.file-scanned", field="file")
    return text[:200_000]


def _docx(raw: bytes) -> str:
    """Head, body and foot in the order of the paper: the head of a dispatch is a table."""
    from docx import Document
    from docx.oxml.ns import qn

    try:
        body = Document(BytesIO(raw)).element.body
        blocks = [block for block in body.iterchildren() if block.tag in (qn("w:p"), qn("w:tbl"))]
        lines = [
            "".join(node.text or "" for node in line.iter(qn("w:t")))
            for block in blocks
            for line in block.iter(qn("w:p"))
        ]
    except Exception as exc:  # python-docx and zipfile raise whatever a broken archive makes them raise
        raise UserError("command.file-unreadable", field="file") from exc
    return "\n".join(lines)


def _pdf(raw: bytes) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PdfReadError

    try:
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(raw)).pages[:50])
    except (PdfReadError, ValueError, KeyError, OSError) as exc:
        raise UserError("command.file-unreadable", field="file") from exc


def _plain(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise UserError("command.file-unreadable", field="file") from exc
