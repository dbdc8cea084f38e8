"""Curves, delays and chains, worked out by hand."""

from datetime import date

from django.utils.translation import override

from vungxanh.outbreak.chain import Forest, Link, forest, sizes
from vungxanh.outbreak.chain_drawing import MOST_CASES, Drawn, drawn, shown
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.numbers import Dates, curve, delay


def dates(person: int, onset: date | None, reported: date, sampled: date | None = None) -> Dates:
    return Dates(person, onset, sampled, reported, None)


def day(number: int) -> date:
    return date(2022, 5, number)


CASES = (
    dates(1, day(1), day(3)),
    dates(2, day(3), day(3)),
    dates(3, None, day(5), sampled=day(4)),
    dates(4, day(3), day(6)),
)


def test_curve_counts_by_onset_and_fills_the_empty_days() -> None:
    with override("en"):
        found = curve(CASES, "onset", linked={4})
    assert found.labels == ["1/5", "2/5", "3/5", "4/5"]
    assert [list(series.values) for series in found.series] == [[0, 0, 1, 0], [1, 0, 1, 1]]


def test_curve_by_report() -> None:
    with override("en"):
        found = curve(CASES, "reported", linked=set())
    assert found.labels == ["3/5", "4/5", "5/5", "6/5"]
    assert list(found.series[1].values) == [2, 0, 1, 1]


def test_no_case_no_day() -> None:
    with override("en"):
        assert curve((), "onset", set()).labels == []


def test_delay_leaves_out_what_is_not_known() -> None:
    """Two, nought and three days; the case without an onset does not count: the middle is two."""
    found = delay("onset to report", ((case.onset, case.reported) for case in CASES))
    assert (found.count, found.middle, found.least, found.most) == (3, 2.0, 0, 3)
    assert delay("none", [(None, day(1))]).middle is None


def case(person: int, onset: int) -> Case:
    return Case(pk=100 + person, person=person, onset=day(onset))


def link(source: int, target: int, seconds: int = 60, certainty: int = 0, first: int = 0) -> Link:
    return Link(source, target, seconds, certainty, first)


FOUR = [case(1, 1), case(2, 4), case(3, 4), case(4, 8), case(5, 2)]


def test_each_case_has_one_source_the_most_certain_then_the_earliest() -> None:
    found = [link(1, 2), link(2, 4, certainty=1), link(3, 4, first=9), link(1, 4, first=50), link(1, 3)]
    made = forest(FOUR, found)
    assert {target: one.source for target, one in made.source.items()} == {2: 1, 3: 1, 4: 3}
    assert made.depth == {1: 0, 2: 1, 3: 1, 4: 2, 5: 0}
    assert made.roots == [1, 5]
    assert sizes(made) == [4, 1]


def draw(made: Forest, cases: list[Case], names: dict[int, str]) -> Drawn:
    return drawn(made, shown(made, (), ()), {one.person: one for one in cases}, names)


def test_time_runs_to_the_right_and_chains_stand_together() -> None:
    made = forest(FOUR, [link(1, 2), link(1, 3), link(3, 4)])
    found = draw(made, FOUR, {1: "A"})
    assert [(node["id"], node["x"], node["y"]) for node in found.nodes] == [
        ("1", 0, 0),
        ("2", 270, 34),
        ("3", 270, 68),
        ("4", 630, 102),
        ("5", 90, 136),
    ]
    assert {(edge["source"], edge["target"]) for edge in found.edges} == {("1", "2"), ("1", "3"), ("3", "4")}
    assert found.nodes[0]["label"] == "A"
    assert [node["root"] for node in found.nodes] == [True, False, False, False, True]


def test_what_a_browser_cannot_hold_is_folded_and_counted() -> None:
    many = [case(person, 1) for person in range(1, 1301)]
    found = draw(forest(many, []), many, {})
    assert (len(found.nodes), found.folded) == (MOST_CASES, 1300 - MOST_CASES)
