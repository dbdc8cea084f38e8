"""Kinds of place as dated data: what each is called, how long people usually stay, when it is empty."""

import tomllib
from datetime import date, time
from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import Field

from vungxanh.core.errors import UserError
from vungxanh.rules.dated import Basis, Evidence, Strict, Text


class PlaceKind(Strict):
    """`usual_minutes` is the stay assumed where nobody checked out; it never reaches beyond `closes`."""

    code: str
    name: Text
    usual_minutes: Annotated[int, Field(ge=1, le=1440)]
    closes: time
    whole_day: bool = False
    sector: str
    inside: tuple[str, ...] = Field(default=(), alias="in")


class _Longest(Strict):
    usual_stays: int
    at_least_minutes: int


class _List(Strict):
    id: str
    valid_from: date
    basis: Basis
    evidence: Evidence
    verified: bool
    longest: _Longest
    kinds: dict[str, dict[str, object]]


@cache
def _listed() -> _List:
    raw = tomllib.loads((resources.files("vungxanh.places") / "data" / "kinds.toml").read_text("utf-8"))
    return _List.model_validate(raw)


@cache
def kinds() -> dict[str, PlaceKind]:
    """Code -> kind, in the order of the file."""
    return {code: PlaceKind.model_validate({"code": code, **entry}) for code, entry in _listed().kinds.items()}


def longest_minutes(usual: int) -> int:
    """After so many minutes somebody who scans again is taken to have come again."""
    longest = _listed().longest
    return max(longest.at_least_minutes, longest.usual_stays * usual)


def kind(code: str) -> PlaceKind:
    """Raises UserError `places.unknown-kind`."""
    found = kinds().get(code)
    if found is None:
        raise UserError("places.unknown-kind", field="kind", value=code)
    return found


def parts_of(code: str) -> list[PlaceKind]:
    """Kinds that a place of kind `code` usually contains, its stalls or floors first."""
    return [each for each in kinds().values() if code in each.inside]
