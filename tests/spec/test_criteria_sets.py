"""How safe is a place: the published sets, read as examples."""

import json
from pathlib import Path
from typing import Any

import pytest

from vungxanh.core.errors import UserError
from vungxanh.rules.criteria import criteria_set, packaged_sets
from vungxanh.rules.verdict import Verdict, assess


def judge(set_id: str, scores: list[Any] | dict[str, Any], kind: str | None = None) -> Verdict:
    raw = scores if isinstance(scores, dict) else {str(n): value for n, value in enumerate(scores, 1)}
    return assess(criteria_set(set_id), raw, place_kind=kind)


def passes(count: int, *failing: int) -> list[bool]:
    return [number not in failing for number in range(1, count + 1)]


def band(verdict: Verdict) -> str | None:
    return verdict.band and verdict.band.code


def test_every_published_set_is_here_under_its_own_id(data: Path) -> None:
    published = json.loads((data / "safety" / "safety_criteria_sets.json").read_text())["sets"]
    assert {one["id"] for one in published} <= set(packaged_sets())


class TestHospital:
    """QĐ 3088: 37 items, 150 points; 75 % is safe, one zero is unsafe whatever the total."""

    def test_three_quarters_and_no_zero_is_safe(self) -> None:
        result = judge("byt-3088-hospital", [4] * 2 + [3] * 35)  # 113 of 150 = 75.33 %
        assert (result.score, band(result), result.verified) == (113, "an toan", True)
        assert result.as_json()["percent"] == 75.33

    def test_below_three_quarters_is_low_safety(self) -> None:
        assert band(judge("byt-3088-hospital", [4] + [3] * 36)) == "an toan thap"  # 112 = 74.67 %

    def test_one_zero_is_unsafe_even_at_97_percent(self) -> None:
        result = judge("byt-3088-hospital", [4] * 36 + [0] + [])
        assert (result.score, band(result), result.failed) == (144, "khong an toan", {37})

    def test_exactly_75_percent_is_read_as_safe_and_said_to_be_doubtful(self) -> None:
        scores: dict[str, Any] = {str(n): 3 for n in range(1, 38)} | {"1": 4.5}
        result = judge("byt-3088-hospital", scores)  # 112.5 of 150
        assert (band(result), result.verified) == ("an toan", False)


class TestSchool:
    """CV 1467 and the school sets after it: pass or fail, some items mandatory."""

    def test_eleven_of_fifteen_with_the_mandatory_ones_is_good(self) -> None:
        assert band(judge("bgddt-1467-school", passes(15, 1, 2, 3, 6))) == "tot, an toan"

    def test_ten_is_fair(self) -> None:
        result = judge("bgddt-1467-school", passes(15, 1, 2, 3, 6, 7))
        assert (band(result), result.failed) == ("kha, an toan, kiem tra dinh ky", {1, 2, 3, 6, 7})

    def test_a_mandatory_item_missing_closes_and_says_that_the_reading_is_ours(self) -> None:
        result = judge("bgddt-1467-school", passes(15, 4))
        assert (result.score, result.opens) == (14, "no")
        assert any("safer reading" in one.en for one in result.reasons)

    def test_an_item_passes_only_if_every_part_passes(self) -> None:
        answers: list[Any] = list(passes(15))
        answers[0] = [True, True, False]
        assert judge("bgddt-1467-school", answers).failed == {1}

    def test_hanoi_asks_twelve_of_sixteen(self) -> None:
        assert band(judge("hanoi-2021-school", passes(16, 1, 2, 3, 6))) == "tot"
        assert band(judge("hanoi-2021-school", passes(16, 1, 2, 3, 6, 7))) == "kha"

    def test_hcmc_six_or_seven_is_safe_with_48_hours_to_reach_eight(self) -> None:
        result = judge("hcmc-2021-school", passes(10, 1, 2, 3))
        assert band(result) == "an toan, fix within 48 h to reach 8"
        assert result.as_json()["deadline"]["hours"] == 48

    def test_hcmc_five_is_closed(self) -> None:
        assert judge("hcmc-2021-school", passes(10, 1, 2, 3, 4, 5)).opens == "no"


