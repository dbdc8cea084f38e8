"""A forest of chains as the browser draws it: places given, what does not fit folded, at most `MOST_ELEMENTS`.

Time runs to the right, a row a case. A chain that does not fit is cut by generations; behind a case whose
followers are hidden stands a mark with their number; opening it asks again with that case among the opened ones.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from vungxanh.outbreak.chain import Forest, Link
from vungxanh.outbreak.models import Case

#: what the browser holds at most; of it marks of hidden cases (a node and a line each) and links that cannot be
MOST_ELEMENTS = 2000
MOST_MARKS, MOST_IMPOSSIBLE = 250, 100
MOST_CASES = (MOST_ELEMENTS - 2 * MOST_MARKS - MOST_IMPOSSIBLE) // 2
DAY_WIDTH, ROW_HEIGHT = 90, 34


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the browser gets. `folded`: cases that are not shown, `shown`: those that are."""

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    folded: int
    shown: int


def shown(made: Forest, opened: Collection[int], impossible: Sequence[Link]) -> list[int]:
    """Who is drawn, in order: what was opened, the ends of links that cannot be, then the largest chains."""
    kept: set[int] = set()
    for person in islice(_wanted(made, opened, impossible), 50 * MOST_CASES):
        if len(kept) == MOST_CASES:
            break
        kept.add(person)
    roots = [root for root in made.roots if root in kept]
    return [person for root in roots for person in made.walk(root) if person in kept]


def _wanted(made: Forest, opened: Collection[int], impossible: Sequence[Link]) -> Iterator[int]:
    """Everybody after whoever infected them, the most wanted first."""
    ends = [person for link in impossible[:MOST_IMPOSSIBLE] for person in (link.source, link.target)]
    for person in (one for one in (*opened, *ends) if one in made.began):
        yield from reversed(made.above(person))
        yield person
    for person in (one for one in opened if one in made.began):
        yield from by_generation(made, person)
    for root in sorted(made.roots, key=lambda one: -made.size[one]):
        yield from by_generation(made, root)


def by_generation(made: Forest, person: int) -> Iterator[int]:
    """The person, then those whom they infected, then those whom these infected."""
    rank = [person]
    while rank:
        yield from rank
        rank = [child for one in rank for child in made.children.get(one, ())]


def drawn(
    made: Forest,
    people: Sequence[int],
    cases: Mapping[int, Case],
    names: Mapping[int, str],
    impossible: Sequence[Link] = (),
) -> Drawn:
    """`people`: as `shown` picked them. Positions: x is the day, y the row."""
    zero, kept = min(made.began.values(), default=date.min), set(people)
    places = {person: (_x(made, person, zero), row * ROW_HEIGHT) for row, person in enumerate(people)}
    nodes = [_node(made, person, cases[person], names, places[person]) for person in people]
    marks = _marks(made, people, kept, places)
    lines = [made.source[person] for person in people if person in made.source]
    edges = [{"source": str(x.source), "target": str(x.target), "certainty": x.certainty} for x in lines]
    wrong = [link for link in impossible if link.source in kept and link.target in kept][:MOST_IMPOSSIBLE]
    return Drawn(
        nodes + [node for node, _line in marks],
        edges + [line for _node, line in marks] + [_wrong(made, link) for link in wrong],
        len(made.began) - len(people),
        len(people),
    )


def _x(made: Forest, person: int, zero: date) -> int:
    return (made.began[person] - zero).days * DAY_WIDTH


def _node(
    made: Forest, person: int, case: Case, names: Mapping[int, str], place: tuple[int, int]
) -> dict[str, Any]:
    return {
        "id": str(person),
        "case": case.pk,
        "label": names.get(person, str(person)),
        "depth": made.depth[person],
        "root": person not in made.source,
        "x": place[0],
        "y": place[1],
    }


def _marks(
    made: Forest, people: Sequence[int], kept: Collection[int], places: Mapping[int, tuple[int, int]]
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """For whoever has followers that are not drawn: how many, the most first."""
    hidden = {
        person: sum(made.size[child] for child in made.children.get(person, ()) if child not in kept)
        for person in people
    }
    most = sorted((person for person in people if hidden[person]), key=lambda person: -hidden[person])
    found = []
    for person in most[:MOST_MARKS]:
        x, y = places[person]
        name = f"more-{person}"
        mark = {
            "id": name,
            "opens": str(person),
            "label": f"+{hidden[person]}",
            "x": x + DAY_WIDTH // 2,
            "y": y + 12,
        }
        found.append((mark, {"source": str(person), "target": name, "more": True}))
    return found


def _wrong(made: Forest, link: Link) -> dict[str, Any]:
    """A link that somebody told and that cannot be, with the two days that say so."""
    days = f"{made.began[link.source]:%d/%m/%Y} > {made.began[link.target]:%d/%m/%Y}"
    return {"source": str(link.source), "target": str(link.target), "wrong": True, "days": days}
