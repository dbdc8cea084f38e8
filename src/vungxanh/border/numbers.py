"""Numbers of documents that a scanned or typed text may mean. Pure."""

import re

from vungxanh.codes import mrz
from vungxanh.codes.decode import decode


def document_numbers(text: str) -> list[str]:
    """Numbers that the text may mean: of a zone, of a card, or as typed."""
    found = decode(text)
    if isinstance(found.value, mrz.Mrz):
        return [number for number in (found.value.number, found.value.personal_number) if number]
    fields = {name: found.fields[name] for name in ("number", "document") if name in found.fields}
    typed = re.sub(r"[\s.\-]", "", text).upper()
    return [*fields.values(), *([typed] if re.fullmatch(r"[A-Z0-9]{5,20}", typed) else [])]
