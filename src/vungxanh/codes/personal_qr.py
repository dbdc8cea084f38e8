"""The personal QR that all apps of 2021 shared (QĐ 1405/QĐ-BTTTT v1.1).

`SoGiayTo|HoTen|NgaySinh|LoaiDinhDanh|QID|EXT`, EXT = `declarer's QID<sex<BHYT<phone<signature…`. Plain text,
seldom signed: it proves that a code was shown, not who showed it. A masked display (`******029317`,
`1987-**-**`) is matched by its QID.
"""

import re
from dataclasses import dataclass
from datetime import date

from vungxanh.codes import identity, phone
from vungxanh.codes.identity import Sex
from vungxanh.codes.notes import Note, note
from vungxanh.codes.parts import clean, day, folded, year
from vungxanh.core.errors import UserError

#: six fields, the fourth 0 or 1, the third a date that may be masked
SHAPE = re.compile(r"^([0-9A-Z*]{5,20})\|([^|]+)\|([\d*]{4}-[\d*]{2}-[\d*]{2})\|([01])\|([^|]*)\|([^|]*)$")
_SEXES: dict[str, Sex | None] = {"0": None, "1": "M", "2": "F"}


@dataclass(frozen=True, slots=True)
class PersonalQr:
    """One personal code. `document` keeps its asterisks where the display was masked."""

    document: str
    name: str
    birth: date | None
    birth_year: int | None
    for_other: bool
    qid: str
    declarer_qid: str = ""
    sex: Sex | None = None
    insurance: str = ""
    phone: str = ""
    signature: str = ""
    more: tuple[str, ...] = ()
    warnings: tuple[Note, ...] = ()

    @property
    def masked(self) -> bool:
        return "*" in self.document


def parse(text: str) -> PersonalQr:
    """Raises UserError `codes.bad-personal-qr` where the six fields are not there."""
    match = SHAPE.match(clean(text))
    if not match:
        raise UserError("codes.bad-personal-qr")
    document, name, birth_text, for_other, qid, ext = match.groups()
    items = (ext.split("<") + [""] * 5)[: max(5, ext.count("<") + 1)]
    notes = _notes(document, birth_text, items) + ([] if name.isascii() else [note("name-marks")])
    return PersonalQr(
        document=document,
        name=name.strip(),
        birth=day(birth_text),
        birth_year=year(birth_text),
        for_other=for_other == "1",
        qid=qid.strip(),
        declarer_qid=items[0],
        sex=_SEXES.get(items[1]),
        insurance=items[2],
        phone=_e164(items[3]),
        signature=items[4],
        more=tuple(items[5:]),
        warnings=tuple(notes),
    )


def build(found: PersonalQr) -> str:
    """The text of a code: name folded, empty items kept, trailing ones dropped as the published example does."""
    sex = {"M": "1", "F": "2"}.get(found.sex or "", "0")
    local = found.phone.replace("+84", "0", 1)
    items = [found.declarer_qid, sex, found.insurance, local, found.signature, *found.more]
    while len(items) > 4 and not items[-1]:
        items.pop()
    birth = found.birth.isoformat() if found.birth else f"{found.birth_year or '****'}-**-**"
    fields = [found.document, folded(found.name), birth, str(int(found.for_other)), found.qid, "<".join(items)]
    return "|".join(field.replace("|", " ") for field in fields)


def _e164(text: str) -> str:
    found = phone.parse_or_none(text) if text else None
    return found.e164 if found else text


def _notes(document: str, birth_text: str, items: list[str]) -> list[Note]:
    notes = [note("masked")] if "*" in document + birth_text else []
    if "*" not in birth_text and day(birth_text) is None:
        notes.append(note("bad-birth"))
    if document.isdigit() and len(document) == 12:
        number = identity.parse_cccd(document)
        notes += number.warnings
        notes += identity.disagreements(number, sex=_SEXES.get(items[1]), birth_year=year(birth_text))
    return notes
