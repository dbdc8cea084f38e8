"""Every dirty habit of a spreadsheet has a row here, with what is meant."""

from datetime import date, datetime, time

import pytest

from vungxanh.exchange import cells
from vungxanh.exchange.cells import Age
from vungxanh.exchange.safe import Value

TODAY = date(2022, 1, 15)
MOMENT = datetime(2022, 1, 3, 17, 30)  # noqa: DTZ001 - workbooks hold moments without a zone


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("03/01/2022", date(2022, 1, 3)),
        ("3/1/2022", date(2022, 1, 3)),
        ("3-1-22", date(2022, 1, 3)),
        ("03.01.2022", date(2022, 1, 3)),
        ("3 . 1 . 2022", date(2022, 1, 3)),
        ("2022-01-03", date(2022, 1, 3)),
        ("2022/1/3", date(2022, 1, 3)),
        ("20220103", date(2022, 1, 3)),
        ("03012022", date(2022, 1, 3)),
        ("ngày 3 tháng 1 năm 2022", date(2022, 1, 3)),
        ("3 tháng 1 năm 2022", date(2022, 1, 3)),
        ("3-Jan-2022", date(2022, 1, 3)),
        ("Jan 3, 2022", date(2022, 1, 3)),
        ("17h30 03/01/2022", date(2022, 1, 3)),
        ("03/01/2022 17:30:00", date(2022, 1, 3)),
        ("'03/01/2022", date(2022, 1, 3)),
        (" 03/01/2022 ", date(2022, 1, 3)),
        # Excel counts 44564 days to 3 January 2022: 122 years of 365 days, 30 leap days, the 29 February 1900 that
        # never was, and 2 days into the year after 1 January 1900 = 1.
        (44564, date(2022, 1, 3)),
        (44564.7, date(2022, 1, 3)),
        ("44564", date(2022, 1, 3)),
        (20220103, date(2022, 1, 3)),
        (date(2022, 1, 3), date(2022, 1, 3)),
        (MOMENT, date(2022, 1, 3)),
        ("29/02/2020", date(2020, 2, 29)),
    ],
)
def test_days(value: Value, expected: date) -> None:
    assert cells.day(value, today=TODAY).value == expected


@pytest.mark.parametrize(
    "value", ["29/02/2022", "31/04/2022", "32/1/2022", "hôm qua", "1/2022", 5, True, "3/1/022", "99"]
)
def test_what_is_no_day(value: Value) -> None:
    assert cells.day(value, today=TODAY).fault == "cell-date"


@pytest.mark.parametrize("value", [None, "", "  ", "-", "N/A", "không rõ", "NULL", "?"])
def test_empty_is_not_a_fault(value: Value) -> None:
    assert cells.day(value) == cells.Read(None)
    assert cells.age(value) == cells.Read(None)
    assert cells.identifier(value) == cells.Read(None)


def test_two_digit_years_and_births_ahead() -> None:
    assert cells.day("3/1/23", today=TODAY).value == date(2023, 1, 3)
    assert cells.day("3/1/24", today=TODAY).value == date(1924, 1, 3)
    assert cells.day("3/1/22", today=TODAY).notes == ("cell-two-digit-year",)
    assert cells.day("16/01/2022", today=TODAY, past=True).fault == "cell-date-ahead"


def test_one_date_decides_the_order_of_a_column() -> None:
    assert cells.day_order(["03/01/2022", "12/25/2021"]) == "mdy"
    assert cells.day_order(["03/01/2022", "25/12/2021"], "mdy") == "dmy"
    assert cells.day_order(["03/01/2022", None, 44564]) == "dmy"
    assert cells.day_order(["25/12/2021", "12/25/2021"]) == "dmy"
    assert cells.day("01/03/2022", "mdy").value == date(2022, 1, 3)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("17h30", time(17, 30)), ("17h", time(17)), ("17g30", time(17, 30)), ("17 giờ 30 phút", time(17, 30)),
        ("5h30 chiều", time(17, 30)), ("8h tối", time(20)), ("12h trưa", time(12)), ("12h đêm", time(0)),
        ("9:05", time(9, 5)), ("09:05:59", time(9, 5)), ("5:30 PM", time(17, 30)), (0.5, time(12)),
        (time(17, 30), time(17, 30)), (MOMENT, time(17, 30)), ("24:00", time(0)),
    ],
)  # fmt: skip
def test_clocks(value: Value, expected: time) -> None:
    assert cells.clock(value).value == expected