class TestRiskScores:
    """Sets in which more points are worse."""

    def test_2194_divides_by_300_and_fifteen_percent_is_still_very_low(self) -> None:
        result = judge("bcdqg-2194-workplace", [10, 10, 25] + [0] * 12)  # 45 / 300
        assert (result.percent, band(result), result.verified) == (15, "rat thap", True)

    def test_2194_above_fifteen_percent_is_scored_and_not_judged(self) -> None:
        result = judge("bcdqg-2194-workplace", [10, 10, 26] + [0] * 12)
        assert (band(result), result.verified) == (None, False)

    def test_2194_scores_a_head_count_and_takes_the_worst_person(self) -> None:
        scores: list[Any] = [{"value": 200}, {"value": 0.9}, [0, 5, 0]] + [0] * 12
        assert judge("bcdqg-2194-workplace", scores).scores | {} == {
            **dict.fromkeys(range(4, 16), 0),
            1: 4,
            2: 10,
            3: 5,
        }

    @pytest.mark.parametrize(
        ("scores", "expected", "opens"),
        [
            ([1, 1] + [1] * 8, "rat it", "yes"),
            ([2, 2] + [3] * 8, "thap", "yes"),
            ([5, 2] + [3] * 8, "trung binh", "yes"),
            ([7, 2] + [3] * 8, "trung binh", "no"),
            ([10, 8] + [4] * 8, "cao", "conditions"),
            ([10, 10] + [8] * 8, "rat cao", "no"),
        ],
    )
    def test_1203_by_percent_and_by_the_highest_item(self, scores: list[int], expected: str, opens: str) -> None:
        result = judge("hcmc-1203-enterprise", scores)
        assert (band(result), result.opens) == (expected, opens)


class TestMarketsAndFood:
    def test_1370_fifty_to_eighty_opens_with_a_week_to_mend(self) -> None:
        result = judge("hcmc-1370-market", [7] * 10, "covered-market")
        assert (result.opens, result.as_json()["deadline"]["within"]) == ("conditions", "7d")

    def test_1370_the_mandatory_items_differ_by_kind_of_market(self) -> None:
        scores = [10, 10, 0] + [10] * 7
        assert judge("hcmc-1370-market", scores, "wholesale-market").opens == "no"
        assert judge("hcmc-1370-market", scores, "covered-market").opens == "yes"

    def test_1370_without_the_kind_a_zero_there_is_left_undecided(self) -> None:
        result = judge("hcmc-1370-market", [10, 10, 0] + [10] * 7)
        assert band(result) is None
        assert "say which kind" in result.reasons[-1].en

    def test_restaurant_needs_half_and_items_5_9_10(self) -> None:
        assert band(judge("hcmc-2020-food", [5] * 10)) == "hoat dong"
        assert band(judge("hcmc-2020-food", [10] * 8 + [0, 10])) == "dung"

    @pytest.mark.parametrize(
        ("total", "expected"),
        [(80, "dam bao"), (79, "tuong doi, fix at once"), (64, "tuong doi, fix within 7 days"), (49, "tam dung")],
    )
    def test_hue_by_total(self, total: int, expected: str) -> None:
        assert band(judge("hue-restaurant", {"1": total})) == expected


class TestVehiclesAndTourism:
    def test_2020_between_60_and_80_no_source_says_so_nothing_is_said(self) -> None:
        result = judge("hcmc-2020-transport", [7] * 10)
        assert (band(result), result.verified) == (None, False)

    def test_2020_one_mandatory_zero_stops_the_vehicle(self) -> None:
        assert band(judge("hcmc-2020-transport", [0] + [10] * 9)) == "dung"

    def test_2021_sixty_to_seventy_has_two_days(self) -> None:
        result = judge("hcmc-2021-transport-draft", [10, 5, 10, 10, 5, 5, 5, 5, 5, 5])
        assert (band(result), result.as_json()["deadline"]["hours"]) == ("fix within 2 days", 48)

    def test_2021_which_items_are_mandatory_was_not_read_and_that_is_said(self) -> None:
        result = judge("hcmc-2021-transport-draft", [10, 0] + [10] * 8)
        assert (band(result), result.verified) == ("dung", False)

    def test_tourism_eighty_is_rechecked_after_a_week_unless_an_item_is_below_five(self) -> None:
        assert band(judge("hcmc-2020-tourism", [8] * 10)) == "hoat dong, recheck after 7 days"
        assert band(judge("hcmc-2020-tourism", [10] * 9 + [4])) == "must adjust first"


