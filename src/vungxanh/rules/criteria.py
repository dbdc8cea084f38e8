"""Criteria sets: how a place scores its own safety. Data in `criteria_sets/`, one file a set.

A set whose item texts or bands no source gives is a *template*: it scores, it says what it does not know, and an
administrator completes it with the document at hand before it can be put in force.
"""

from functools import cache
from typing import Literal, Self

from pydantic import Field, model_validator

from vungxanh.core.errors import UserError
from vungxanh.rules.dated import Dated, Strict, Text, packaged, parse

Opens = Literal["yes", "conditions", "no"]


class Range(Strict):
    """Score of a measured number below `below`; the last range has none."""

    below: float | None = None
    score: int


class Item(Strict):
    """One criterion. `steps` are the published scores; `ranges` score a measured number."""

    number: int = Field(ge=1)
    vi: str = ""
    en: str = ""
    max: int | None = None
    steps: tuple[int, ...] = ()
    ranges: tuple[Range, ...] = ()
    #: which one of several answers (workers, vehicles) counts
    of_many: Literal["worst", "best", "all"] = "worst"
    #: kinds of place it is asked of; empty means all
    kinds: tuple[str, ...] = ()
    may_be_skipped: bool = False


class Closing(Strict):
    """A condition that gives `band` whatever the total. `own_reading`: the source leaves a hole that we close."""

    fails_when: Literal["zero", "fail", "below", "at_least"]
    value: int = 0
    #: empty means every item
    items: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    band: str
    own_reading: bool = False
    verified: bool = True


class Unless(Strict):
    """What becomes of a band when one item is too low or too high."""

    any_item_below: int | None = None
    any_item_at_least: int | None = None
    becomes: str = ""
    opens: Opens | None = None
    own_reading: bool = False


class Band(Strict):
    """A verdict for a part of the scale: half-open `[from_, below)`, or `[from_, to]` where the source says so."""

    code: str
    name: Text
    unit: Literal["percent", "score"] = "percent"
    from_: float = Field(default=0, alias="from")
    below: float | None = None
    to: float | None = None
    opens: Opens
    action: Text | None = None
    #: time to mend what failed: `now`, `48h`, `7d`
    deadline: str | None = Field(default=None, pattern=r"^(now|\d+[hd])$")
    recheck_days: int | None = None
    unless: tuple[Unless, ...] = ()
    #: an edge on which sources differ: a result exactly there is not verified
    doubtful_edge: float | None = None

    def holds(self, at: float) -> bool:
        if at < self.from_:
            return False
        if self.to is not None:
            return at <= self.to
        return self.below is None or at < self.below


class CriteriaSet(Dated):
    """One published set, or the project's own."""

    kind: Literal["criteria"]
    place_kinds: tuple[str, ...]
    #: is more better, or worse? `unknown` where no source says
    direction: Literal["safety", "risk", "unknown"] = "safety"
    scoring: Literal["points", "pass"] = "points"
    count: int | None = None
    #: what the sum is divided by; not always the sum of the items' maxima
    maximum: int | None = None
    item_max: int | None = None
    items: tuple[Item, ...] = ()
    closings: tuple[Closing, ...] = ()
    bands: tuple[Band, ...] = ()
    frequency_days: int | None = None
    assessors: tuple[str, ...] = ("self",)

    @model_validator(mode="after")
    def _bands_are_known(self) -> Self:
        codes = {band.code for band in self.bands}
        named = {closing.band for closing in self.closings}
        named |= {unless.becomes for band in self.bands for unless in band.unless if unless.becomes}
        if named - codes:
            raise ValueError(f"unknown band {sorted(named - codes)}")
        return self

    @model_validator(mode="after")
    def _numbers_are_single(self) -> Self:
        numbers = [item.number for item in self.items]
        if len(set(numbers)) != len(numbers):
            raise ValueError("an item number stands twice")
        return self

    @property
    def numbers(self) -> tuple[int, ...]:
        """Item numbers; a template that only knows how many there are counts from 1."""
        known = {item.number for item in self.items}
        return tuple(sorted(known | set(range(1, (self.count or 0) + 1))))

    @property
    def complete(self) -> bool:
        """Every item worded and every band given: it may be put in force."""
        worded = {item.number for item in self.items if item.vi and item.en}
        return bool(self.bands) and bool(self.numbers) and worded == set(self.numbers)

    @property
    def differs_by_kind(self) -> bool:
        """Some items are asked of some kinds of place only."""
        return any(item.kinds for item in self.items)

    @property
    def kinds_known(self) -> tuple[str, ...]:
        """Kinds of place that the set speaks of, those of a set for any kind from its items."""
        if self.place_kinds != ("any",):
            return self.place_kinds
        return tuple(sorted({kind for item in self.items for kind in item.kinds}))

    def item(self, number: int) -> Item:
        found = {item.number: item for item in self.items}.get(number)
        return found or Item(number=number)

    def asked_of(self, place_kind: str | None) -> tuple[int, ...]:
        """Item numbers asked of a kind of place; without a kind, all."""
        return tuple(
            number
            for number in self.numbers
            if not place_kind or not self.item(number).kinds or place_kind in self.item(number).kinds
        )


@cache
def packaged_sets() -> dict[str, CriteriaSet]:
    """Id -> set, for every set that ships with the project."""
    found = (parse(CriteriaSet, raw) for raw in packaged("criteria_sets"))
    return {one.id: one for one in found}


def criteria_set(set_id: str) -> CriteriaSet:
    """Raises UserError `rules.set-unknown`."""
    sets = packaged_sets()
    if set_id not in sets:
        raise UserError("rules.set-unknown", field="set", set=set_id, known=", ".join(sorted(sets)))
    return sets[set_id]
