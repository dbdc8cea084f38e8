"""Who may have infected whom: links between cases from one trace of all of them, drawn as a forest over time.

The link is a possibility, not a verdict: shared time in the infector's window. The server lays out and folds; the
browser never holds more than `MOST_ELEMENTS`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from vungxanh.lake.store import LakeStore
from vungxanh.outbreak.exposed import index_person
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.models import Link as CaseLink
from vungxanh.rules.contact import ContactRule
from vungxanh.tracing import trace
from vungxanh.tracing.model import ContactRow, TraceRequest

MOST_ELEMENTS = 2000
DAY_WIDTH, ROW_HEIGHT = 90, 34


@dataclass(frozen=True, slots=True)
class Link:
    """`source` and `target` are persons; the source fell ill before the target, or on the same day."""

    source: int
    target: int
    seconds: int
    certainty: int
    first: int

    @property
    def order(self) -> tuple[int, int, int, int]:
        """The most plausible first: most certain, earliest, longest, smallest id."""
        return (self.certainty, self.first, -self.seconds, self.source)


def links(cases: Sequence[Case], rule: ContactRule | str | None, lake: LakeStore) -> list[Link]:
    """Every link between two of the cases that their days allow, from one pass over all of them."""
    if not cases:
        return []
    began = {case.person: began_on(case) for case in cases}
    request = TraceRequest(tuple(index_person(case) for case in cases), rule=rule, disease=cases[0].disease)
    rows = between(trace(request, lake).rows, began)
    return [
        Link(row.index, row.contact, row.seconds, int(row.certainty), row.first_exposed)
        for row in rows
        if (began[row.index], row.index) < (began[row.contact], row.contact)
    ]


#: what people told stands before what shared time makes possible
TOLD = -1


def told(cases: Sequence[Case]) -> tuple[list[Link], list[Link]]:
    """(links that people told us, those of them that cannot be: the infected fell ill before the infector)."""
    by_number = {case.pk: case for case in cases}
    pairs = CaseLink.objects.filter(source__in=by_number, target__in=by_number).values_list("source", "target")
    possible: list[Link] = []
    impossible: list[Link] = []
    for source, target in pairs:
        one, other = by_number[source], by_number[target]
        link = Link(one.person, other.person, 0, TOLD, 0)
        order = (began_on(one), one.person) < (began_on(other), other.person)
        (possible if order else impossible).append(link)
    return possible, [link for link in impossible if link.source != link.target]


def between(rows: Any, persons: Mapping[int, date]) -> Sequence[ContactRow]:
    """Only rows whose contact is one of the persons; picked in the arrays where the engine keeps arrays."""
    if hasattr(rows, "ordered"):
        kept = np.flatnonzero(np.isin(rows.ordered("contact"), np.array(sorted(persons), dtype=np.int64)))
        return list(rows.only(kept))
    return [row for row in rows if row.contact in persons]


def began_on(case: Case) -> date:
    day = case.onset or case.sampled
    assert day is not None  # the table refuses a case without a day
    return day


@dataclass
class Forest:
    """Each case under its most plausible source; `roots` have none. `depth`: generation within the chain."""

    began: Mapping[int, date]
    source: dict[int, Link] = field(default_factory=dict)
    children: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    depth: dict[int, int] = field(default_factory=dict)

    @property
    def roots(self) -> list[int]:
        found = [person for person in self.began if person not in self.source]
        return sorted(found, key=lambda person: (self.began[person], person))

    def walk(self, person: int) -> list[int]:
        """The person and everybody below, in the order of drawing."""
        found, todo = [], [person]
        while todo:
            one = todo.pop()
            found.append(one)
            below = sorted(self.children.get(one, []), key=lambda child: (self.began[child], child))
            todo += below[::-1]
        return found


def forest(cases: Sequence[Case], found: Sequence[Link]) -> Forest:
    """Pick one source a case. Sources began earlier, or on the same day with a smaller id: there is no circle."""
    made = Forest({case.person: began_on(case) for case in cases})
    for link in sorted(found, key=lambda link: link.order):
        made.source.setdefault(link.target, link)
    for target, link in made.source.items():
        made.children[link.source].append(target)
    for root in made.roots:
        for person in made.walk(root):
            link_up = made.source.get(person)
            made.depth[person] = made.depth[link_up.source] + 1 if link_up else 0
    return made


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the browser gets. `folded`: cases of chains that are not shown."""

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    folded: int


def drawn(made: Forest, cases: Mapping[int, Case], names: Mapping[int, str]) -> Drawn:
    """Positions: x is the day, y the order of the walk. The largest chains come first; the rest is folded."""
    zero = min(made.began.values(), default=None)
    shown: list[int] = []
    for root in sorted(made.roots, key=lambda person: -len(made.walk(person))):
        chain = made.walk(root)
        if 2 * (len(shown) + len(chain)) > MOST_ELEMENTS:
            break
        shown += chain
    nodes = [
        {
            "id": str(person),
            "case": cases[person].pk,
            "label": names.get(person, str(person)),
            "depth": made.depth[person],
            "root": person not in made.source,
            "x": (made.began[person] - zero).days * DAY_WIDTH if zero else 0,
            "y": row * ROW_HEIGHT,
        }
        for row, person in enumerate(shown)
    ]
    return Drawn(nodes, edges(made, set(shown)), len(made.began) - len(shown))


def edges(made: Forest, shown: set[int]) -> list[dict[str, Any]]:
    """The chosen link of each case that is drawn."""
    kept = [link for target, link in made.source.items() if target in shown]
    return [{"source": str(x.source), "target": str(x.target), "certainty": x.certainty} for x in kept]


def sizes(made: Forest) -> list[int]:
    """Chain sizes, largest first; a case alone is a chain of one."""
    return sorted((len(made.walk(root)) for root in made.roots), reverse=True)


def below(made: Forest, root: int) -> Forest:
    """One person's chain alone: what is folded in the whole drawing is opened here."""
    kept = set(made.walk(root))
    part = Forest({person: day for person, day in made.began.items() if person in kept})
    part.source = {person: link for person, link in made.source.items() if person in kept and person != root}
    for target, link in part.source.items():
        part.children[link.source].append(target)
    part.depth = {person: made.depth[person] - made.depth[root] for person in kept}
    return part