@pytest.mark.parametrize("value", ["17h75", "chiều", "25h", -1])
def test_what_is_no_clock(value: Value) -> None:
    assert cells.clock(value).fault == "cell-time"


@pytest.mark.parametrize(
    "value", ["17h30 03/01/2022", "03/01/2022 17:30", "2022-01-03T17:30", MOMENT, 44564 + 17.5 / 24]
)
def test_moments(value: Value) -> None:
    assert cells.moment(value).value == MOMENT


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (45, Age(540)), ("45", Age(540)), ("45 tuổi", Age(540)), ("3 tháng", Age(3)), ("3 tháng tuổi", None),
        ("2 tuổi 3 tháng", Age(27)), ("18m", Age(18)), ("6 weeks", Age(1.38)), ("30-39", Age(360, 468)),
        ("0", Age(0)), ("1,5", Age(18)), ("10 ngày", Age(0.33)), ("131", None), ("trẻ em", None), (-1, None),
    ],
)  # fmt: skip
def test_ages(value: Value, expected: Age | None) -> None:
    read = cells.age(value)
    assert read.value == expected
    assert (read.fault is None) == (expected is not None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("001090000017", "001090000017"),
        (1090000017, "001090000017"),  # a workbook stored it as a number and lost two zeros
        ("1090000017.0", "001090000017"),
        (79302000023.0, "079302000023"),
        ("'012345678", "012345678"),
        (12345678, "012345678"),
        ("B 1234567", "B1234567"),
    ],
)
def test_identifiers(value: Value, expected: str) -> None:
    assert cells.identifier(value, (9, 12)).value == expected


@pytest.mark.parametrize("value", ["1.2E+11", "1,2E+11", "1.09E11", 1.2e17])
def test_digits_lost_for_good_are_a_fault_and_never_guessed(value: Value) -> None:
    assert cells.identifier(value, (9, 12)) == cells.Read(None, "cell-exponent")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1.234,5", 1234.5),
        ("1,234,567.5", 1234567.5),
        ("12,5", 12.5),
        ("12.5", 12.5),
        (7, 7.0),
        ("-3", -3.0),
        ("95%", 95.0),
    ],
)
def test_numbers(value: Value, expected: float) -> None:
    assert cells.number(value).value == expected


def test_sexes_and_truths() -> None:
    assert [cells.sex(word).value for word in ("Nam", "NỮ", "f", 1, "Khác", "")] == ["M", "F", "F", "M", "X", None]
    assert cells.sex("abc").fault == "cell-sex"
    assert [cells.truth(word).value for word in ("Có", "x", "Không", True, 0, "")] == [
        True,
        True,
        False,
        True,
        False,
        None,
    ]
    assert cells.truth("có lẽ").fault == "cell-yes-no"


def test_years_of_birth() -> None:
    assert [cells.birth_year(value, TODAY).value for value in (1990, "1990", "15/02/1990", 1990.0)] == [1990] * 4
    assert cells.birth_year("90", TODAY).fault == "cell-year"
    assert cells.birth_year(2023, TODAY).fault == "cell-date-ahead"


def test_every_fault_and_note_has_its_sentence() -> None:
    import inspect
    import re

    from vungxanh.core.errors import message

    codes = set(re.findall(r'"(cell-[a-z-]+)"', inspect.getsource(cells)))
    assert len(codes) >= 12
    for code in codes:
        assert message(f"exchange.{code}", "vi")
        assert message(f"exchange.{code}", "en")
