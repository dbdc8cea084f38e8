"""What may open at which level, and what each kind of place owes."""

from datetime import date

import pytest

from vungxanh.core.errors import UserError
from vungxanh.rules.duties import duties, duty_rule
from vungxanh.rules.measures import Measure, measures

NOVEMBER = date(2021, 11, 15)


def of(activity: str, level: str, territory: str = "VN") -> list[Measure]:
    found = measures("vn.covid19.level.4800", level, territory=territory, on=NOVEMBER)
    return [one for one in found if one.activity == activity]


def test_goods_move_at_every_level() -> None:
    assert [of("goods-transport", level)[0].state for level in "1234"] == ["allowed"] * 4


def test_a_province_stands_beside_the_centre_and_the_difference_is_named() -> None:
    central, local = of("bar-karaoke-massage", "1", "VN/72")
    assert (central.state, local.state, local.limits) == ("allowed", "limited", {"capacity_pct": 50, "doses": 2})
    assert local.against_centre == "stricter"


def test_another_province_does_not_see_it() -> None:
    assert len(of("bar-karaoke-massage", "1", "VN/86")) == 1
    assert len(of("bar-karaoke-massage", "1", "VN/7")) == 1


def test_vinh_long_sells_take_away_only_at_level_3() -> None:
    assert of("shop-market-restaurant", "3", "VN/86")[1].limits == {"takeaway_only": True}


def test_worship_in_tay_ninh_at_level_3_is_20_people_at_2_metres() -> None:
    assert of("worship", "3", "VN/72")[0].limits == {"max_people": 20, "distance_m": 2.0}


def test_what_no_text_speaks_of_is_absent_not_allowed() -> None:
    assert of("school", "3") == []


def test_a_day_without_a_table_is_refused() -> None:
    with pytest.raises(UserError, match="no table of measures"):
        measures("vn.covid19.level.4800", "1", on=date(2020, 1, 1))


def test_orange_of_2686_limits_an_event_to_30() -> None:
    found = measures("vn.covid19.level.2686", "orange", on=date(2021, 6, 15))
    assert next(one.limits for one in found if one.activity == "event") == {"max_people": 30, "distance_m": 2.0}


def test_a_meeting_room_owes_a_code_of_its_own() -> None:
    assert "qr-room" in {duty.system for duty in duties("meeting-room")}


def test_a_household_owes_a_declaration_and_no_code() -> None:
    assert [duty.system for duty in duties("household")] == ["declaration"]


def test_every_duty_names_a_known_system() -> None:
    rule = duty_rule()
    owed = {system for row in rule.kinds.values() for system, _ in row}
    assert owed <= set(rule.systems)
    assert set(rule.shown_by) <= set(rule.systems)


def test_a_kind_of_which_nothing_was_read_owes_nothing_known() -> None:
    assert duties("spaceport") == []
