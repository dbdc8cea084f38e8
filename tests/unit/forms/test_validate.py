"""Answers against their form: everything that can be wrong with one, and what is only odd."""

from datetime import date
from typing import Any

import pytest

from vungxanh.forms.definition import Form, shipped
from vungxanh.forms.validate import check, enabled

TODAY = date(2026, 11, 22)
HOME = {"written": "Gia Sàng", "code": "05467", "scheme": "vn-2025"}


def form(slug: str = "population") -> Form:
    return next(one for one in shipped() if one.slug == slug)


def good(**changes: Any) -> dict[str, Any]:
    answers = {
        "full_name": "Nông Thị Lan",
        "birth_year": 1990,
        "sex": "2",
        "nationality": "VNM",
        "commune": HOME,
        "address": "Tổ 5",
        "phone": "0944713700",
        "travelled": False,
        **dict.fromkeys(["fever", "cough", "breathing", "pneumonia", "throat", "fatigue"], False),
        **dict.fromkeys(["met_patient", "met_traveller", "met_ill"], False),
        "consent": True,
    }
    answers.update(changes)
    return {key: value for key, value in answers.items() if value is not None}


def problems(**changes: Any) -> list[tuple[str, str]]:
    return [(one.question, one.code) for one in check(form(), good(**changes), TODAY).problems]


def test_five_forms_are_shipped_and_each_is_put_in_force_by_an_order() -> None:
    assert [one.slug for one in shipped()] == ["daily", "gate", "measles", "movement", "population", "sms"]
    assert all(one.orders for one in shipped())


def test_a_form_is_in_force_in_the_days_of_its_orders_only() -> None:
    assert form().order_on(date(2020, 3, 8)) is None
    assert form().order_on(date(2022, 3, 2)).id == "vn.covid19.population.2020"  # type: ignore[union-attr]
    assert form().order_on(date(2023, 1, 1)) is None
    assert form().order_on(TODAY).basis.article == "12, 13"  # type: ignore[union-attr]
    assert form("movement").order_on(TODAY) is None


def test_no_answer_is_preselected_and_every_sign_is_asked_for_itself() -> None:
    signs = form().group("sign")
    assert len(signs) == 6
    assert all(one.type == "yesno" and one.required for one in signs)


