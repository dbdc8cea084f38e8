"""The data flow of the impact-assessment file as SVG: source → what is kept → who receives it; a row a record."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

LINE, PAD, GAP = 18, 10, 14
#: left edge and width of the three columns, and characters that fit in a line of each
COLUMNS = ((0, 250, 34), (310, 260, 34), (630, 290, 40))
WIDTH = COLUMNS[2][0] + COLUMNS[2][1]


@dataclass(frozen=True)
class Flow:
    """One row of the drawing, in one language."""

    source: str
    kept: str
    recipients: str
    sensitive: bool


def draw(flows: Sequence[Flow], title: str) -> str:
    """An SVG with a title for screen readers; colours come from the page."""
    body, top = [], 0
    for flow in flows:
        rows = [textwrap.wrap(text, fits) for text, (_x, _w, fits) in zip(_texts(flow), COLUMNS, strict=True)]
        height = max(len(lines) for lines in rows) * LINE + 2 * PAD
        body += [*_boxes(rows, top, height, sensitive=flow.sensitive), *_arrows(top + height / 2)]
        top += height + GAP
    head = f'<svg class="vx-flow" viewBox="0 0 {WIDTH} {max(top - GAP, 1)}" role="img" xmlns="http://www.w3.org/2000/svg">'
    return f"{head}<title>{escape(title)}</title>{''.join(body)}</svg>"


def _texts(flow: Flow) -> tuple[str, str, str]:
    return flow.source, flow.kept, flow.recipients


def _boxes(rows: Sequence[Sequence[str]], top: int, height: int, *, sensitive: bool) -> Iterator[str]:
    for number, (lines, (left, width, _fits)) in enumerate(zip(rows, COLUMNS, strict=True)):
        stroke = 2.5 if sensitive and number == 1 else 1
        yield (
            f'<rect x="{left + 1}" y="{top + 1}" width="{width - 2}" height="{height - 2}" rx="4" fill="none" '
            f'stroke="currentColor" stroke-width="{stroke}"/>'
        )
        yield from _lines(lines, left + PAD, top + PAD + 13)


def _lines(lines: Iterable[str], left: int, top: int) -> Iterator[str]:
    for number, line in enumerate(lines):
        at = f'x="{left}" y="{top + number * LINE}"'
        yield f'<text {at} font-size="13" fill="currentColor">{escape(line)}</text>'


def _arrows(middle: float) -> Iterator[str]:
    for (left, width, _a), (right, _w, _b) in pairwise(COLUMNS):
        start, end = left + width + 4, right - 6
        line = f"M{start} {middle}H{end}m-7 -5l7 5l-7 5"
        yield f'<path d="{line}" fill="none" stroke="currentColor" stroke-width="1.5"/>'
