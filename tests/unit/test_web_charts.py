"""Charts: bars stand on the axis, sums are true, thinned labels do not touch."""

import pytest

from vungxanh.core.figures import Band, Bars, Series
from vungxanh.web import charts


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (1, 1), (3, 5), (5, 5), (7, 10), (11, 20), (240, 500), (0.3, 0.5)]
)
def test_axis_ends_on_a_round_number_not_below_the_value(value: float, top: float) -> None:
    assert charts.nice_top(value) == pytest.approx(top)


def test_stacked_bars_reach_the_sum() -> None:
    chart = Bars("t", ("a", "b"), (Series("x", (2, 0)), Series("y", (3, 1))))
    boxes = list(charts.bar_boxes(chart, charts.bar_top(chart)))
    assert charts.bar_top(chart) == 5
    assert len(boxes) == 3  # the nought draws nothing
    assert boxes[0].y + boxes[0].height == pytest.approx(charts.HEIGHT - charts.BOTTOM)
    assert boxes[1].y == pytest.approx(charts.TOP)
    assert boxes[1].y + boxes[1].height == pytest.approx(boxes[0].y)


def test_ninety_days_get_few_labels() -> None:
    assert len(list(charts.x_marks([str(day) for day in range(90)]))) <= charts.MOST_LABELS


@pytest.mark.parametrize(
    ("top", "words"), [(5, ["0", "1", "2", "3", "4", "5"]), (20, ["0", "5", "10", "15", "20"])]
)
def test_axis_speaks_whole_numbers(top: float, words: list[str]) -> None:
    assert [mark.text for mark in charts.y_marks(top)] == words


def test_unknown_values_leave_a_gap_at_the_ends() -> None:
    chart = Band("t", ("a", "b"), (None, 1.0), (None, 0.5), (None, 2.0))
    top = charts.band_top(chart)
    assert top == 2
    assert charts.path(chart.middle, top).count(" L") == 0
    assert charts.path((None, None), top) == ""
