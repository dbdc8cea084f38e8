"""The curve "share of expected infections held ↔ people closed in" as numbers of an SVG, with its three points."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 540, 260
LEFT, RIGHT, TOP, BOTTOM = 48, 16, 12, 44


@dataclass(frozen=True)
class Tick:
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class CurvePicture:
    """Path of the curve, its points (x, y, label), and the words on both axes."""

    path: str
    points: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    ground: int = HEIGHT - BOTTOM


def curve_picture(curve: Sequence[Sequence[float]], points: Sequence[tuple[float, float]]) -> CurvePicture:
    """`curve` and `points`: (people, share 0..1). Raises nothing: an empty curve is an empty picture."""
    most = max([people for people, _ in [*curve, *points]], default=0) or 1

    def place(people: float, share: float) -> tuple[float, float]:
        x = LEFT + (WIDTH - LEFT - RIGHT) * people / most
        return round(x, 1), round(TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - share), 1)

    steps = [place(people, share) for people, share in curve]
    path = "M" + "L".join(f"{x} {y}" for x, y in steps) if steps else ""
    x_ticks = tuple(Tick(place(most * part / 4, 0)[0], HEIGHT - 24, f"{most * part / 4:.0f}") for part in range(5))
    y_ticks = tuple(Tick(LEFT - 6, place(0, part / 4)[1], f"{25 * part} %") for part in range(5))
    marks = tuple(Tick(*place(*point), f"{round(100 * point[1])} %") for point in points)
    return CurvePicture(path, marks, x_ticks, y_ticks)
