"""Undo what a Vietnamese input method did to a scanner that types.

With Telex on, `NGUYEEN` arrives as `NGUYÊN` and `TOANS` as `TOÁN`; with VNI `HA1` arrives as `HÁ`. The key that
made a mark may have come at once or later in the same run of letters, so there are several ways back: the
caller says which one is right (a check digit, a signature, a shape).
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice, product

#: combining mark -> key, by input method
_TONES = {"\u0301": "s1", "\u0300": "f2", "\u0309": "r3", "\u0303": "x4", "\u0323": "j5"}
_SHAPES = {"\u0302": ("", "6"), "\u0306": ("w", "8"), "\u031b": ("w", "7")}
METHODS = ("telex", "vni")
#: ways tried before giving up: bounds the work on hostile text
MOST = 1_000
_RUN = {"telex": re.compile(r"[^\W\d_]+"), "vni": re.compile(r"[^\W_]+")}


def marked(text: str) -> bool:
    """Does `text` hold a letter that an input method could have made?"""
    return any(ord(letter) > 127 and _keys(letter, 0) for letter in unicodedata.normalize("NFC", text))


def repair(text: str, accept: Callable[[str], bool]) -> tuple[str, str] | None:
    """The first way back that `accept` takes, with the method's name; None where there is none."""
    for method in METHODS:
        for candidate in candidates(text, method):
            if accept(candidate):
                return candidate, method
    return None


def candidates(text: str, method: str) -> Iterator[str]:
    """Ways back, likeliest first, at most `MOST`."""
    pieces: list[list[str]] = []
    end = 0
    whole = unicodedata.normalize("NFC", text)
    for run in _RUN[method].finditer(whole):
        if marked(run.group()):
            pieces += [[whole[end : run.start()]], list(islice(_ways(run.group(), METHODS.index(method)), 64))]
            end = run.end()
    pieces.append([whole[end:]])
    for way in islice(product(*pieces), MOST):
        yield "".join(way)


def _keys(letter: str, method: int) -> tuple[str, str] | None:
    """A composed letter -> (plain letter, keys that made it); None for a plain letter."""
    if letter in "đĐ":
        plain = "d" if letter == "đ" else "D"
        return plain, "9" if method else plain
    apart = unicodedata.normalize("NFD", letter)
    plain, marks = apart[0], apart[1:]
    keys = "".join(_key(mark, plain, method) for mark in marks)
    if not marks or not keys:
        return None
    return plain, keys.upper() if plain.isupper() else keys


def _key(mark: str, plain: str, method: int) -> str:
    if mark in _SHAPES:
        return _SHAPES[mark][method] or plain
    return _TONES.get(mark, "")[method : method + 1]


def _ways(run: str, method: int) -> Iterator[str]:
    """Every way to place the keys of one run of letters, each key after its own letter."""
    for index, letter in enumerate(run):
        made = _keys(letter, method)
        if made is None:
            continue
        plain, keys = made
        for tail in _ways(run[index + 1 :], method):
            for places in _places(len(tail), len(keys)):
                yield run[:index] + plain + _inserted(tail, keys, places)
        return
    yield run


def _places(room: int, keys: int) -> Iterator[tuple[int, ...]]:
    """Positions for `keys` keys in a tail of `room` letters: at once first, then the end, then between."""
    order = [0, *range(room, 0, -1)]
    for places in product(order, repeat=keys):
        if list(places) == sorted(places):
            yield places


def _inserted(tail: str, keys: str, places: tuple[int, ...]) -> str:
    for key, place in reversed(list(zip(keys, places, strict=True))):
        tail = tail[:place] + key + tail[place:]
    return tail
