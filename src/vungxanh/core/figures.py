"""Figures as values: what a chart shows, before anybody draws it.

`web` draws them as SVG with a table under each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Series:
    """One named row of values, as long as the labels of its chart."""

    name: Any
    values: Sequence[float]


@dataclass(frozen=True)
class Bars:
    """Stacked bars over labelled steps (days, classes). `note` says how it was counted."""

    title: Any
    labels: Sequence[str]
    series: Sequence[Series]
    note: Any = ""
    axis: Any = ""


@dataclass(frozen=True)
class Band:
    """A line with its uncertainty over labelled steps; None where nothing is known."""

    title: Any
    labels: Sequence[str]
    middle: Sequence[float | None]
    low: Sequence[float | None]
    high: Sequence[float | None]
    note: Any = ""
    axis: Any = ""
