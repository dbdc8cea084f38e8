"""Geometry of charts: from values to SVG numbers. No script, no style attribute, sharp in print."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vungxanh.core.figures import Band, Bars

WIDTH, HEIGHT = 540, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 12, 40
PLOT_WIDTH, PLOT_HEIGHT = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
MOST_LABELS = 8


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    series: int
    title: str


@dataclass(frozen=True)
class Mark:
    """A word beside an axis."""

    x: float
    y: float
    text: str


def nice_top(value: float) -> float:
    """The least 1, 2 or 5 times a power of ten that is not below `value`; 1 for nothing."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)


def y_of(value: float, top: float) -> float:
    return round(TOP + PLOT_HEIGHT * (1 - value / top), 2)


def y_marks(top: float) -> list[Mark]:
    """Words at 4 steps below a top that begins with 2, at 5 below others: counts then stand on whole numbers."""
    parts = 4 if f"{top:e}".startswith("2") else 5
    steps = [top * part / parts for part in range(parts + 1)]
    return [Mark(LEFT - 6, y_of(step, top), f"{step:g}") for step in steps]


def x_marks(labels: Sequence[str]) -> Iterator[Mark]:
    """Labels under the axis, thinned so that they do not touch."""
    every = max(1, math.ceil(len(labels) / MOST_LABELS))
    step = PLOT_WIDTH / max(1, len(labels))
    for number, label in enumerate(labels):
        if number % every == 0:
            yield Mark(round(LEFT + step * (number + 0.5), 2), HEIGHT - BOTTOM + 16, label)


def bar_boxes(chart: Bars, top: float) -> Iterator[Box]:
    step = PLOT_WIDTH / max(1, len(chart.labels))
    for number, label in enumerate(chart.labels):
        base = 0.0
        for index, series in enumerate(chart.series):
            value = series.values[number]
            if value:
                upper, lower = y_of(base + value, top), y_of(base, top)
                x, width = LEFT + step * number + step * 0.1, step * 0.8
                title = f"{label}: {series.name} {value:g}"
                yield Box(round(x, 2), upper, round(width, 2), round(lower - upper, 2), index, title)
            base += value


def bar_top(chart: Bars) -> float:
    sums = [sum(series.values[i] for series in chart.series) for i in range(len(chart.labels))]
    return nice_top(max(sums, default=0))


def band_top(chart: Band) -> float:
    return nice_top(max((v for v in (*chart.high, *chart.middle) if v is not None), default=0))


def points(values: Sequence[float | None], top: float) -> list[tuple[float, float]]:
    step = PLOT_WIDTH / max(1, len(values))
    return [(round(LEFT + step * (i + 0.5), 2), y_of(v, top)) for i, v in enumerate(values) if v is not None]


def path(values: Sequence[float | None], top: float) -> str:
    """A line through the known values."""
    return "M" + " L".join(f"{x} {y}" for x, y in points(values, top)) if points(values, top) else ""


def area(low: Sequence[float | None], high: Sequence[float | None], top: float) -> str:
    """The area between two lines."""
    outline = points(high, top) + points(low, top)[::-1]
    return "M" + " L".join(f"{x} {y}" for x, y in outline) + " Z" if outline else ""
