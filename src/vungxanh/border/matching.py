"""A carrier's passenger list against declarations: who has not declared, who differs. Pure.

Numbers of documents decide; without one, folded name and year of birth on the same flight do, as `likely`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from vungxanh.codes.parts import folded

#: what reservation systems write behind a name
TITLES = {"MR", "MRS", "MS", "MISS", "MSTR", "CHD", "INF", "DR"}

State = Literal["declared", "differs", "likely", "missing"]


@dataclass(frozen=True, slots=True)
class Traveller:
    """One person of a list or of a declaration. `key`: line of the list, or id of the declaration."""

    key: int
    name: str
    document: str = ""
    birth_year: int | None = None
    flight: str = ""
    seat: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of the list and the declaration found for it. `differences`: fields, never values."""

    line: int
    state: State
    declaration: int | None = None
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matched:
    """`extra`: declarations of this flight that are on no line."""

    pairs: list[Pair]
    extra: list[int] = field(default_factory=list)


def match(listed: Iterable[Traveller], declared: Iterable[Traveller]) -> Matched:
    """Each declaration is used once; the latest of a document counts (callers give them in order of time)."""
    everybody = list(declared)
    by_document = {_document(one.document): one for one in everybody if one.document}
    by_name: Mapping[tuple[str, int | None], Traveller] = {_name(one): one for one in everybody}
    used: set[int] = set()
    pairs = []
    for line in listed:
        found, sure = _find(line, by_document, by_name, used)
        if found is None:
            pairs.append(Pair(line.key, "missing"))
            continue
        used.add(found.key)
        different = differences(line, found)
        state: State = "likely" if not sure else "differs" if different else "declared"
        pairs.append(Pair(line.key, state, found.key, different))
    return Matched(pairs, [one.key for one in everybody if one.key not in used])


def _find(
    line: Traveller,
    by_document: Mapping[str, Traveller],
    by_name: Mapping[tuple[str, int | None], Traveller],
    used: set[int],
) -> tuple[Traveller | None, bool]:
    found = by_document.get(_document(line.document)) if line.document else None
    if found is not None and found.key not in used:
        return found, True
    found = by_name.get(_name(line))
    return (found, False) if found is not None and found.key not in used else (None, False)


def differences(line: Traveller, found: Traveller) -> tuple[str, ...]:
    """Fields that both tell and that do not agree."""
    told = {
        "name": (_words(line.name), _words(found.name)),
        "document": (_document(line.document), _document(found.document)),
        "birth_year": (line.birth_year, found.birth_year),
        "flight": (line.flight, found.flight),
        "seat": (line.seat, found.seat),
        "day": (line.day, found.day),
    }
    return tuple(name for name, (one, other) in told.items() if one and other and one != other)


def _document(number: str) -> str:
    return "".join(letter for letter in number.upper() if letter.isalnum())


def _words(name: str) -> tuple[str, ...]:
    """Carriers write the family name first, last, or before a slash, with a title behind: words without order."""
    words = folded(name.replace("/", " ")).split()
    titled = "/" in name and len(words) > 1 and words[-1] in TITLES
    return tuple(sorted(words[:-1] if titled else words))


def _name(one: Traveller) -> tuple[str, int | None]:
    return " ".join(_words(one.name)), one.birth_year
