"""Counts of communes on the boundaries of today, and the daily drafts of levels that rest on them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from tests.functional.test_command_directives import officer

from vungxanh.core.errors import UserError
from vungxanh.places.units import convert
from vungxanh.rules.levels import level_rule
from vungxanh.zoning import actions, counts, daily_levels
from vungxanh.zoning.counts import Told
from vungxanh.zoning.models import AreaLevel, CommuneCount

pytestmark = pytest.mark.django_db
COMMUNE = "05443"  # phường Phan Đình Phùng, Thái Nguyên
TODAY = date(2026, 11, 18)  # a Wednesday
NOW = datetime(2026, 11, 18, 3, tzinfo=UTC)
RULE = "vn.2026.level.15"


def tell(*rows: tuple[date, int], code: str = COMMUNE, now: datetime = NOW, linked: int = 0) -> int:
    told = [Told(code, "covid19", day, cases, min(linked, cases)) for day, cases in rows]
    return counts.tell(by=None, rows=told, source="sổ trạm", now=now)


def past(cases: int = 2, years: range = range(2021, 2026)) -> None:
    """So many cases on 10 November of every past year, under the code of that year."""
    for year in years:
        day = date(year, 11, 10)
        for code in old_codes() if year < 2025 else (COMMUNE,):
            tell((day, cases), code=code)


def old_codes() -> tuple[str, ...]:
    back = convert(COMMUNE, TODAY, date(2021, 1, 1)).candidates
    return tuple(one.unit.code for one in back if one.share == "whole")[:1] or (COMMUNE,)


def test_a_correction_downwards_is_a_new_telling_and_counts() -> None:
    tell((TODAY, 9))
    assert tell((TODAY, 4), now=NOW + timedelta(hours=1)) == 1
    found = counts.read("covid19", TODAY, TODAY, TODAY)
    assert found.total(COMMUNE, TODAY, TODAY) == 4
    assert CommuneCount.objects.count() == 2  # what was told before stays


def test_the_same_number_told_again_is_not_kept_twice() -> None:
    assert (tell((TODAY, 9)), tell((TODAY, 9), now=NOW + timedelta(hours=1))) == (1, 0)


@pytest.mark.parametrize("bad", [Told(COMMUNE, "covid19", TODAY, -1), Told(COMMUNE, "covid19", TODAY, 1, 2),
                                 Told(COMMUNE, "covid19", TODAY + timedelta(days=9), 1)])  # fmt: skip
def test_counts_that_cannot_be_are_refused_and_nothing_is_kept(bad: Told) -> None:
    with pytest.raises(UserError, match="not sound"):
        counts.tell(by=None, rows=[Told(COMMUNE, "covid19", TODAY, 1), bad], source="sổ", now=NOW)
    assert not CommuneCount.objects.exists()


def test_a_table_without_a_column_says_which() -> None:
    with pytest.raises(UserError, match="“cases” is missing"):
        counts.read_table(["code", "disease", "day"], [])
    (row,) = counts.read_table(["code", "disease", "day", "cases"], [["5443", "covid19", "2026-11-18", "3"]])
    assert row == Told("05443", "covid19", TODAY, 3, 0)


def test_the_counts_of_a_merged_commune_go_to_the_one_it_became() -> None:
    old = next(code for code in old_codes())
    heirs = counts.became(old, date(2021, 11, 10), TODAY)
    tell((date(2021, 11, 10), 6), code=old)
    found = counts.read("covid19", date(2021, 1, 1), TODAY, TODAY)
    assert sum(found.total(heir, date(2021, 1, 1), TODAY) for heir in heirs) == 6
    assert bool(found.approximate) == (len(heirs) > 1)


def test_a_divided_commune_gives_each_heir_a_part_and_says_so() -> None:
    divided = [
        code
        for code in ("05500", "05503", "05506", "05482", "05485")
        if len(counts.became(code, date(2024, 1, 1), TODAY)) > 1
    ]
    if not divided:
        divided = [next(code for code in (f"{n:05}" for n in range(1, 9999)) if _is_divided(code))]
    code = divided[0]
    tell((date(2024, 1, 5), 8), code=code)
    found = counts.read("covid19", date(2024, 1, 1), TODAY, TODAY)
    heirs = counts.became(code, date(2024, 1, 5), TODAY)
    assert set(heirs) <= found.approximate
    assert found.total(heirs[0], date(2024, 1, 1), TODAY) == pytest.approx(8 / len(heirs))


def _is_divided(code: str) -> bool:
    try:
        return convert(code, date(2024, 1, 1), TODAY).ambiguous
    except UserError:
        return False


def test_a_month_above_mean_and_two_deviations_is_drafted_as_epidemic() -> None:
    """Past Novembers 2, 2, 2, 2, 2 -> mean 2, SD 0: three cases since the first of the month are above."""
    past()
    tell((date(2026, 11, 2), 1), (date(2026, 11, 9), 1), (date(2026, 11, 17), 1))
    assert daily_levels.draft_all(NOW) == 1
    draft = AreaLevel.objects.get()
    assert (draft.level, draft.state, draft.disease, draft.rule) == ("epidemic", "draft", "covid19", RULE)
    assert draft.computed["numerator"]["month_cases"] == 3
    assert draft.computed["numerator"]["counts_source"] == "sổ trạm"
    assert daily_levels.draft_all(NOW) == 0  # again: nothing new


def test_the_last_month_does_not_count_in_a_week_that_began_in_it() -> None:
    """1 December 2026 is a Tuesday: its week began in November, its month did not."""
    past()
    tell((date(2026, 11, 30), 5), now=datetime(2026, 12, 1, 3, tzinfo=UTC))
    day, rule = date(2026, 12, 1), level_rule(RULE)
    (judged,) = [one for one in daily_levels.judge_day(day, "covid19", rule) if one.code == COMMUNE]
    assert judged.result.numerator["month_cases"] == 0
    assert judged.result.numerator["week_cases"] == 5


def test_an_epidemic_year_leaves_the_baseline() -> None:
    past(years=range(2023, 2026))
    tell((date(2025, 11, 12), 90))
    counts.state(
        by=None,
        code=COMMUNE,
        name="epidemic-year",
        value=2025,
        on=date(2026, 1, 1),
        source="QĐ",
        disease="covid19",
    )
    tell((date(2026, 11, 9), 3))
    assert daily_levels.draft_all(NOW) == 1
    assert AreaLevel.objects.get().level == "epidemic"


def test_without_any_past_the_official_is_asked() -> None:
    tell((TODAY, 3))
    assert daily_levels.draft_all(NOW) == 1
    draft = AreaLevel.objects.get()
    assert draft.level == ""
    assert draft.computed["asks"]


def test_a_correction_takes_the_draft_away_again() -> None:
    past()
    tell((date(2026, 11, 9), 5))
    daily_levels.draft_all(NOW)
    tell((date(2026, 11, 9), 1), now=NOW + timedelta(hours=1))
    daily_levels.draft_all(NOW)
    assert not AreaLevel.objects.filter(state="draft").exists()


def test_decree_165_gives_six_hours_and_the_end_is_a_draft_too() -> None:
    chairman = officer("chairman", "chairman", "/19/")
    past()
    tell((date(2026, 11, 9), 5))
    daily_levels.draft_all(NOW)
    decided = actions.decide_level(by=chairman, draft=AreaLevel.objects.get(), now=NOW)
    assert decided.effective_at == NOW + timedelta(hours=6)
    december = datetime(2026, 12, 14, 3, tzinfo=UTC)
    assert daily_levels.draft_all(december) == 1
    assert AreaLevel.objects.get(state="draft").level == "none"


def test_a_missing_population_is_asked_for_and_its_source_is_kept() -> None:
    rule, day = level_rule("vn.covid19.level.4800"), date(2021, 11, 26)
    tell((day, 30), code=old_codes()[0])
    judged = list(daily_levels.judge_day(day, "covid19", rule))
    assert judged[0].result.level is None
    assert judged[0].result.asks
    for name, value in (("population", 10_000), ("adults_one_dose_pct", 95), ("elderly_full_pct", 90)):
        counts.state(
            by=None, code=old_codes()[0], name=name, value=value, on=date(2021, 11, 1), source="NGTK 2020"
        )
    (result,) = [one.result for one in daily_levels.judge_day(day, "covid19", rule)]
    # 30 / 10,000 in a week = 300 per 100,000: band 4, coverage met -> level 3
    assert (result.level, result.numerator["rate"], result.numerator["population_source"]) == (
        "3",
        300.0,
        "NGTK 2020",
    )


def test_a_number_without_a_source_is_refused() -> None:
    with pytest.raises(UserError, match="where the number comes from"):
        counts.state(by=None, code=COMMUNE, name="population", value=1, on=TODAY, source=" ")


def test_the_rule_of_a_day_is_the_one_in_force() -> None:
    days = {date(2021, 6, 1): "2686", date(2021, 11, 1): "4800", date(2022, 2, 1): "218", TODAY: "level.15"}
    assert all((rule := daily_levels.rule_on(day)) and part in rule.id for day, part in days.items())
    assert daily_levels.rule_on(date(2020, 1, 1)) is None
    assert timezone.localdate() >= TODAY - timedelta(days=365)
