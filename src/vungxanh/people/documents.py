"""Numbers of identity documents: one spelling each, so that equal numbers hash equally."""

import re
from dataclasses import replace

from vungxanh.core.errors import UserError
from vungxanh.core.vault import keyed_hash
from vungxanh.people.schemas import DocumentIn

#: CCCD: Circular 07/2016/TT-BCA art. 7; BHYT: 15 signs of the old card, 10 digits of the new one
SHAPES = {
    "cccd": re.compile(r"\d{12}"),
    "cmnd": re.compile(r"\d{9}|\d{12}"),
    "passport": re.compile(r"[A-Z0-9]{5,20}"),
    "bhyt": re.compile(r"[A-Z]{2}[1-5]\d{12}|\d{10}"),
}


def normalised(document: DocumentIn) -> DocumentIn:
    """Without blanks, dots and dashes, in capitals.

    Raises UserError `people.document-kind` or `people.document-shape`.
    """
    shape = SHAPES.get(document.kind)
    if shape is None:
        raise UserError("people.document-kind", field="documents", kind=document.kind)
    number = re.sub(r"[\s.\-–/]", "", document.number).upper()
    if not shape.fullmatch(number):
        raise UserError("people.document-shape", field="documents", kind=document.kind)
    return replace(document, number=number)


def hash_of(document: DocumentIn) -> bytes:
    """Look-up hash of a normalised document.

    A 12-digit CMND is the same number as the CCCD after it; of an insurance card the last ten digits are the
    person's, the rest changes with the job and the province; a passport counts with its country.
    """
    kind, number = document.kind, document.number
    if kind == "cmnd" and len(number) == 12:
        kind = "cccd"
    if kind == "bhyt":
        number = number[-10:]
    country = document.country if kind == "passport" else "VNM"
    return keyed_hash("document", f"{kind}:{country}:{number}")
