"""What an area is called: each rule by examples, the five published city levels among them."""

from typing import Any

import pytest

from vungxanh.core.errors import UserError
from vungxanh.rules.level_methods import judge
from vungxanh.rules.levels import LevelResult, level_rule


def levels(rule: str, data: Any) -> dict[str, LevelResult]:
    return {one.area: one for one in judge(level_rule(rule), data)}


def only(rule: str, **facts: Any) -> LevelResult:
    return judge(level_rule(rule), facts)[0]


CALM: dict[str, Any] = {
    "cases_known_source": 0,
    "f1_present": False,
    "illegal_entry_risk": False,
    "many_in_quarantine": False,
    "cases_unknown_source": 0,
    "case_source_kinds": [],
    "clusters_unknown_source": 0,
    "cluster_source_kinds": [],
}


class TestTriggers2686:
    """QĐ 2686: four risk levels by trigger; the neighbours of red are orange, of orange yellow."""

    def test_nothing_known_to_happen_is_the_new_normal(self) -> None:
        assert only("2686", **CALM).level == "green"

    @pytest.mark.parametrize(
        ("changed", "expected"),
        [
            ({"cases_known_source": 1}, "yellow"),
            ({"f1_present": True}, "yellow"),
            ({"cases_unknown_source": 1}, "orange"),
            ({"case_source_kinds": ["school"]}, "orange"),
            ({"clusters_unknown_source": 1}, "red"),
            ({"cluster_source_kinds": ["industrial-park"]}, "red"),
            ({"cluster_source_kinds": ["office"], "cases_known_source": 3}, "yellow"),
        ],
    )
    def test_each_trigger(self, changed: dict[str, Any], expected: str) -> None:
        assert only("2686", **(CALM | changed)).level == expected

    def test_a_row_of_communes_steps_down_from_red(self) -> None:
        areas = [CALM | {"area": name} for name in "abcd"]
        areas[0] |= {"clusters_unknown_source": 1}
        found = levels("2686", {"areas": areas, "neighbours": [["a", "b"], ["b", "c"], ["c", "d"]]})
        assert [found[name].level for name in "abcd"] == ["red", "orange", "yellow", "green"]
        assert [text.en for text in found["b"].driving] == ["neighbour of a red commune"]

    def test_a_missing_fact_leaves_the_level_open_upwards(self) -> None:
        facts = {key: value for key, value in CALM.items() if key != "cluster_source_kinds"}
        result = only("2686", **facts)
        assert (result.level, result.possible, result.verified) == ("green", ("green", "red"), False)
        assert "cluster" in result.asks[0].en

    def test_a_neighbour_that_does_not_exist_is_refused(self) -> None:
        with pytest.raises(UserError, match="of which there are no data"):
            judge(level_rule("2686"), {"areas": [CALM | {"area": "a"}], "neighbours": [["a", "z"]]})


