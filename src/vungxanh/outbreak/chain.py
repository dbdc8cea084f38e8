"""Who may have infected whom: links between cases from one trace of all of them, drawn as a forest over time.

The link is a possibility, not a verdict: shared time in the infector's window. `chain_drawing` lays it out.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from vungxanh.lake.store import LakeStore
from vungxanh.outbreak.exposed import index_person
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.models import Link as CaseLink
from vungxanh.rules.contact import ContactRule
from vungxanh.tracing import trace
from vungxanh.tracing.model import ContactRow, TraceRequest


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
    """Each case under its most plausible source (`source`); `roots` have none."""

    began: Mapping[int, date]
    source: Mapping[int, Link]

    @cached_property
    def children(self) -> Mapping[int, list[int]]:
        """Person -> whom they infected, in the order of drawing."""
        found: dict[int, list[int]] = defaultdict(list)
        for target, link in self.source.items():
            found[link.source].append(target)
        return {person: sorted(below, key=self._order) for person, below in found.items()}

    def _order(self, person: int) -> tuple[date, int]:
        return self.began[person], person

    @cached_property
    def roots(self) -> list[int]:
        return sorted((person for person in self.began if person not in self.source), key=self._order)

    @cached_property
    def depth(self) -> Mapping[int, int]:
        """Generation within the chain; whoever comes later in a walk stands below somebody who came before."""
        found: dict[int, int] = {}
        for root in self.roots:
            for person in self.walk(root):
                found[person] = found[self.source[person].source] + 1 if person in self.source else 0
        return found

    @cached_property
    def size(self) -> Mapping[int, int]:
        """Person -> how many they are with everybody below."""
        found = dict.fromkeys(self.began, 1)
        for person in (person for root in self.roots for person in reversed(self.walk(root))):
            if person in self.source:
                found[self.source[person].source] += found[person]
        return found

    def walk(self, person: int) -> list[int]:
        """The person and everybody below, in the order of drawing."""
        found, todo = [], [person]
        while todo:
            one = todo.pop()
            found.append(one)
            todo += self.children.get(one, [])[::-1]
        return found

    def above(self, person: int) -> list[int]:
        """The person's source, their source, and so on to the top."""
        found = []
        while person in self.source:
            person = self.source[person].source
            found.append(person)
        return found

    def top(self, person: int) -> int:
        return (self.above(person) or [person])[-1]


def forest(cases: Sequence[Case], found: Sequence[Link]) -> Forest:
    """Pick one source a case. Sources began earlier, or on the same day with a smaller id: there is no circle."""
    source: dict[int, Link] = {}
    for link in sorted(found, key=lambda link: link.order):
        source.setdefault(link.target, link)
    return Forest({case.person: began_on(case) for case in cases}, source)


def sizes(made: Forest) -> list[int]:
    """Chain sizes, largest first; a case alone is a chain of one."""
    return sorted((made.size[root] for root in made.roots), reverse=True)


def part(made: Forest, roots: Collection[int]) -> Forest:
    """The chains below these persons alone, each of them without the source that it has in the whole."""
    kept = {person for root in roots for person in made.walk(root)}
    tops = set(roots)
    source = {person: link for person, link in made.source.items() if person in kept and person not in tops}
    return Forest({person: made.began[person] for person in made.began if person in kept}, source)


@dataclass(frozen=True, slots=True)
class Narrow:
    """Which chains are drawn: at least so many cases; a case that began since; the chain of one person."""

    least: int = 1
    since: date | None = None
    person: int | None = None


def narrowed(made: Forest, by: Narrow) -> Forest:
    """Chains are kept whole: a link in the middle says nothing without its ends."""
    top = made.top(by.person) if by.person is not None and by.person in made.began else None
    kept = [
        root
        for root in made.roots
        if made.size[root] >= by.least
        and (by.since is None or any(made.began[person] >= by.since for person in made.walk(root)))
        and (by.person is None or root == top)
    ]
    return made if len(kept) == len(made.roots) else part(made, kept)
