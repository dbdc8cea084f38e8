"""Drawings in the documents, made from the code: the house from its imports, tracing from the engine's answer."""

import ast
import csv
import tempfile
import tomllib
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "vungxanh"
EXAMPLES = ROOT / "docs" / "examples"
INK, PALE, LINE, WHITE = "#1b1d2a", "#eceef8", "#b9c0dd", "#ffffff"
COLOUR = {"confirmed": "#2f3e9e", "probable": "#7c86c9", "needs interview": "#8a8d99"}


def svg(width: int, height: int, parts: Iterable[str], title: str) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
    style = f'aria-label="{escape(title)}" font-family="system-ui, sans-serif" font-size="13"'
    back = f'<rect width="{width}" height="{height}" fill="{WHITE}"/>'
    return "\n".join([f"{head} {style}>", back, *parts, "</svg>"]) + "\n"


def text(x: float, y: float, words: str, **given: str) -> str:
    more = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in given.items())
    return f'<text x="{x:g}" y="{y:g}" fill="{INK}"{more}>{escape(words)}</text>'


def box(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="5" fill="{fill}"/>'


def packages() -> list[str]:
    return sorted(path.parent.name for path in SOURCE.glob("*/__init__.py"))


def imports() -> set[tuple[str, str]]:
    """(package, package that it imports)."""
    found: set[tuple[str, str]] = set()
    for package in packages():
        for file in (SOURCE / package).rglob("*.py"):
            if "migrations" not in file.parts:
                for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                    names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                    for name in names:
                        parts = name.split(".")
                        if parts[0] == "vungxanh" and len(parts) > 1 and parts[1] != package:
                            found.add((package, parts[1]))
    return found


def layers() -> list[list[str]]:
    """The arrow as `pyproject.toml` states it, top first; `cli` is a module, not a package."""
    raw = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lines = raw["tool"]["importlinter"]["contracts"][0]["layers"]
    rows = [[name.strip(" ()") for name in line.split("|")] for line in lines]
    return [[name for name in row if name in packages()] for row in rows if row != ["cli"]]


def architecture() -> str:
    """One box a package, one line for whom it imports."""
    rows, found = layers(), imports()
    width, gap = 900, 62
    at = {
        name: (width * (number + 1) / (len(row) + 1), 34 + gap * line)
        for line, row in enumerate(rows)
        for number, name in enumerate(row)
    }
    lines = []
    for one, other in sorted(found):
        if one in at and other in at and at[one][1] < at[other][1]:
            (x1, y1), (x2, y2) = at[one], at[other]
            bend = x1 + (40 if x1 <= x2 else -40) * ((y2 - y1) / gap - 1)
            path = f"M{x1:g} {y1 + 15:g} C{bend:g} {y1 + 60:g} {x2:g} {y2 - 60:g} {x2:g} {y2 - 15:g}"
            told = f"<title>{one} imports {other}</title>"
            lines.append(f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="1.2">{told}</path>')
    boxes = []
    for name, (x, y) in at.items():
        boxes += [box(x - 52, y - 15, 104, 30, PALE), text(x, y + 5, name, text_anchor="middle")]
    return svg(
        width, 34 + gap * len(rows), [*lines, *boxes], "Packages and what they import; imports go downwards"
    )


def moment(words: str) -> datetime:
    return datetime.fromisoformat(words)


def rows_of(name: str) -> list[dict[str, str]]:
    with (EXAMPLES / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def traced() -> dict[int, tuple[int, str, str]]:
    """Contact -> generation, certainty, path: the engine's answer to the example."""
    from click.testing import CliRunner

    from vungxanh.lake.commands import lake as command
    from vungxanh.lake.store import open_lake
    from vungxanh.tracing import trace
    from vungxanh.tracing.model import IndexPerson, TraceRequest

    with tempfile.TemporaryDirectory() as folder:
        for name in ("places", "visits", "households", "encounters"):
            given = ["import", str(EXAMPLES / f"{name}.csv"), "--lake", folder]
            assert CliRunner().invoke(command, given).exit_code == 0, name
        case = IndexPerson(1, onset=date(2026, 8, 11))
        result = trace(TraceRequest((case,), generations=2, engine="reference"), open_lake(Path(folder)))
        return {
            row.contact: (row.generation, row.certainty.label, ">".join(map(str, row.path))) for row in result.rows
        }


def overlap() -> str:
    """Who was in the room when, and what the engine says of each."""
    found = traced()
    begin, end = moment("2026-08-10T07:45+07:00"), moment("2026-08-10T10:15+07:00")
    left, width = 90, 560

    def x(at: datetime) -> float:
        return left + width * ((at - begin) / (end - begin))

    parts = []
    for hour in (8, 9, 10):
        at = x(moment(f"2026-08-10T{hour:02d}:00+07:00"))
        parts.append(f'<line x1="{at:g}" y1="20" x2="{at:g}" y2="190" stroke="{LINE}"/>')
        parts.append(text(at, 205, f"{hour}:00", text_anchor="middle"))
    for line, one in enumerate(row for row in rows_of("visits") if row["place"] == "20"):
        person = int(one["person"])
        start, stop = x(moment(one["start"])), x(moment(one["end"]))
        generation, certainty, _path = found.get(person, (0, "", ""))
        fill = COLOUR.get(certainty, INK)
        parts += [text(10, 44 + 40 * line, f"person {person}"), box(start, 28 + 40 * line, stop - start, 24, fill)]
        mask = "mask" if one["mask"] == "yes" else "no mask"
        name = f"F{generation}, {certainty}" if generation else "F0"
        parts.append(text(stop + 8, 44 + 40 * line, f"{name}, {mask}"))
    return svg(820, 215, parts, "One room, one morning: overlaps in time make contacts")


def chains() -> str:
    """Paths of the answer: generation by column."""
    found = traced()
    parts = [box(20, 90, 70, 30, INK), f'<text x="55" y="110" fill="{WHITE}" text-anchor="middle">1</text>']
    place: dict[int, tuple[float, float]] = {1: (90, 105)}
    for generation in (1, 2):
        mine = sorted(person for person, one in found.items() if one[0] == generation)
        for number, person in enumerate(mine):
            x, y = 210 + 260 * (generation - 1), 12 + 40 * number
            _generation, certainty, path = found[person]
            start = place[int(path.split(">")[-2])]
            ends = f'x1="{start[0]:g}" y1="{start[1]:g}" x2="{x}" y2="{y + 15}"'
            line = f'<line {ends} stroke="{LINE}" stroke-width="2"/>'
            label = f'<text x="{x + 35}" y="{y + 20}" fill="{WHITE}" text-anchor="middle">{person}</text>'
            parts = [line, *parts, box(x, y, 70, 30, COLOUR[certainty]), label]
            parts.append(text(x + 78, y + 20, certainty))
            place[person] = (x + 70, y + 15)
    heads = [text(55, 215, "F0", text_anchor="middle"), text(245, 215, "F1", text_anchor="middle")]
    return svg(680, 225, [*parts, *heads, text(505, 215, "F2", text_anchor="middle")], "Chains forward in time")


DRAWINGS: dict[str, Callable[[], str]] = {
    "docs/pictures/architecture.svg": architecture,
    "docs/pictures/tracing-overlap.svg": overlap,
    "docs/pictures/tracing-chains.svg": chains,
}