class TestTable4800:
    """NQ 128 + QĐ 4800. The combining table was not read: cells are levels that cities published."""

    def test_t1_ha_noi_1_november_2021_is_2_for_the_coverage_of_the_old(self) -> None:
        result = only(
            "4800",
            area="Hà Nội",
            on="2021-10-31",
            rate=1,
            adults_one_dose_pct=98,
            elderly_full_pct=48,
            elderly_age=65,
        )
        assert result.level == "2"
        assert [text.en for text in result.driving] == ["people of 65 and over fully vaccinated"]

    def test_t2_ha_noi_26_november_2021_is_2_for_the_incidence(self) -> None:
        result = only("4800", on="2021-11-26", rate=20, adults_one_dose_pct=93.9, elderly_full_pct=81.2)
        assert result.level == "2"
        assert [text.en for text in result.driving] == ["New cases per 100000 people in 7 days"]

    def test_t3_hai_phong_october_2021_is_1_where_coverage_is_met(self) -> None:
        assert only("4800", on="2021-10-20", rate=5, adults_one_dose_pct=70, elderly_full_pct=80).level == "1"

    def test_t3_without_the_coverage_it_is_1_or_2_and_that_is_said(self) -> None:
        result = only("4800", on="2021-10-20", rate=5)
        assert (result.level, result.possible) == (None, ("1", "2"))
        assert "hangs on it" in result.asks[0].en

    def test_t4_dong_da_10_december_2021_is_3(self) -> None:
        # more than 1,300 cases in two weeks among about 382,000 people: about 170 a week
        result = only(
            "4800",
            on="2021-12-10",
            cases=1300,
            window_days=14,
            population=382_000,
            population_source="2019 census, rounded",
            adults_one_dose_pct=94,
            elderly_full_pct=82,
        )
        assert (result.level, result.numerator["rate"]) == ("3", 170.16)
        assert result.numerator["population_source"] == "2019 census, rounded"

    def test_t5_hcmc_15_november_2021_is_2(self) -> None:
        result = only("4800", on="2021-11-15", rate=80, adults_one_dose_pct=99, elderly_full_pct=90)
        assert result.level == "2"

    def test_the_cut_at_50_is_from_memory_and_changes_nothing_where_coverage_is_met(self) -> None:
        for rate in (49, 50):
            assert (
                only("4800", on="2021-11-15", rate=rate, adults_one_dose_pct=99, elderly_full_pct=90).level == "2"
            )

    def test_a_cell_that_nobody_published_is_asked_of_the_official(self) -> None:
        result = only("4800", on="2021-11-15", rate=30, adults_one_dose_pct=60, elderly_full_pct=90)
        assert (result.level, result.verified) == (None, False)
        assert result.possible == ("1", "2", "3", "4")
        assert "the official decides" in result.asks[0].en

    def test_without_capacity_a_level_is_not_lowered(self) -> None:
        facts = {"on": "2021-11-15", "rate": 1, "adults_one_dose_pct": 99, "elderly_full_pct": 90}
        assert only("4800", **facts, previous_level="3", capacity_met=False).level == "3"
        assert only("4800", **facts, previous_level="3", capacity_met=True).level == "1"

    def test_from_november_the_old_are_those_of_50_and_other_data_are_said_to_differ(self) -> None:
        facts = {"on": "2021-11-02", "rate": 1, "adults_one_dose_pct": 99, "elderly_full_pct": 81}
        named = [one.name.en for one in only("4800", **facts).criteria]
        assert "people of 50 and over fully vaccinated" in named
        assert any("65 and over" in one.en for one in only("4800", **facts, elderly_age=65).reasons)

    def test_a_day_that_is_none_is_refused(self) -> None:
        with pytest.raises(UserError, match="not a date"):
            only("4800", on="31/12/2021", rate=1)

    def test_no_level_is_called_verified_while_its_table_is_not(self) -> None:
        result = only("4800", on="2021-11-26", rate=20, adults_one_dose_pct=93.9, elderly_full_pct=81.2)
        assert result.as_json()["verified"] is False

    def test_missing_population_gives_no_level(self) -> None:
        result = only("4800", on="2021-11-26", cases=100, adults_one_dose_pct=93.9, elderly_full_pct=81.2)
        assert (result.level, result.asks[0].en) == (
            None,
            "Cases and population (or a rate) are missing: no level yet.",
        )


class TestTable218:
    """QĐ 218: its table was read nowhere, so the software shows the criteria and asks."""

    def test_it_shows_each_criterion_and_names_no_level(self) -> None:
        result = only("218", rate=601, full_dose_pct=80, at_risk_full_pct=89, capacity_met=True)
        assert result.level is None
        shown = {one.name.en: one.met for one in result.criteria}
        assert shown["people fully vaccinated"] is True
        assert shown["people at risk fully vaccinated"] is False
        assert "deaths per 100,000" in shown

    def test_only_the_top_band_of_incidence_is_verified(self) -> None:
        assert only("218", rate=601).criteria[0].verified is True
        assert only("218", rate=600).criteria[0].verified is False


YEARS = {"2021": 4, "2022": 6, "2023": 5, "2024": 5, "2025": 5}  # mean 5, sample SD √0.5 = 0.707


def endemic(**facts: Any) -> LevelResult:
    base = {"group": "B", "endemic": True, "month_baseline": YEARS, "week_baseline": YEARS, "week_cases": 0}
    return only("tt-15-2026", **(base | facts))


