"""The pack of 2026: measles hangs in the air, an unknown disease is cast wide, dengue has a ring instead."""

from datetime import date

import pytest
from tests.spec.rulebook import AN, BINH, CASE, CHI, at, listed, traced

from vungxanh.core.errors import UserError
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Place, Visit
from vungxanh.rules.contact import contact_rule, contact_rules, rule_in_force
from vungxanh.tracing.ring import metres_between, ring

MEASLES = "vn.2026.contact.measles"


def test_measles_waits_two_hours_in_a_classroom() -> None:
    visits = [
        Visit(CASE, 10, at("3 07:00"), at("3 07:45")),
        Visit(AN, 10, at("3 07:30"), at("3 07:32")),  # two minutes are enough
        Visit(BINH, 10, at("3 09:40"), at("3 10:00")),  # five minutes before the air is clean
        Visit(CHI, 10, at("3 09:45"), at("3 10:00")),
    ]
    found = traced(Evidence.of(visits=visits, places=[Place(10, "classroom")]), rule=MEASLES)
    assert listed(found) == {AN: "confirmed", BINH: "probable"}


def test_measles_is_infectious_from_four_days_before_the_rash_to_four_days_after() -> None:
    visits = [Visit(p, 10, at(f"{day} 23:30"), at(f"{day} 23:40")) for p, day in ((AN, 2), (BINH, 1), (CHI, 11))]
    visits += [Visit(CASE, 10, at("1 08:00"), at("20 08:00"))]
    found = traced(Evidence.of(visits=visits, places=[Place(10, "room")]), rule=MEASLES, onset=date(2022, 1, 6))
    assert listed(found) == {AN: "confirmed"}
    assert (found.window.start, found.window.end, found.window.ended_by) == (at("2 00:00"), at("11 00:00"), "rule")


def test_an_unknown_disease_adds_up_a_day() -> None:
    visits = [Visit(p, 10, at(f"3 {h}:00"), at(f"3 {h}:08"), mask=True) for p in (CASE, AN) for h in ("08", "15")]
    visits += [Visit(CASE, 11, at("4 08:00"), at("4 08:08")), Visit(BINH, 11, at("4 08:00"), at("4 08:08"))]
    visits += [Visit(CASE, 11, at("5 08:00"), at("5 08:08")), Visit(BINH, 11, at("5 08:00"), at("5 08:08"))]
    rooms = [Place(10, "room", space="closed_narrow"), Place(11, "bus")]
    found = traced(Evidence.of(visits=visits, places=rooms), rule="vn.2026.contact.respiratory")
    assert listed(found) == {AN: "confirmed", BINH: "probable"}


@pytest.mark.parametrize("disease", ["covid19", "measles", "respiratory"])
def test_each_disease_has_a_rule_today_and_says_that_it_is_not_verified(disease: str) -> None:
    rule = rule_in_force(date(2026, 11, 22), disease)
    assert rule.pack == "vn-2026"
    assert {rule.window.verified, *(branch.verified for branch in rule.branches)} == {"no"}


def test_every_rule_names_its_basis_and_both_languages() -> None:
    for rule in contact_rules().values():
        assert rule.basis.document
        assert all(branch.en and branch.vi for branch in rule.branches), rule.id


def test_dengue_has_no_contacts_but_a_ring() -> None:
    with pytest.raises(UserError, match=r"mosquitoes.*ring of 200 m"):
        rule_in_force(date(2026, 8, 1), "dengue")
    home = (21.5942, 105.8482)
    # 0.001 degrees of latitude are 111 m
    near, far = (21.5952, 105.8482), (21.5962, 105.8482)
    assert [within.place for within in ring("dengue", [home], {1: near, 2: far})] == [1]
    assert metres_between(home, near) == pytest.approx(111.2, abs=0.1)
    with pytest.raises(UserError, match="not carried by a vector"):
        ring("measles", [home], {})


def test_measles_is_passed_on_after_a_week() -> None:
    assert contact_rule(MEASLES).latency_minutes == 7 * 1440