def test_a_whole_answer_passes_and_is_cleaned() -> None:
    done = check(form(), good(full_name="  Nông   Thi\u0323 Lan ", phone="0944 713 700"), TODAY)
    assert done.good
    assert done.answers["full_name"] == "Nông Thị Lan"
    assert done.answers["phone"] == "+84944713700"
    assert done.answers["consent"] == "2026-07"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"full_name": None}, ("full_name", "required")),
        ({"full_name": "   "}, ("full_name", "required")),
        ({"full_name": "0944713700"}, ("full_name", "bad-name")),
        ({"full_name": "<script>alert(1)</script>"}, ("full_name", "bad-name")),
        ({"full_name": "=HYPERLINK(A)"}, ("full_name", "bad-name")),
        ({"full_name": "a" * 10_000}, ("full_name", "too-long")),
        ({"address": "Tổ\u202e 5"}, ("address", "control-characters")),
        ({"birth_year": 2027}, ("birth_year", "out-of-range")),
        ({"birth_year": 1800}, ("birth_year", "out-of-range")),
        ({"birth_year": "1990"}, ("birth_year", "not-a-number")),
        ({"birth_year": True}, ("birth_year", "not-a-number")),
        ({"sex": "4"}, ("sex", "not-an-option")),
        ({"nationality": "vn"}, ("nationality", "not-an-option")),
        ({"commune": {"written": "Đâu đó"}}, ("commune", "unknown-commune")),
        ({"commune": "Gia Sàng"}, ("commune", "wrong-type")),
        ({"phone": "12"}, ("phone", "bad-phone")),
        ({"email": "lan example.vn"}, ("email", "bad-email")),
        ({"document": "12#4"}, ("document", "bad-document")),
        ({"travelled": "no"}, ("travelled", "wrong-type")),
        ({"travelled": True}, ("places", "required-places")),
        ({"fever": True}, ("onset", "required-date")),
        ({"fever": True, "onset": "2026-11-23"}, ("onset", "date-ahead")),
        ({"fever": True, "onset": "2026-02-29"}, ("onset", "bad-date")),
        ({"fever": True, "onset": "2025-01-01"}, ("onset", "date-far")),
        ({"onset": "2026-11-20"}, ("onset", "not-asked")),
        ({"made_up": "x"}, ("made_up", "unknown-question")),
        ({"consent": None}, ("consent", "required-consent")),
        ({"consent": False}, ("consent", "required-consent")),
        ({"consent": "2019-01"}, ("consent", "required-consent")),
    ],
)
def test_each_fault_is_named(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert problems(**changes) == [expected]


@pytest.mark.parametrize("name", ["Y Blô", "K'Brếp", "Danh Út", "Út", "Ngô Thì Nhậm 𠀀", "Lan 🌸"])
def test_names_of_every_people_pass(name: str) -> None:
    assert problems(full_name=name) == []


@pytest.mark.parametrize("written", ["+84 944 713 700", "84944713700", "0944.713.700", "+84 (0)944713700"])
def test_a_number_is_one_however_it_is_written(written: str) -> None:
    assert check(form(), good(phone=written), TODAY).answers["phone"] == "+84944713700"


def test_an_odd_document_is_noted_and_never_refused() -> None:
    done = check(form(), good(document="12 345"), TODAY)
    assert done.good
    assert done.answers["document"] == "12345"
    assert [(note.question, note.code) for note in done.notes] == [("document", "odd-document")]


def stay(**changes: Any) -> dict[str, Any]:
    return {"place": HOME, "from": "2026-11-10", "to": "2026-11-12", "means": "coach", "seat": "5", **changes}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (stay(), None),
        (stay(to="2026-11-09"), "end-before-start"),
        (stay(**{"from": "2026-11-30"}), "date-ahead"),
        (stay(place={"written": "x"}), "unknown-commune"),
        (stay(place=None), "unknown-commune"),
        (stay(means="rocket"), "not-an-option"),
        (stay(colour="red"), "wrong-type"),
        ("somewhere", "wrong-type"),
    ],
)
def test_a_row_of_places_is_judged_whole(row: Any, expected: str | None) -> None:
    assert problems(travelled=True, places=[row]) == ([("places", expected)] if expected else [])


def test_more_rows_than_the_form_allows_are_refused() -> None:
    assert problems(travelled=True, places=[stay()] * 21) == [("places", "too-many")]


def test_a_question_behind_a_condition_is_asked_only_then() -> None:
    onset = form().question("onset")
    assert not enabled(form(), onset, good())
    assert enabled(form(), onset, good(cough=True))


def test_a_seat_is_asked_in_a_coach_and_not_on_a_motorbike() -> None:
    seat = form("movement").question("seat")
    assert enabled(form("movement"), seat, {"means": "coach"})
    assert not enabled(form("movement"), seat, {"means": "motorbike"})


def test_pregnancy_is_asked_of_women_only() -> None:
    question = form("measles").question("pregnant")
    assert enabled(form("measles"), question, {"sex": "2"})
    assert not enabled(form("measles"), question, {"sex": "1"})


def test_one_page_can_be_checked_alone() -> None:
    done = check(form(), {"full_name": "Lan"}, TODAY, only=frozenset({"full_name"}))
    assert done.good


def test_every_sentence_stands_in_both_languages() -> None:
    for problem in check(form(), {"made_up": 1}, TODAY).problems:
        assert problem.text("vi")
        assert problem.text("en") != problem.text("vi")


def test_window_and_retention_are_said_in_the_sentences_of_the_form() -> None:
    page = next(page for page in form().pages if page.id == "travel")
    assert form().said(page.title, "vi").startswith("Trong 14 ngày qua")
    consent = form().question("consent")
    assert consent.hint is not None
    assert "30 ngày" in form().said(consent.hint, "vi")
