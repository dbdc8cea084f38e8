"""Curves of cost against the number of visits and of cases, drawn from what bench.tracing measured.

python -m bench.tracing_curves var/bench/tracing-*.json --out docs/pictures
"""

import argparse
import json
import math
from pathlib import Path
from typing import Any

WIDE, HIGH, EDGE = 440, 300, 60
INK = {
    "index": "#00563b",
    "PostgreSQL": "#1d70b8",
    "SQLite": "#b35900",
    "DuckDB": "#7a3b9c",
    "Polars": "#c2185b",
    "PySpark": "#6b6b6b",
}
Point = tuple[float, float]
Curves = dict[str, list[Point]]


def measured(run: dict[str, Any]) -> list[tuple[str, int, int, float]]:
    """(engine, visits, cases, seconds) of every warm question."""
    found = []
    for name, (value, unit, _) in run["rows"].items():
        engine, _, question = name.partition(": ")
        engine, _, size = engine.partition(" (")
        visits = int(size.split(" ")[0].replace(",", "")) if size else run["visits"]
        seconds = value / (1e3 if unit == "ms" else 1)
        if question in ("one case", "one case, warm p50"):
            found.append((engine, visits, 1, seconds))
        elif question.endswith("cases in one pass"):
            found.append((engine, visits, int(question.split(" ")[0].replace(",", "")), seconds))
    return found


def curves(points: list[tuple[str, float, float]]) -> Curves:
    found: Curves = {}
    for engine, x, y in points:
        found.setdefault(engine, []).append((x, y))
    return {engine: sorted(dict(curve).items()) for engine, curve in found.items()}


def panel(title: str, drawn: Curves) -> str:
    """Both axes logarithmic."""
    points = [point for curve in drawn.values() for point in curve]
    xs, ys = [math.log10(x) for x, _ in points], [math.log10(y) for _, y in points]
    low, high = math.floor(min(ys)), math.ceil(max(ys))

    def at(x: float, y: float) -> Point:
        across = (math.log10(x) - min(xs)) / ((max(xs) - min(xs)) or 1)
        return EDGE + across * (WIDE - EDGE - 40), HIGH - (math.log10(y) - low) / (high - low) * (HIGH - 40)

    parts = [f'<text x="{EDGE}" y="22" font-size="14">{title}</text>']
    for power in range(low, high + 1):
        y = at(points[0][0], 10**power)[1]
        parts.append(f'<path d="M{EDGE},{y:.0f} H{WIDE - 40}" stroke="#ddd"/>')
        parts.append(f'<text x="6" y="{y + 4:.0f}" font-size="11">10^{power} s</text>')
    for x in sorted({x for x, _ in points}):
        parts.append(f'<text x="{at(x, 1)[0] - 20:.0f}" y="{HIGH + 18}" font-size="11">{x:,.0f}</text>')
    for engine, curve in drawn.items():
        placed = [at(*point) for point in curve]
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in placed)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{INK[engine]}" stroke-width="2"/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{INK[engine]}"/>' for a, b in placed]
    return "".join(parts)


def svg(panels: list[tuple[str, Curves]]) -> str:
    body = "".join(f'<g transform="translate({n * WIDE},0)">{panel(*p)}</g>' for n, p in enumerate(panels))
    legend = "".join(
        f'<text x="{EDGE + n * 120}" y="{HIGH + 50}" fill="{ink}" font-size="13">{name}</text>'
        for n, (name, ink) in enumerate(INK.items())
    )
    box = f'viewBox="0 0 {WIDE * len(panels)} {HIGH + 65}" font-family="sans-serif"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}><title>Cost of tracing</title>' + (
        f'<rect width="100%" height="100%" fill="#fff"/>{body}{legend}</svg>\n'
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("runs", nargs="+", type=Path)
    options.add_argument("--out", type=Path, default=Path("docs/pictures"))
    chosen = options.parse_args()
    runs = sorted((json.loads(path.read_text()) for path in chosen.runs), key=lambda run: run["visits"])
    every = [row for run in runs for row in measured(run)]
    largest = [row for row in measured(runs[-1]) if row[1] == runs[-1]["visits"]]
    panels = [
        ("one case, against the number of visits", curves([(e, n, s) for e, n, k, s in every if k == 1])),
        (
            f"{runs[-1]['visits']:,} visits, against the number of cases",
            curves([(e, k, s) for e, _, k, s in largest]),
        ),
    ]
    (chosen.out / "tracing-cost.svg").write_text(svg(panels))


if __name__ == "__main__":
    main()
