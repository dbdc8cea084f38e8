"""What of a large forest is drawn: never more than the browser holds, nothing without whoever infected it."""

from datetime import date, timedelta

import pytest

from vungxanh.outbreak import chain, chain_drawing
from vungxanh.outbreak.chain import Forest, Link, Narrow
from vungxanh.outbreak.models import Case

FIRST = date(2022, 5, 1)


def link(source: int, target: int) -> Link:
    return Link(source, target, 60, 0, 0)


def world(*sizes: int) -> tuple[Forest, dict[int, Case]]:
    """Chains of these sizes, each person infecting the three behind: 0 → 1, 2, 3; 1 → 4, 5, 6; …"""
    cases, links = {}, []
    for number, size in enumerate(sizes):
        base = number * 100_000
        for one in range(size):
            day = FIRST + timedelta(days=number + one // 20)
            cases[base + one] = Case(pk=base + one + 1, person=base + one, onset=day)
            links += [link(base + (one - 1) // 3, base + one)] if one else []
    return chain.forest(list(cases.values()), links), cases


def draw(made: Forest, cases: dict[int, Case], opened: tuple[int, ...] = (), wrong: tuple[Link, ...] = ()):  # type: ignore[no-untyped-def]
    return chain_drawing.drawn(made, chain_drawing.shown(made, opened, wrong), cases, {}, wrong)


@pytest.mark.parametrize("sizes", [(1,), (500,), (5000, 300, 20), (1,) * 3000, (20_000,)])
def test_browser_never_holds_more_than_it_bears(sizes: tuple[int, ...]) -> None:
    made, cases = world(*sizes)
    found = draw(made, cases)
    assert len(found.nodes) + len(found.edges) <= chain_drawing.MOST_ELEMENTS
    assert found.shown + found.folded == sum(sizes)
    there = {node["id"] for node in found.nodes}
    assert all(edge["source"] in there and edge["target"] in there for edge in found.edges)


def test_whoever_is_drawn_has_their_source_beside_them() -> None:
    made, _cases = world(5000, 300)
    people = set(chain_drawing.shown(made, (), ()))
    assert all(made.source[person].source in people for person in people if person in made.source)


def test_marks_say_how_many_are_folded_and_opening_one_shows_them() -> None:
    made, cases = world(5000)
    found = draw(made, cases)
    marks = {int(node["opens"]): int(node["label"]) for node in found.nodes if "opens" in node}
    person, count = max(marks.items(), key=lambda pair: pair[1])
    assert count == sum(made.size[child] for child in made.children[person])
    again = draw(made, cases, opened=(person,))
    there = {node["id"] for node in again.nodes}
    assert {str(child) for child in made.children[person]} <= there
    assert len(again.nodes) + len(again.edges) <= chain_drawing.MOST_ELEMENTS


def test_links_that_cannot_be_are_drawn_with_both_ends_though_folded_away() -> None:
    made, cases = world(5000)
    wrong = (link(4999, 4000),)
    found = draw(made, cases, wrong=wrong)
    [red] = [edge for edge in found.edges if edge.get("wrong")]
    assert (red["source"], red["target"]) == ("4999", "4000")
    assert red["days"] == "05/01/2023 > 17/11/2022"  # 1 May and 249, and 200 days


def test_depth_and_sizes() -> None:
    made, _cases = world(5, 2)
    assert made.roots == [0, 100_000]
    assert [made.depth[person] for person in (0, 3, 4, 100_001)] == [0, 1, 2, 1]
    assert (made.size[0], made.size[1], made.size[100_000]) == (5, 2, 2)


@pytest.mark.parametrize(
    ("by", "roots"),
    [
        (Narrow(), [0, 100_000]),
        (Narrow(least=3), [0]),
        (Narrow(since=FIRST + timedelta(days=1)), [100_000]),
        (Narrow(person=100_001), [100_000]),
        (Narrow(person=77), []),
    ],
)
def test_chains_are_narrowed_whole(by: Narrow, roots: list[int]) -> None:
    made, _cases = world(5, 2)
    kept = chain.narrowed(made, by)
    assert kept.roots == roots
    assert len(kept.began) == sum(made.size[root] for root in roots)