class TestBaseline2026:
    """TT 15/2026: epidemic above the five-year mean + 2 SD of the month; warning from mean + 1 SD of the week."""

    def test_seven_cases_are_above_5_plus_2_times_0_71(self) -> None:
        result = endemic(month_cases=7)
        assert (result.level, result.criteria[0].threshold) == ("epidemic", "> 5.00 + 2 × 0.71 = 6.41")

    def test_six_are_not(self) -> None:
        assert endemic(month_cases=6, week_cases=5).level == "none"

    def test_six_in_the_week_are_a_warning(self) -> None:
        result = endemic(month_cases=6, week_cases=6)
        assert (result.level, result.driving[0].en[:17]) == ("warning", "cases of the week")

    def test_epidemic_years_leave_the_baseline_of_the_month(self) -> None:
        years: dict[str, Any] = YEARS | {"2022": {"cases": 600, "epidemic": True}}
        result = endemic(month_baseline=years, month_cases=7)  # left: 4 5 5 5, mean 4.75, SD 0.5
        assert (result.level, result.criteria[0].threshold) == ("epidemic", "> 4.75 + 2 × 0.50 = 5.75")

    def test_a_result_that_hangs_on_which_sd_is_meant_says_so(self) -> None:
        # 0 0 0 0 5: mean 1; sample SD 2.236, population SD 2: limits 5.47 and 5
        result = endemic(month_baseline={"1": 0, "2": 0, "3": 0, "4": 0, "5": 5}, month_cases=5.2, week_cases=0)
        assert (result.level, result.verified) == ("none", False)

    def test_sd_zero_makes_the_mean_the_threshold(self) -> None:
        flat = dict.fromkeys(map(str, range(2021, 2026)), 3)
        assert endemic(month_baseline=flat, month_cases=4).level == "epidemic"
        assert endemic(month_baseline=flat, month_cases=3, week_baseline=flat).level == "none"

    def test_three_years_are_used_and_said_to_be_three(self) -> None:
        result = endemic(month_baseline={"2023": 4, "2024": 6, "2025": 5}, month_cases=9)
        assert (result.level, result.verified) == ("epidemic", False)
        assert any("3 years" in one.en for one in result.reasons)

    def test_one_year_is_no_baseline(self) -> None:
        result = endemic(month_baseline={"2025": 5}, month_cases=90)
        assert (result.level, result.possible) == (None, ("none", "epidemic"))

    def test_not_endemic_five_linked_cases_are_an_epidemic_and_three_in_a_week_a_warning(self) -> None:
        facts = {"group": "B", "endemic": False}
        assert only("tt-15", **facts, linked_cases_month=5, linked_cases_week=1).level == "epidemic"
        assert only("tt-15", **facts, linked_cases_month=4, linked_cases_week=3).level == "warning"
        assert only("tt-15", **facts, linked_cases_month=4, linked_cases_week=2).level == "none"

    def test_group_a_one_confirmed_case_warns_and_the_rest_is_guidance(self) -> None:
        result = only("tt-15", group="A", confirmed_cases=1)
        assert (result.level, result.possible) == (None, ("warning", "epidemic"))
        assert "guidance" in result.asks[0].en

    def test_a_disease_never_seen_warns_from_medium_risk(self) -> None:
        facts = {"group": "B", "endemic": False, "never_seen": True, "linked_cases_month": 0}
        assert only("tt-15", **facts, adhoc_risk="medium").level == "warning"
        assert only("tt-15", **facts, adhoc_risk="low").level == "none"

    def test_no_level_of_2026_has_a_colour(self) -> None:
        assert endemic(month_cases=7).as_json()["color"] is None

    def test_a_negative_count_is_refused(self) -> None:
        with pytest.raises(UserError, match="month_cases"):
            endemic(month_cases=-1)


class TestDiseaseGroup:
    """TT 15/2026, Annex I: A from 10 points, B 7 to 9, C below 7."""

    def test_ten_points_are_group_a(self) -> None:
        result = only(
            "disease-group",
            case_fatality_pct=30,
            spread="digestive-respiratory-r0-up-to-3",
            prevention="none",
            circulation="large-outbreaks-or-emerging",
        )
        assert (result.level, result.numerator["points"]) == ("A", 10)

    def test_six_points_are_group_c(self) -> None:
        assert (
            only(
                "disease-group",
                case_fatality_pct=0.5,
                spread="digestive-respiratory-r0-up-to-3",
                prevention="one",
                circulation="stable-or-sporadic",
            ).level
            == "C"
        )

    def test_a_missing_criterion_leaves_what_it_allows(self) -> None:
        result = only("disease-group", case_fatality_pct=5, spread="contact", prevention="one")
        assert (result.level, result.possible) == (None, ("B", "C"))  # 5 + 1 to 3 points

    def test_a_new_dangerous_unknown_agent_is_group_a(self) -> None:
        assert only("disease-group", new_dangerous_unknown=True).level == "A"


def test_an_unknown_rule_names_the_choices() -> None:
    with pytest.raises(UserError, match=r"vn\.covid19\.level\.2686"):
        level_rule("vn.covid19.level.9999")
