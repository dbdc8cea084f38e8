"""Who is a contact, by the instruments of 2021 and 2022."""

from datetime import date

import pytest
from tests.spec.rulebook import AN, BINH, CASE, CHI, CV_1909, CV_11042, DUNG, QD_3638, QD_4689, at, listed, traced

from vungxanh.core.errors import UserError
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Encounter, Flag, Household, Place, Seat, Visit
from vungxanh.rules.contact import ContactInputs, contact_rule, rule_in_force


def test_the_masked_ride() -> None:
    """CV 11042 b: both masked in a taxi, a contact from the fifteenth minute; c: without a mask at once."""
    taxi = [Place(10, "taxi"), Place(11, "taxi"), Place(12, "taxi"), Place(13, "taxi")]
    rides = [
        Visit(CASE, 10, at("3 09:00"), at("3 09:14"), mask=True),
        Visit(AN, 10, at("3 09:00"), at("3 09:14"), mask=True),  # fourteen minutes, both masked
        Visit(CASE, 11, at("3 10:00"), at("3 10:15"), mask=True),
        Visit(BINH, 11, at("3 10:00"), at("3 10:15"), mask=True),  # fifteen
        Visit(CASE, 12, at("3 11:00"), at("3 11:02"), mask=True),
        Visit(CHI, 12, at("3 11:00"), at("3 11:02"), mask=False),  # two, and one of them without
        Visit(CASE, 13, at("3 12:00"), at("3 12:10"), mask=True),
        Visit(DUNG, 13, at("3 12:00"), at("3 12:10")),  # ten, and nobody knows about the mask
    ]

    found = traced(Evidence.of(visits=rides, places=taxi))

    assert listed(found) == {BINH: "confirmed", CHI: "confirmed", DUNG: "needs interview"}


def test_fifteen_minutes_in_a_closed_room_are_enough_whatever_the_mask() -> None:
    """Masked it takes 15 minutes, unmasked none: after 15 minutes the unknown mask no longer matters."""
    room = [Place(10, "meeting_room")]
    for minutes, certainty in ((14, "needs interview"), (15, "confirmed")):
        visits = [Visit(p, 10, at("3 09:00"), at("3 09:00") + minutes) for p in (CASE, AN)]
        assert listed(traced(Evidence.of(visits=visits, places=room))) == {AN: certainty}


def test_two_rides_of_ten_minutes_are_only_probable() -> None:
    """CV 11042 counts the minutes of one encounter; reached only by adding up, it is probable."""
    rides = [Visit(p, 10, at(f"{day} 09:00"), at(f"{day} 09:10"), mask=True) for p in (CASE, AN) for day in (2, 3)]
    found = traced(Evidence.of(visits=rides, places=[Place(10, "bus")]))
    assert listed(found) == {AN: "probable"}
    assert found.rows[0].seconds == 1200


def test_the_two_row_bus() -> None:
    """QĐ 4689: the same row, and two rows in front or behind. A seat that nobody recorded needs an interview."""
    seats = [
        Seat(CASE, 30, 5, at("3 07:00"), at("3 09:00")),
        Seat(AN, 30, 5, at("3 07:00"), at("3 09:00")),
        Seat(BINH, 30, 7, at("3 07:00"), at("3 09:00")),
        Seat(CHI, 30, 8, at("3 07:00"), at("3 09:00")),
        Seat(DUNG, 30, None, at("3 07:00"), at("3 09:00")),
    ]
    found = traced(Evidence.of(seats=seats), rule=QD_4689)
    assert listed(found) == {AN: "confirmed", BINH: "confirmed", DUNG: "needs interview"}


@pytest.mark.parametrize(
    ("rule", "metres", "verdict"),
    [(CV_11042, 2.0, "confirmed"), (CV_1909, 2.0, "no"), (CV_1909, 1.0, "confirmed"), (QD_3638, 2.1, "no")],
)
def test_two_metres_became_one(rule: str, metres: float, verdict: str) -> None:
    inputs = ContactInputs("encounter", distance_m=metres, mask_case=False, mask_contact=False, space="open")
    assert contact_rule(rule).verdict(inputs, 60) == verdict


def test_a_handshake_told_in_an_interview_is_enough() -> None:
    """CV 11042 a. A scan never asks about touching; an interview does."""
    told = Encounter(
        CASE, AN, at("3 09:00"), at("3 09:01"), 5, physical_contact=True, flags=int(Flag.NAMED), mask_a=True
    )
    assert listed(traced(Evidence.of(encounters=[told]))) == {AN: "confirmed"}


def test_a_name_without_more_needs_an_interview() -> None:
    named = Encounter(CASE, AN, at("3 09:00"), at("3 10:00"), 3600, flags=int(Flag.NAMED))
    assert listed(traced(Evidence.of(encounters=[named]))) == {AN: "needs interview"}


def test_caring_without_protection() -> None:
    """CV 11042 d; with full protection, at a distance where nobody touches, it is a no."""
    inputs = {"distance_m": 1.5, "mask_case": True, "mask_contact": True, "care_giver": True}
    rule = contact_rule(CV_11042)
    assert rule.verdict(ContactInputs("named", ppe_adequate=False, **inputs), 60) == "confirmed"  # type: ignore[arg-type]
    assert rule.verdict(ContactInputs("named", ppe_adequate=True, **inputs), 60) == "no"  # type: ignore[arg-type]


def test_a_household_needs_no_minutes() -> None:
    home = [Household(p, 77, 0, at("31 00:00")) for p in (CASE, AN)]
    found = traced(Evidence.of(households=home, visits=[Visit(CASE, 9, at("3 09:00"), at("3 09:30"))]))
    assert listed(found) == {AN: "confirmed"}
    assert found.rows[0].seconds == 0
    assert found.rows[0].first_exposed == at("1 00:00")


@pytest.mark.parametrize(
    ("day", "rule"),
    [
        (date(2020, 3, 18), "963"),
        (date(2020, 8, 7), "3468"),
        (date(2021, 7, 29), "3468"),
        (date(2021, 7, 30), "3638"),
        (date(2021, 12, 28), "3638"),
        (date(2021, 12, 29), "11042"),
        (date(2022, 4, 14), "11042"),
        (date(2022, 4, 15), "1909"),
    ],
)
def test_the_rule_is_the_one_in_force_on_the_onset_date(day: date, rule: str) -> None:
    assert rule_in_force(day).id == f"vn.covid19.f1.{rule}"


def test_no_rule_in_force_names_the_choices() -> None:
    with pytest.raises(UserError, match=r"2019-12-01.*vn\.covid19\.f1\.11042"):
        rule_in_force(date(2019, 12, 1))
