"""Entry: journeys, forms, result rules, clocks, passenger lists. Faults of 2020's form each have a case."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from vungxanh.border import clocks, entry_forms, entry_rules, journeys, matching, prearrival
from vungxanh.border.entry_rules import Facts, RiskArea
from vungxanh.border.matching import Pair, Traveller
from vungxanh.core.errors import UserError

TODAY = date(2026, 11, 22)
FORM = entry_forms.form("vn.entry@2026.1")
RULE = entry_rules.shipped()["vn.entry.2026@1"]
SIGNS = ("fever", "cough", "breath", "throat", "vomit", "diarrhoea", "bleeding", "rash")
ANSWERS: dict[str, Any] = {
    "gate": "HAN", "entry_on": "2026-11-23", "full_name": "Nguyễn Văn A", "document_kind": "passport",
    "document": "B1234567", "nationality": "VNM", "birth_year": 1990, "sex": "1", "mode": "air",
    "flight": "HVN036", "seat": "12a",
    "crew": False, "connecting": False, "party": "alone", "lodging": "hotel", "hotel": "Khách sạn A",
    "from_country": "DEU", "departed_on": "2026-11-22", "elsewhere": False,
    **dict.fromkeys(SIGNS, False), "animals": False, "near_ill": False, "tested": "none",
    "commune": {"written": "Phúc Xuân", "code": "05710", "scheme": "new"}, "address": "Khách sạn A",
    "phone": "0944713700",
}  # fmt: skip


def with_answers(**changes: Any) -> dict[str, Any]:
    return {key: value for key, value in {**ANSWERS, **changes}.items() if value is not None}


# ------------------------------------------------------------------ journeys


@pytest.mark.parametrize("text", ["VN36", "VN036", "vn 36", "HVN36", "VN-0036", "V N 3 6"])
def test_one_flight_however_it_is_written(text: str) -> None:
    assert journeys.flight(text).key == "VN36"


@pytest.mark.needs_data
def test_flights_and_seats_as_the_vectors_say(data: Path) -> None:
    vectors = json.loads((data / "identity" / "flight_seat.json").read_text())
    for kind, read in (("flight", journeys.flight), ("seat", journeys.seat)):
        for text, good in vectors[kind]:
            if good:
                assert read(text)
            else:
                with pytest.raises(UserError):
                    read(text)


@pytest.mark.parametrize("text", ["00A", "0A", "12", "", "12I", "12AA"])
def test_seats_that_no_aeroplane_has(text: str) -> None:
    with pytest.raises(UserError):
        journeys.seat(text)


def test_a_feed_that_keeps_carrier_and_number_apart() -> None:
    assert journeys.flight("500", "ET").key == "ET500"
    with pytest.raises(UserError):
        journeys.flight("500")


# ------------------------------------------------------------------ forms


def test_each_day_has_its_form() -> None:
    assert [found.key if (found := entry_forms.on(day)) else None for day in (
        date(2020, 3, 6), date(2020, 3, 7), date(2021, 2, 28), date(2021, 3, 1), date(2022, 4, 26),
        date(2022, 4, 27), date(2026, 6, 30), date(2026, 7, 1),
    )] == [None, "vn.entry@2020.14", "vn.entry@2020.14", "vn.entry@2021.21", "vn.entry@2021.21", None, None,
           "vn.entry@2026.1"]  # fmt: skip
    assert [form.window_days for form in entry_forms.shipped().values()] == [14, 21, 21]


def test_a_whole_declaration_is_taken_and_tidied() -> None:
    done = entry_forms.checked(FORM, ANSWERS, TODAY)
    assert (done.problems, done.notes) == ([], [])
    assert (done.answers["flight"], done.answers["seat"]) == ("VN36", "12A")


def test_nothing_is_preselected_and_every_sign_is_asked_by_itself() -> None:
    assert [question.id for question in FORM.group("sign")] == list(SIGNS)
    missing = {problem.question for problem in entry_forms.checked(FORM, {}, TODAY).problems}
    assert {*SIGNS, "animals", "near_ill", "mode", "gate"} <= missing


def test_seat_and_vehicle_are_two_questions_and_never_mixed() -> None:
    assert {
        problem.question for problem in entry_forms.checked(FORM, with_answers(seat=None), TODAY).problems
    } == {"seat"}
    by_road = with_answers(mode="land", gate="HN", flight=None, seat=None, connecting=None,
                          vehicle="20C-123.45", crosser="none")  # fmt: skip
    assert entry_forms.checked(FORM, by_road, TODAY).problems == []
    mixed = entry_forms.checked(FORM, {**by_road, "seat": "12A"}, TODAY)
    assert [(problem.question, problem.code) for problem in mixed.problems] == [("seat", "not-asked")]


def test_no_document_at_all_is_an_answer() -> None:
    done = entry_forms.checked(FORM, with_answers(document_kind="none", document=None), TODAY)
    assert done.problems == []


@pytest.mark.parametrize(
    ("changes", "question", "code"),
    [
        ({"birth_year": 2027}, "birth_year", "out-of-range"),
        ({"flight": "36"}, "flight", "bad-flight"),
        ({"seat": "00A"}, "seat", "bad-seat"),
        ({"departed_on": "2026-11-24"}, "departed_on", "departed-after-entry"),
        ({"document": None}, "document", "required"),
        ({"tested": "negative"}, "tested_on", "required-date"),
        ({"fever": True}, "signs_since", "required-date"),
        ({"elsewhere": True}, "stay1_country", "required"),
        ({"email": "a b"}, "email", "bad-email"),
    ],
)
def test_each_fault_names_its_question(changes: dict[str, Any], question: str, code: str) -> None:
    problems = entry_forms.checked(FORM, with_answers(**changes), TODAY).problems
    assert (question, code) in [(problem.question, problem.code) for problem in problems]
    for problem in problems:
        assert problem.text("vi")


def test_an_empty_email_is_fine() -> None:
    assert entry_forms.checked(FORM, with_answers(email=""), TODAY).problems == []


def test_odd_things_are_noted_and_not_refused() -> None:
    notes = entry_forms.checked(FORM, with_answers(gate="HN", entry_on="2026-12-22"), TODAY).notes
    assert [problem.code for problem in notes] == ["gate-mode-differs", "too-early"]


# ------------------------------------------------------------------ what follows


def outcome(certificates: Any = (), areas: Any = (), **changes: Any) -> entry_rules.Outcome:
    rule = RULE.model_copy(update={"risk_areas": tuple(areas)})
    facts = Facts(FORM, with_answers(**changes), certificates, date(2026, 11, 23))
    return entry_rules.evaluate(rule, facts)


def test_nothing_found_passes() -> None:
    assert outcome().class_ == "pass"


@pytest.mark.parametrize("changes", [{"rash": True}, {"near_ill": True}, {"tested": "positive"}])
def test_a_sign_an_ill_neighbour_or_a_positive_test_is_seen_at_once(changes: dict[str, Any]) -> None:
    assert outcome(**changes).class_ == "refer"


def test_exposure_answers_are_never_read_from_the_signs() -> None:
    found = outcome(fever=True)
    assert {reason.clause: reason.holds for reason in found.reasons}["animals"] is False
    assert [reason.inputs for reason in found.deciding] == [("fever",)]


def test_what_was_not_told_is_asked_and_never_taken_for_no() -> None:
    found = outcome(cough=None)
    assert (found.class_, [reason.clause for reason in found.deciding]) == ("interview", ["signs"])
    assert outcome(cough=None, fever=True).class_ == "refer"


DE = RiskArea(country="DEU", since=date(2026, 11, 1))


def test_a_stay_in_an_epidemic_area_within_the_window() -> None:
    assert outcome(areas=[DE]).class_ == "follow"
    old = RiskArea(country="DEU", since=date(2026, 1, 1), until=date(2026, 11, 1))
    assert outcome(areas=[old]).class_ == "pass"
    stay = {
        "elsewhere": True,
        "stay1_country": "LAO",
        "stay1_from": "2026-11-05",
        "stay1_to": "2026-11-10",
        "more1": False,
    }
    assert outcome(areas=[RiskArea(country="LAO", since=date(2026, 11, 10))], **stay).class_ == "follow"
    assert outcome(areas=[RiskArea(country="LAO", since=date(2026, 11, 11))], **stay).class_ == "pass"


def test_a_stay_before_the_window_does_not_count() -> None:
    # entry 23 November, 21 days back is 2 November
    stay = {"elsewhere": True, "stay1_country": "LAO", "more1": False, "stay1_from": "2026-10-20"}
    lao = [RiskArea(country="LAO", since=date(2026, 10, 1))]
    assert outcome(areas=lao, **stay, stay1_to="2026-11-01").class_ == "pass"
    assert outcome(areas=lao, **stay, stay1_to="2026-11-02").class_ == "follow"


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [("valid", "pass"), ("self-declared", "interview"), ("unknown-signer", "interview"), ("expired", "follow"),
     ("wrong-signature", "follow"), ("revoked", "follow")],
)  # fmt: skip
def test_a_certificate_lifts_only_where_it_is_believed(verdict: str, expected: str) -> None:
    assert outcome([("vaccination", verdict)], [DE]).class_ == expected


def test_the_rule_of_the_day_or_an_error_that_names_it() -> None:
    rules = entry_rules.shipped().values()
    assert entry_rules.in_force(rules, "vn.entry.covid19", date(2021, 5, 1)).key == "vn.entry.covid19@1"
    with pytest.raises(UserError) as caught:
        entry_rules.in_force(rules, "vn.entry.covid19", date(2023, 1, 1))
    assert caught.value.code == "border.no-rule"


def test_every_question_a_rule_names_is_in_its_form() -> None:
    for rule in entry_rules.shipped().values():
        for form in entry_forms.shipped().values():
            if form.result_rules == rule.id:
                known = {question.id for question in form.questions}
                named = {one.question for clause in rule.clauses for one in clause.when if one.question}
                assert named <= known


# ------------------------------------------------------------------ clocks

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def states(minutes: int, **steps: int) -> dict[str, str]:
    done = {name: START + timedelta(minutes=at) for name, at in steps.items()}
    return {one.clock.id: one.state for one in clocks.read(START, done, START + timedelta(minutes=minutes))}


def test_clocks_of_a_hold() -> None:
    assert states(0) == {"list": "running", "decision": "waiting", "hold": "running", "stay": "running"}
    assert states(46)["list"] == "soon"
    assert states(60)["list"] == "soon"
    assert states(61)["list"] == "over"
    assert states(90, list=50) == {"list": "done", "decision": "running", "hold": "soon", "stay": "running"}
    assert states(111, list=50)["decision"] == "over"
    assert states(121)["hold"] == "over"
    assert states(130, list=70, decision=125)["hold"] == "late"
    assert states(2881, list=50, decision=80)["stay"] == "over"
    assert states(2881, list=50, decision=80, transfer=2000)["stay"] == "done"


def test_a_release_stops_every_clock() -> None:
    assert set(states(3000, release=30).values()) == {"done"}


# ------------------------------------------------------------------ passenger lists


def test_a_list_against_declarations() -> None:
    listed = [
        Traveller(1, "NGUYEN/VAN A MR", "B1234567", 1990, "VN36", "12A"),
        Traveller(2, "TRAN THI B", "C7654321", 1985, "VN36", "14C"),
        Traveller(3, "LE VAN C", "", 1970, "VN36"),
        Traveller(4, "PHAM D", "P0000001", 1999, "VN36"),
    ]
    declared = [
        Traveller(101, "Nguyễn Văn A", "b 1234567", 1990, "VN36", "12A"),
        Traveller(102, "Trần Thị B", "C7654321", 1985, "VN36", "15C"),
        Traveller(103, "Lê Văn C", "Z1", 1970, "VN36"),
        Traveller(104, "Somebody Else", "Q1", 1960, "VN36"),
    ]
    found = matching.match(listed, declared)
    assert found.pairs == [
        Pair(1, "declared", 101),
        Pair(2, "differs", 102, ("seat",)),
        Pair(3, "likely", 103),
        Pair(4, "missing"),
    ]
    assert found.extra == [104]


def test_the_same_document_twice_on_a_list_uses_a_declaration_once() -> None:
    twice = [Traveller(1, "A B", "X1"), Traveller(2, "A B", "X1")]
    assert [pair.state for pair in matching.match(twice, [Traveller(9, "A B", "X1")]).pairs] == [
        "declared",
        "missing",
    ]


# ------------------------------------------------------------------ pre-arrival records


def test_a_pre_arrival_record_saves_typing_and_answers_nothing_that_it_does_not_tell() -> None:
    record = {
        "expected_arrival_date": "23/11/2026", "passport_number": "B1234567", "surname": "NGUYEN",
        "given_name": "VAN AN", "birth_date": "15/02/1990", "sex": "M", "nationality": "VNM",
        "phone_country": "+84", "phone": "0944713700",
        "country_of_departure": "DEU", "mode": "air", "flight_number": "VN36_HAN",
        "airport": "HAN", "address": "Khách sạn A",
    }  # fmt: skip
    found = prearrival.answers(record, TODAY)
    assert found == {
        "full_name": "NGUYEN VAN AN", "document": "B1234567", "document_kind": "passport", "nationality": "VNM",
        "mode": "air", "from_country": "DEU", "address": "Khách sạn A", "sex": "1", "gate": "HAN",
        "flight": "VN36", "phone": "+84944713700", "entry_on": "2026-11-23", "birth_year": 1990,
    }  # fmt: skip
    missing = {problem.question for problem in entry_forms.checked(FORM, found, TODAY).problems}
    assert {
        *SIGNS,
        "animals",
        "near_ill",
        "seat",
        "crew",
        "elsewhere",
        "commune",
        "departed_on",
        "connecting",
        "party",
        "lodging",
    } == missing - {"tested"}


def test_a_record_of_nonsense_gives_nothing() -> None:
    assert (
        prearrival.answers({"flight_number": "??", "airport": "XYZ", "birth_date": "x", "phone": "1"}, TODAY) == {}
    )
