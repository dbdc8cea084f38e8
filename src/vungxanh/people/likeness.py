"""Are two records one person? Scored from what they share and what speaks against it, each point with its reason.

The machine proposes; a person judges. Vietnamese habits it knows: marks left out, Đ written D, tones placed
otherwise (all gone in the folded form), words in another order, Thị and Văn left out, a nickname in brackets,
typing errors.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from rapidfuzz import fuzz

from vungxanh.core.vietnamese import fold, syllables, toned

#: middle names so common that people leave them out
FILLERS = frozenset({"thi", "van"})
#: from this score a pair is shown to somebody
CANDIDATE = 60
#: from this score an import offers "the same person" as the first choice
LIKELY = 80
_BRACKETS = re.compile(r"[(\[\"“/]([^)\]\"”/]+)[)\]\"”/]?")

#: reason -> points
POINTS = {
    "document": 45,
    "phone": 25,
    "birth-date": 20,
    "birth-year": 10,
    "commune": 8,
    "sex-differs": -20,
    "birth-differs": -30,
    "document-differs": -25,
    "phone-differs": -6,
}
#: how alike the names are -> points; the reason says in what they differ
NAME_POINTS = 45


@dataclass(frozen=True, slots=True)
class Facts:
    """What is compared. Phones and documents are hashes."""

    name: str
    sex: int = 3
    birth_date: date | None = None
    birth_year: int | None = None
    phones: Collection[bytes] = field(default=())
    documents: Collection[bytes] = field(default=())
    home: str = ""

    @property
    def year(self) -> int | None:
        return self.birth_date.year if self.birth_date else self.birth_year


def score(one: Facts, other: Facts) -> tuple[int, tuple[str, ...]]:
    """(0-100, reasons, the strongest first)."""
    name, why = name_likeness(one.name, other.name)
    reasons = [why, *_signs(one, other)] if why else list(_signs(one, other))
    points = name * NAME_POINTS + sum(POINTS.get(reason, 0) for reason in reasons)
    if name < 0.3 and "document" not in reasons:  # a family shares a telephone, not a name
        points = min(points, CANDIDATE - 1)
    return max(0, min(100, round(points))), tuple(reasons)


def _signs(one: Facts, other: Facts) -> Iterator[str]:
    yield from _shared("document", one.documents, other.documents)
    yield from _shared("phone", one.phones, other.phones)
    if one.birth_date and other.birth_date:
        yield from _birth_dates(one.birth_date, other.birth_date)
    elif one.year and other.year:
        if one.year == other.year:
            yield "birth-year"
        elif abs(one.year - other.year) > 1:
            yield "birth-differs"
    if one.home and one.home == other.home and one.home.count("/") >= 3:
        yield "commune"
    if {one.sex, other.sex} == {1, 2}:
        yield "sex-differs"


def _shared(name: str, one: Collection[bytes], other: Collection[bytes]) -> Iterator[str]:
    if set(one) & set(other):
        yield name
    elif one and other:
        yield f"{name}-differs"


def _birth_dates(one: date, other: date) -> Iterator[str]:
    """Day and month are swapped as often as they are mistyped."""
    if one == other:
        yield "birth-date"
    elif one.year == other.year:
        swapped = (one.month, one.day) == (other.day, other.month)
        yield "birth-date" if swapped else "birth-year"
    elif abs(one.year - other.year) > 1:
        yield "birth-differs"


def name_likeness(one: str, other: str) -> tuple[float, str]:
    """(0-1, reason): `name` is the same, else in what they differ: `-marks`, `-order`, `-filler`, `-nickname`,
    `-typing`."""
    if not one or not other:
        return 0.0, ""
    if toned(one) == toned(other):
        return 1.0, "name"
    a, b = words(one), words(other)
    if a == b:
        return 0.96, "name-marks"
    if sorted(a) == sorted(b):
        return 0.9, "name-order"
    bare_a, bare_b = without_fillers(a), without_fillers(b)
    if sorted(bare_a) == sorted(bare_b) and len(bare_a) > 1:
        return 0.85, "name-filler"
    if _nickname(one, other):
        return 0.8, "name-nickname"
    ratio = max(fuzz.ratio(" ".join(bare_a), " ".join(bare_b)), fuzz.token_sort_ratio(" ".join(a), " ".join(b)))
    likeness = max(0.0, (ratio - 60) / 40) * 0.9
    return (likeness, "name-typing") if likeness > 0.45 else (likeness, "")


def _nickname(one: str, other: str) -> bool:
    """`Nguyễn Văn Tèo (Tý)`: either name may be the other's, the nickname behind the same family name too."""
    a, b = _forms(one), _forms(other)
    return (len(a) > 1 or len(b) > 1) and bool(a & b)


def _forms(name: str) -> set[tuple[str, ...]]:
    """The name without its brackets, and with what stands in them in place of the last word."""
    inside = _BRACKETS.findall(name)
    plain = words(_BRACKETS.sub(" ", name))
    found = {tuple(plain)}
    for nick in inside:
        nick_words = words(nick)
        found |= {tuple(nick_words), (*plain[:-1], *nick_words), (*plain[:1], *nick_words)}
    return {form for form in found if form}


@lru_cache(maxsize=100_000)
def words(name: str) -> tuple[str, ...]:
    """Folded words of a name."""
    return tuple(fold(word) for word in syllables(name))


def without_fillers(found: tuple[str, ...]) -> tuple[str, ...]:
    """Middle words without Thị and Văn; the first and the last word stay whatever they are."""
    return (*found[:1], *(word for word in found[1:-1] if word not in FILLERS), *found[1:][-1:])
