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


#: "everybody" lists hundreds of times more, and would flatten the other curves
SHOWN = {
    "recall": tuple(INK),
    "listed_per_found": tuple(method for method in INK if method != "everybody"),
    "days_gained": ("tracing", "confirmed only", "any sighting"),
}


def svg(lines: Sequence[Line], world: str, what: str = "recall") -> str:
    """One panel a condition; `what` (recall, listed_per_found, days_gained) upwards from 0."""
    lines = [line for line in lines if line.world == world]
    varied = [v for v in dict.fromkeys(line.varies for line in lines) if v != "best"]
    top = (
        1.0
        if what == "recall"
        else max((getattr(x, what) or 0 for x in lines if x.method in SHOWN[what]), default=1)
    )
    panels = [panel(lines, name, n, what, top or 1) for n, name in enumerate(varied)]
    width = max(1, len(varied)) * WIDE
    legend = "".join(
        f'<text x="{EDGE + n * 150}" y="{HIGH + 50}" fill="{INK[method]}" font-size="12">{escape(method)}</text>'
        for n, method in enumerate(SHOWN[what])
    )
    box = f'viewBox="0 0 {max(width, 800)} {HIGH + 60}" font-family="sans-serif"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box}>'
    title = f"<title>{escape(world)}: {escape(what)}</title>"
    return f'{head}{title}<rect width="100%" height="100%" fill="#fff"/>{"".join(panels)}{legend}</svg>\n'


def panel(lines: Sequence[Line], name: str, number: int, what: str, top: float) -> str:
    mine = [line for line in lines if line.varies == name]
    values = [float(getattr(line.conditions, name)) for line in mine]
    low, high = min(values), max(values)
    parts = [f'<g transform="translate({number * WIDE},0)">', axes(name, low, high, top)]
    for method in SHOWN[what]:
        points = [
            at(float(getattr(line.conditions, name)), min(1.0, getattr(line, what) / top), low, high)
            for line in mine
            if line.method == method and getattr(line, what) is not None
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{INK[method]}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{INK[method]}"/>' for x, y in points]
    return "".join([*parts, "</g>"])


def axes(name: str, low: float, high: float, top: float) -> str:
    return (
        f'<path d="M{EDGE},10 V{HIGH} H{WIDE - 15}" fill="none" stroke="#333"/>'
        f'<text x="{EDGE}" y="{HIGH + 18}" font-size="12">{low:g}</text>'
        f'<text x="{WIDE - 30}" y="{HIGH + 18}" font-size="12">{high:g}</text>'
        f'<text x="{WIDE // 2}" y="{HIGH + 18}" font-size="12">{escape(name)}</text>'
        f'<text x="8" y="18" font-size="12">{top:.3g}</text><text x="12" y="{HIGH}" font-size="12">0</text>'
    )


def at(x: float, y: float, low: float, high: float) -> tuple[float, float]:
    across = (x - low) / (high - low) if high > low else 0.5
    return EDGE + across * (WIDE - EDGE - 20), HIGH - y * (HIGH - 15)
