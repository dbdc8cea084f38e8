"""What a browser posts, as answers; and what people write about where they live."""

from datetime import date

import pytest
from django.http import QueryDict

from vungxanh.forms.communes import look_up, named
from vungxanh.forms.definition import Form, shipped
from vungxanh.forms.reading import iso, number, read

TODAY = date(2026, 11, 22)


def form(slug: str = "population") -> Form:
    return next(one for one in shipped() if one.slug == slug)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("36,8", 36.8), ("36.8", 36.8), (" 1990 ", 1990), ("-1", -1), ("abc", "abc"), ("1e9", "1e9"), ("", "")],
)
def test_numbers_are_read_with_comma_or_point(text: str, expected: object) -> None:
    assert number(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-03-27", "2022-03-27"),
        ("27/3/2022", "2022-03-27"),
        ("27 03 2022", "2022-03-27"),
        ("hôm qua", "hôm qua"),
    ],
)
def test_days_are_read_the_vietnamese_way_too(text: str, expected: str) -> None:
    assert iso(text) == expected


def test_an_old_name_leads_to_the_commune_of_today() -> None:
    found = look_up("Bến Nghé, Thành phố Hồ Chí Minh", TODAY)
    assert [one.code for one in found] == ["26740"]
    assert "Phường Sài Gòn" in found[0].label
    assert "trước là Phường Bến Nghé" in found[0].label


def test_a_name_that_several_have_asks_which() -> None:
    assert len(look_up("Tân An", TODAY)) > 1
    assert look_up("không có nơi này", TODAY) == []
    assert named("05467", "vn-2025", TODAY) == "Phường Gia Sàng, Tỉnh Thái Nguyên"


def test_an_ambiguous_commune_is_left_open_until_one_is_chosen() -> None:
    questions = [form().question("commune")]
    page = read(questions, QueryDict("commune=Tân An"), TODAY)
    assert page.answers["commune"] == {"written": "Tân An"}
    chosen = page.choices["commune"][1]
    again = read(questions, QueryDict(f"commune=Tân An&commune-code={chosen.value}"), TODAY)
    assert again.answers["commune"]["code"] == chosen.code
    assert again.choices == {}


def test_nothing_chosen_is_no_answer_and_never_a_no() -> None:
    assert read([form().question("fever")], QueryDict(""), TODAY).answers == {}
    assert read([form().question("fever")], QueryDict("fever=no"), TODAY).answers == {"fever": False}


def test_rows_of_places_are_read_and_empty_ones_left_out() -> None:
    posted = QueryDict(
        "places-rows=2&places-0-place=Bến Nghé, Thành phố Hồ Chí Minh&places-0-from=1/11/2026&places-0-to="
        "&places-0-means=plane&places-1-place=&places-1-from="
    )
    page = read([form().question("places")], posted, TODAY)
    assert page.answers["places"] == [
        {
            "place": {"written": "Bến Nghé, Thành phố Hồ Chí Minh", "code": "26740", "scheme": "vn-2025"},
            "from": "2026-11-01",
            "to": "2026-11-01",
            "means": "plane",
        }
    ]


@pytest.mark.parametrize("rows", ["-1", "x", "", "99999999999999999999999"])
def test_a_false_count_of_rows_does_no_harm(rows: str) -> None:
    assert read([form().question("places")], QueryDict(f"places-rows={rows}"), TODAY).answers == {}
