"""Curves as an SVG of our own: recall against each condition, a line a method."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from vungxanh.evaluation.run import Line

WIDE, HIGH, EDGE = 320, 200, 40
INK = {
    "tracing": "#00563b",
    "confirmed only": "#5a9e7c",
    "same place that day": "#b35900",
    "everybody": "#999999",
    "any sighting": "#1d70b8",
}


def svg(lines: Sequence[Line], world: str) -> str:
    """One panel a condition; recall upwards from 0 to 1."""
    varied = [v for v in dict.fromkeys(line.varies for line in lines) if v != "best"]
    panels = [panel(lines, world, name, n) for n, name in enumerate(varied)]
    width = max(1, len(varied)) * WIDE
    legend = "".join(
        f'<text x="{EDGE + n * 150}" y="{HIGH + 50}" fill="{ink}" font-size="12">{escape(method)}</text>'
        for n, (method, ink) in enumerate(INK.items())
    )
    box = f'viewBox="0 0 {max(width, 800)} {HIGH + 60}" font-family="sans-serif"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box}>'
    return f"{head}<title>{escape(world)}</title>{''.join(panels)}{legend}</svg>\n"


def panel(lines: Sequence[Line], world: str, name: str, number: int) -> str:
    mine = [line for line in lines if line.varies == name and line.world == world]
    values = [float(getattr(line.conditions, name)) for line in mine]
    low, high = min(values), max(values)
    parts = [f'<g transform="translate({number * WIDE},0)">', axes(name, low, high)]
    for method, ink in INK.items():
        points = [
            at(float(getattr(line.conditions, name)), line.recall, low, high)
            for line in mine
            if line.method == method and line.recall is not None
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{ink}" stroke-width="2"/>')
    return "".join([*parts, "</g>"])


def axes(name: str, low: float, high: float) -> str:
    return (
        f'<path d="M{EDGE},10 V{HIGH} H{WIDE - 15}" fill="none" stroke="#333"/>'
        f'<text x="{EDGE}" y="{HIGH + 18}" font-size="12">{low:g}</text>'
        f'<text x="{WIDE - 30}" y="{HIGH + 18}" font-size="12">{high:g}</text>'
        f'<text x="{WIDE // 2}" y="{HIGH + 18}" font-size="12">{escape(name)}</text>'
        f'<text x="12" y="18" font-size="12">1</text><text x="12" y="{HIGH}" font-size="12">0</text>'
    )


def at(x: float, y: float, low: float, high: float) -> tuple[float, float]:
    across = (x - low) / (high - low) if high > low else 0.5
    return EDGE + across * (WIDE - EDGE - 20), HIGH - y * (HIGH - 15)
