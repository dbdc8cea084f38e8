"""Vietnamese text: clean it, compare it, search it, put it in order; the same on every machine.

PostgreSQL here has no ICU, so order and search come from keys made in this file, stored beside the text
and compared byte by byte (`COLLATE "C"`).
"""

import re
import unicodedata
from functools import lru_cache

#: the dictionary's order of letters; f j w z stand where other alphabets have them
ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
#: the dictionary's order of tones: none, huyền, hỏi, ngã, sắc, nặng
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
#: marks that make another letter: breve (ă), circumflex (â ê ô), horn (ơ ư)
_LETTER_MARKS = {"\u0306", "\u0302", "\u031b"}
#: letters that Unicode does not take apart; ƀ and ƃ are of the Central Highlands
_STROKES = str.maketrans("đĐƀƂƃ", "dDbBb")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_SYLLABLE = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['’‘`ʼ]")
_RANK = {letter: chr(0x41 + place) for place, letter in enumerate(ALPHABET)}


def clean(text: str) -> str:
    """NFC, single blanks, no blanks at the ends, no invisible characters: the form in which text is kept."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def fold(text: str) -> str:
    """Lower case without any mark: `Hoà  Bình`, `HÒA BÌNH` and `hoa binh` are one. For search."""
    return clean(text).lower() if text.isascii() else _folded(text)


@lru_cache(maxsize=50_000)
def _folded(text: str) -> str:
    """Lists repeat their words and names their syllables: most are folded once."""
    plain = unicodedata.normalize("NFD", clean(text)).translate(_STROKES)
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


def split_tone(syllable: str) -> tuple[str, int]:
    """`hoà` and `hòa` -> (`hoa`, 1): the letters without the tone, and the tone's number (0 is none)."""
    letters, tone = [], 0
    for c in unicodedata.normalize("NFD", syllable.lower()):
        if c in TONES:
            tone = TONES[c]
        elif not unicodedata.combining(c) or c in _LETTER_MARKS:
            letters.append(c)
    return unicodedata.normalize("NFC", "".join(letters)), tone


def toned(text: str) -> str:
    """Lower case with each tone as a digit behind its syllable: `Hoà Bình` = `Hòa Bình` = `hoa1 binh1`.

    Names are the same where these are equal; unlike `fold` it keeps Bình apart from Bính.
    """
    parts = (split_tone(syllable) for syllable in clean(text).split())
    return " ".join(f"{letters}{tone or ''}" for letters, tone in parts)


def syllables(text: str) -> list[str]:
    """The words of a text: `K'Brếp` is one, `Phố-Mới` two."""
    return _SYLLABLE.findall(_APOSTROPHES.sub("", clean(text)))


def sort_key(text: str) -> str:
    """ASCII key whose byte order is dictionary order: letters, then tone, syllable by syllable.

    Numbers order by value: Phường 2 stands before Phường 10.
    """
    return "".join(_syllable_key(syllable) for syllable in syllables(text))


def name_sort_key(text: str) -> str:
    """As people are listed: by given name (the last word), then family name and the rest."""
    words = syllables(text)
    return sort_key(" ".join(words[-1:] + words[:-1]))


def _syllable_key(syllable: str) -> str:
    letters, tone = split_tone(syllable)
    ranked = "".join(_part_key(part) for part in re.findall(r"\d+|\D", letters))
    return f"{ranked}!{tone}"


def _part_key(part: str) -> str:
    """A digit run led by its length, so that it orders by value; a letter by its rank; others last."""
    if part.isdecimal():
        digits = str(int(part))
        return f"{min(len(digits), 9)}{digits}"
    return _RANK.get(part) or _RANK.get(fold(part), "~")
