"""Machine-readable zones of passports, identity cards and visas (ICAO Doc 9303), typed, photographed or scanned.

Every check digit is recomputed. A zone whose digits disagree is still returned with `valid` False, because the
officer must see what was read; where swapping look-alikes (O and 0, I and 1 …) makes all digits agree, that is
a `suggestion`, never applied.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache

from vungxanh.codes.identity import Sex
from vungxanh.codes.mrz_layout import TD1, TD2, Layout, Slice, layout_of
from vungxanh.codes.mrz_lines import FORM, lines_of
from vungxanh.codes.notes import Note, note
from vungxanh.codes.tables import table
from vungxanh.core.errors import UserError

WEIGHTS = (7, 3, 1)
#: a document that seems to expire later than this many years ahead expired in the last century
FARTHEST_EXPIRY = 30
_LOOKALIKE = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "G": "6", "B": "8"}
_LOOKALIKE_BACK = {"0": "O", "1": "I", "2": "Z", "5": "S", "6": "G", "8": "B"}


@dataclass(frozen=True, slots=True)
class Mrz:
    """One zone. `checks`: name of each check digit -> does it agree; `personal_number`: on Vietnamese cards."""

    format: str
    document: str
    issuer: str
    number: str
    nationality: str
    birth: date | None
    sex: Sex | None
    expiry: date | None
    surname: str
    given: str
    truncated: bool
    optional: str
    optional2: str
    personal_number: str
    checks: tuple[tuple[str, bool], ...]
    suggestion: str | None
    lines: tuple[str, ...]
    warnings: tuple[Note, ...] = ()

    @property
    def valid(self) -> bool:
        """All check digits agree."""
        return all(good for _, good in self.checks)


def check_digit(text: str) -> int:
    """7-3-1 check digit of `text`: digits as they are, A = 10 … Z = 35, `<` = 0."""
    return sum(_value(letter) * WEIGHTS[index % 3] for index, letter in enumerate(text)) % 10


def parse(text: str, today: date | None = None) -> Mrz:
    """`text` (lines, or all in one) -> Mrz. `today` decides the century.

    Raises UserError `codes.bad-mrz` (no known shape) or `codes.mrz-character` (a letter no zone has).
    """
    lines, notes = lines_of(text)
    layout = layout_of(lines)
    if layout is None:
        raise UserError("codes.bad-mrz", lengths=" + ".join(str(len(line)) for line in lines))
    when = today or datetime.now(UTC).date()
    found = _read(layout, lines, when)
    suggestion = None if found.valid else _suggest(layout, lines, when)
    return _with(found, suggestion, (*notes, *_notes(found, when, suggestion)))


def find(text: str, today: date | None = None) -> Mrz | None:
    """As `parse` where `text` has the form of a zone and at least one check digit agrees, else None."""
    if not FORM.search(text):
        return None
    try:
        found = parse(text, today)
    except UserError:
        return None
    return found if any(good for _, good in found.checks) else None


def _read(layout: Layout, lines: list[str], today: date) -> Mrz:
    number, optional, number_good = _number(layout, lines)
    birth, expiry = _cut(lines, layout.birth), _cut(lines, layout.expiry)
    issuer = _cut(lines, layout.issuer).rstrip("<")
    surname, given, truncated = _names(_cut(lines, layout.names))
    personal, vietnamese = _vietnamese(layout, lines, issuer)
    checks = [("number", number_good), ("birth", _agrees(lines, layout.birth))]
    checks += [("expiry", _agrees(lines, layout.expiry)), *_further(layout, lines), *vietnamese]
    return Mrz(
        format=layout.name,
        document=lines[0][:2].rstrip("<"),
        issuer=issuer,
        number=number,
        nationality=_cut(lines, layout.nationality).rstrip("<"),
        birth=_birth(birth, today),
        sex={"M": "M", "F": "F"}.get(_cut(lines, layout.sex)),  # type: ignore[arg-type]
        expiry=_expiry(expiry, today, permanent=bool(vietnamese)),
        surname=surname,
        given=given,
        truncated=truncated,
        optional=optional.replace("<", " ").strip(),
        optional2=_cut(lines, layout.optional2).replace("<", " ").strip() if layout.optional2 else "",
        personal_number=personal,
        checks=tuple(checks),
        suggestion=None,
        lines=tuple(lines),
    )


def _with(found: Mrz, suggestion: str | None, notes: tuple[Note, ...]) -> Mrz:
    return replace(found, suggestion=suggestion, warnings=notes)


# ------------------------------------------------------------------ fields


def _cut(lines: list[str], where: Slice) -> str:
    line, first, end = where
    return lines[line][first:end]


def _value(letter: str) -> int:
    return 0 if letter == "<" else int(letter, 36)


def _agrees(lines: list[str], where: Slice) -> bool:
    """Does the digit right after the field check it? Dates must be digits or, unknown, fillers."""
    field, digit = _cut(lines, where), lines[where[0]][where[2]]
    dated = where[2] - where[1] != 6 or bool(re.fullmatch(r"(?:\d\d|<<){3}", field))
    return dated and digit.isdigit() and check_digit(field) == int(digit)


def _number(layout: Layout, lines: list[str]) -> tuple[str, str, bool]:
    """Document number, optional data after it, and whether its check digit agrees.

    A number of more than nine characters goes on in the optional field and ends with its check digit.
    """
    start, optional = _cut(lines, layout.number), _cut(lines, layout.optional)
    digit = lines[layout.number[0]][layout.number[2]]
    if digit == "<" and layout in (TD1, TD2):
        rest, _, after = optional.partition("<")
        if rest and rest[-1].isdigit():
            whole = start + rest[:-1]
            return whole, after, check_digit(whole) == int(rest[-1])
    return start.rstrip("<"), optional, digit.isdigit() and check_digit(start) == int(digit)


def _further(layout: Layout, lines: list[str]) -> list[tuple[str, bool]]:
    checks = []
    if layout.optional_check:
        field, digit = _cut(lines, layout.optional), lines[1][42]
        empty = not field.strip("<") and digit == "<"
        checks.append(("optional", empty or (digit.isdigit() and check_digit(field) == int(digit))))
    if layout.composite:
        covered = "".join(_cut(lines, where) for where in layout.composite)
        digit = lines[1][-1]
        checks.append(("composite", digit.isdigit() and check_digit(covered) == int(digit)))
    return checks


def _vietnamese(layout: Layout, lines: list[str], issuer: str) -> tuple[str, list[tuple[str, bool]]]:
    """Chip card: the number is the last nine of twelve digits that stand whole behind it with their own check."""
    if layout is not TD1 or issuer != "VNM" or not lines[0].startswith("I"):
        return "", []
    whole, gap, digit = lines[0][15:27], lines[0][27:29], lines[0][29]
    good = whole.isdigit() and gap == "<<" and digit.isdigit() and check_digit(whole) == int(digit)
    return whole, [("personal_number", good), ("number_in_personal_number", whole[3:] == lines[0][5:14])]


def _names(field: str) -> tuple[str, str, bool]:
    surname, _, given = field.rstrip("<").partition("<<")
    return surname.replace("<", " ").strip(), given.replace("<", " ").strip(), not field.endswith("<")


def _birth(text: str, today: date) -> date | None:
    """Two-digit years: birth is never in the future."""
    this = _date(2000, text)
    return this if this and this <= today else _date(1900, text)


def _expiry(text: str, today: date, *, permanent: bool) -> date | None:
    """`permanent`: Vietnamese cards without an end say 31 December 99."""
    this = _date(2000, text)
    if this is None or permanent or this.year <= today.year + FARTHEST_EXPIRY:
        return this
    return _date(1900, text)


def _date(century: int, text: str) -> date | None:
    if not (text.isascii() and text.isdigit()):
        return None
    try:
        return date(century + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        return None


# ------------------------------------------------------------------ what to say about it


def _notes(found: Mrz, today: date, suggestion: str | None) -> list[Note]:
    notes = [note("mrz-check", field=name) for name, good in found.checks if not good]
    if suggestion:
        notes.append(note("mrz-suggestion", text=suggestion.replace("\n", " / ")))
    if found.birth is None:
        notes.append(note("mrz-birth-partial"))
    if found.expiry and found.expiry < today:
        notes.append(note("mrz-expired", day=found.expiry.isoformat()))
    if found.truncated:
        notes.append(note("mrz-truncated"))
    codes = {found.issuer, found.nationality} - {""}
    return notes + [note("mrz-country", country=code) for code in sorted(codes) if not known_country(code)]


@cache
def known_country(code: str) -> bool:
    """ISO 3166-1 alpha-3 or one of the special codes of Doc 9303."""
    import pycountry

    special = table("mrz_countries")
    return bool(pycountry.countries.get(alpha_3=code)) or code in special["special"] or code in special["former"]


def _suggest(layout: Layout, lines: list[str], today: date) -> str | None:
    """The one reading with look-alikes swapped that satisfies every check digit; None if none or several.

    Dates alone come first: L and 1, G and 6 are blind spots of the check digit, so swaps in the number prove less.
    """
    plain, *swapped = _swapped(layout, lines)
    for ways in ([plain], swapped):
        good = {way for way in ways if _read(layout, list(way), today).valid}
        if good:
            return "\n".join(good.pop()) if len(good) == 1 else None
    return None


def _swapped(layout: Layout, lines: list[str]) -> list[tuple[str, ...]]:
    """Digit fields with letters made digits; beside that, each letter of the number swapped in turn."""
    line, first, end = layout.number
    clean = [_digits_only(layout, row, text) for row, text in enumerate(lines)]
    ways = [tuple(clean)]
    for place in range(first, end):
        letter = clean[line][place]
        for other in {_LOOKALIKE.get(letter), _LOOKALIKE_BACK.get(letter)} - {None}:
            changed = clean[line][:place] + str(other) + clean[line][place + 1 :]
            ways.append((*clean[:line], changed, *clean[line + 1 :]))
    return ways


def _digits_only(layout: Layout, row: int, text: str) -> str:
    """Look-alike letters made digits in dates and check digits of one line."""
    dates = [where for where in (layout.birth, layout.expiry) if where[0] == row]
    places = {place for where in dates for place in range(where[1], where[2] + 1)}
    if layout.number[0] == row:
        places.add(layout.number[2])
    if layout.composite and row == 1:
        places.add(layout.width - 1)
    return "".join(_LOOKALIKE.get(letter, letter) if at in places else letter for at, letter in enumerate(text))
