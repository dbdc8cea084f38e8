"""Names: checked, masked, and turned into the hashes by which they are found again.

Not every name has three words: Y Blô, K'Brếp, Danh Út, Sukarno. Nothing here asks for a family name.
"""

from collections.abc import Iterable
from functools import lru_cache, reduce
from operator import xor

from vungxanh.core.errors import UserError
from vungxanh.core.vault import keyed_number
from vungxanh.core.vietnamese import clean, fold, syllables
from vungxanh.people.likeness import FILLERS
from vungxanh.people.schemas import NameKeys

#: longer than any name in a register; what is longer is a cell that holds something else
LONGEST = 120


def checked(name: str) -> str:
    """The name as it is kept. Raises UserError `people.name-missing`, `-too-long`, `-odd`."""
    kept = clean(name)
    if not kept:
        raise UserError("people.name-missing", field="name")
    if len(kept) > LONGEST:
        raise UserError("people.name-too-long", field="name", length=len(kept), longest=LONGEST)
    if not any(c.isalpha() for c in kept):
        raise UserError("people.name-odd", field="name", value=kept[:20])
    return kept


def masked_name(name: str) -> str:
    """`Nguyễn Thị Lan` -> `N. T. Lan`; a name of one word keeps its first letter only: `K…`."""
    words = clean(name).split()
    if len(words) == 1:
        return f"{words[0][0]}…"
    return " ".join([f"{word[0].upper()}." for word in words[:-1]] + words[-1:])


@lru_cache(maxsize=10_000)
def keys_of(name: str) -> NameKeys:
    """Hashes to store beside an encrypted name; an import asks three times: to sort, to match, to write."""
    words = folded_words(name)
    whole = " ".join(words)
    keys = sorted({_short_key("syllable", word) for word in words})
    return NameKeys(
        whole=keyed_number("name", whole),
        block=block_key(keys),
        syllables=keys,
        initials=[_short_key("initials", initials(words))],
        trigrams=sorted({_short_key("trigram", piece) for piece in trigrams(words)}),
    )


def block_key(keys: Iterable[int]) -> int:
    """One number for syllables in any order, Thị and Văn left out: likely doubles have the same."""
    fillers = filler_keys()
    return reduce(xor, (key for key in keys if key not in fillers), 0)


def filler_keys() -> frozenset[int]:
    return frozenset(_short_key("syllable", word) for word in FILLERS)


@lru_cache(maxsize=50_000)
def _short_key(kind: str, text: str) -> int:
    """Names share their syllables and trigrams: most of a long list is hashed once."""
    return keyed_number(kind, text)


def folded_words(name: str) -> list[str]:
    """`K'Brếp` -> [`kbrep`]; `NGUYỄN thị-Lan` -> [`nguyen`, `thi`, `lan`]."""
    return [fold(word) for word in syllables(name)]


def initials(words: list[str]) -> str:
    return "".join(word[0] for word in words)


def trigrams(words: list[str]) -> set[str]:
    """Three letters in a row of each word, its edges marked: `ut` -> `^ut`, `ut$`."""
    marked = [f"^{word}$" for word in words]
    return {word[i : i + 3] for word in marked for i in range(max(1, len(word) - 2))}
