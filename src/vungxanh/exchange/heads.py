"""Which column holds which field: by a ready mapping, by what the sender corrected before, else by a guess.

Words stand in `data/fields.toml`, ready mappings in `data/mappings/`. A guess says how sure it is and never takes
the same field twice; what it does not know it leaves to the officer.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Literal

from rapidfuzz import fuzz

from vungxanh.core.vietnamese import fold

Why = Literal["ready", "remembered", "same", "part", "like", "unknown"]
Order = Literal["dmy", "mdy", "ymd"]
#: likeness (0-100) from which a guess is offered at all
OFFERED = 88.0
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SIGNS = re.compile(r"[^\w#]+|_")


@dataclass(frozen=True, slots=True)
class Match:
    """One column. `field` None where nobody knows; `score` 0-100."""

    index: int
    title: str
    field: str | None
    score: float
    why: Why


@dataclass(frozen=True, slots=True)
class Ready:
    """A ready mapping. `skip_rows`: rows under the head that are no data; `empty`: words that mean nothing."""

    key: str
    name: str
    sure: frozenset[str]
    columns: Mapping[str, str]
    date_order: Order = "dmy"
    skip_rows: int = 0
    empty: frozenset[str] = field(default_factory=frozenset)


def normal(title: str) -> str:
    """`Họ và tên (*)`, `HO_VA_TEN` and `hoVaTen` are one."""
    return " ".join(_SIGNS.sub(" ", fold(_CAMEL.sub(" ", title))).split())


def known(title: str) -> bool:
    """Is this the name of a column somewhere? For `tables.read`."""
    name = normal(title)
    return bool(name) and (name in words() or name in _ready_titles())


def guess(
    head: Sequence[str], wanted: Iterable[str] | None = None, remembered: Mapping[str, str] | None = None
) -> list[Match]:
    """One Match a column. `wanted`: fields this import takes, all if None; `remembered`: normal title -> field."""
    allowed = set(wanted) if wanted is not None else set(fields())
    chosen = recognised(head)
    offers = [_offer(index, title, allowed, remembered or {}, chosen) for index, title in enumerate(head)]
    return _each_once(offers)


def recognised(head: Sequence[str]) -> Ready | None:
    """The ready mapping whose sure titles are all there; of several the one that names most columns."""
    titles = {normal(title) for title in head}
    fits = [one for one in ready().values() if one.sure <= titles]
    return max(fits, key=lambda one: len(titles & set(one.columns)), default=None)


def _offer(
    index: int, title: str, allowed: set[str], remembered: Mapping[str, str], chosen: Ready | None
) -> Match:
    name = normal(title)
    sources: tuple[tuple[Why, Mapping[str, str]], ...] = (
        ("remembered", remembered),
        ("ready", chosen.columns if chosen else {}),
        ("same", words()),
    )
    for why, source in sources:
        if source.get(name) in allowed:
            return Match(index, title, source[name], 100.0, why)
    below = normal(title.rpartition(" / ")[2])
    if words().get(below) in allowed:
        return Match(index, title, words()[below], 95.0, "part")
    return _alike(index, title, name, allowed)


def _alike(index: int, title: str, name: str, allowed: set[str]) -> Match:
    """The word most like the title; short titles are too easily like anything."""
    best, score = None, 0.0
    if len(name) >= 4:
        for word, meant in words().items():
            if meant in allowed and len(word) >= 4:
                likeness = max(fuzz.ratio(name, word), 0.97 * _words_within(name, word))
                if likeness > score:
                    best, score = meant, likeness
    if score >= OFFERED:
        return Match(index, title, best, round(score, 1), "like")
    return Match(index, title, None, 0.0, "unknown")


def _words_within(name: str, word: str) -> float:
    """100 where all words of `word`, at least two, stand in `name` side by side: `ngay khoi phat trieu chung`."""
    return 100.0 if " " in word and f" {word} " in f" {name} " else 0.0


def _each_once(offers: list[Match]) -> list[Match]:
    """The surest column keeps a field, the first of equals; the others are left open."""
    keeper: dict[str, Match] = {}
    for offer in sorted(offers, key=lambda one: (-one.score, one.index)):
        if offer.field and offer.field not in keeper:
            keeper[offer.field] = offer
    return [
        one if one.field is None or keeper[one.field] is one else Match(one.index, one.title, None, 0.0, "unknown")
        for one in offers
    ]


# ------------------------------------------------------------------ the data


def fields() -> tuple[str, ...]:
    """Every field that has words."""
    return tuple(_data()["words"])


@cache
def words() -> dict[str, str]:
    """Normal word -> field."""
    return {normal(word): name for name, several in _data()["words"].items() for word in several}


@cache
def ready() -> dict[str, Ready]:
    """Key -> ready mapping."""
    folder = resources.files("vungxanh.exchange") / "data" / "mappings"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return {file.name[:-5]: _ready(file.name[:-5], tomllib.loads(file.read_text("utf-8"))) for file in files}


def _ready(key: str, raw: Mapping[str, object]) -> Ready:
    columns = raw["columns"]
    sure = raw["sure"]
    empty = raw.get("empty", ())
    order = str(raw.get("date_order", "dmy"))
    assert isinstance(columns, dict)
    assert isinstance(sure, list)
    assert isinstance(empty, list | tuple)
    return Ready(
        key=key,
        name=str(raw["name"]),
        sure=frozenset(normal(title) for title in sure),
        columns={normal(title): str(name) for title, name in columns.items()},
        date_order="mdy" if order == "mdy" else "ymd" if order == "ymd" else "dmy",
        skip_rows=int(str(raw.get("skip_rows", 0))),
        empty=frozenset(str(word) for word in empty),
    )


@cache
def _ready_titles() -> frozenset[str]:
    return frozenset(title for one in ready().values() for title in one.columns)


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    file = resources.files("vungxanh.exchange") / "data" / "fields.toml"
    return tomllib.loads(file.read_text("utf-8"))