class TestWhatIsNotKnown:
    def test_a_set_without_bands_gives_a_score_and_says_so(self) -> None:
        result = judge("byt-4999-clinic", [3, 4, 6, 3, 4, 5, 3, 2])
        assert (result.percent, band(result), result.verified) == (100, None, False)
        assert "bands" in result.reasons[0].en

    def test_an_unknown_maximum_gives_no_percent(self) -> None:
        assert judge("byt-5619-service-area", [1] * 15).percent is None

    def test_an_unanswered_item_gives_no_verdict(self) -> None:
        result = judge("hcmc-2020-food", [10] * 9)
        assert (band(result), result.missing) == (None, (10,))

    def test_but_a_zero_that_closes_needs_no_more_answers(self) -> None:
        assert band(judge("byt-3088-hospital", {"7": 0})) == "khong an toan"

    def test_a_score_between_published_steps_is_noted(self) -> None:
        result = judge("hcmc-2021-transport-draft", [10, 6] + [10] * 8)
        assert (band(result), result.verified) == ("hoat dong", False)


class TestOurOwnSet:
    """Marked as ours; asks of each kind of place what that kind owes."""

    def test_it_is_complete_and_marked(self) -> None:
        own = criteria_set("vx-general")
        assert own.complete
        assert own.basis.own

    def test_a_household_is_asked_five_things_and_a_market_others(self) -> None:
        own = criteria_set("vx-general")
        assert own.asked_of("household") == (1, 5, 6, 9, 10, 12, 26)
        assert {18, 19} <= set(own.asked_of("market"))

    def test_a_mandatory_item_decides(self) -> None:
        own = criteria_set("vx-general")
        answers = {str(number): number != 2 for number in own.asked_of("shop")}
        assert band(assess(own, answers, place_kind="shop")) == "chua dat"

    def test_what_does_not_apply_is_left_out_of_the_percentage(self) -> None:
        own = criteria_set("vx-general")
        answers = {str(number): True for number in own.asked_of("shop")} | {"7": "na", "10": "na"}
        result = assess(own, answers, place_kind="shop")
        assert (result.percent, band(result)) == (100, "dat")


@pytest.mark.parametrize(
    ("set_id", "answers", "code"),
    [
        ("hcmc-2020-food", {"11": 5}, "rules.item-unknown"),
        ("hcmc-2020-food", {"1": 11}, "rules.answer-out-of-range"),
        ("hcmc-2020-food", {"1": -1}, "rules.answer-out-of-range"),
        ("hcmc-2020-food", {"1": "mười"}, "rules.answer-out-of-range"),
        ("hcmc-2020-food", {"1": float("nan")}, "rules.answer-out-of-range"),
        ("bgddt-1467-school", {"1": 5}, "rules.answer-out-of-range"),
        ("byt-3088-hospital", {"1": True}, "rules.answer-out-of-range"),
        ("byt-3088-hospital", {"1": 100, "2": 100}, "rules.total-over-maximum"),
        ("hcmc-2020-food", {"set": "hue-restaurant", "answers": {"1": 5}}, "rules.answers-other-set"),
        ("hcmc-2020-food", [5, 5], "rules.answers-not-a-map"),
        ("no-such-set", {}, "rules.set-unknown"),
    ],
)
def test_bad_answers_are_refused_by_name(set_id: str, answers: Any, code: str) -> None:
    with pytest.raises(UserError) as raised:
        assess(criteria_set(set_id), answers)
    assert raised.value.code == code
