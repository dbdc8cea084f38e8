"""Cases become counts of their communes by themselves; levels by triggers are worked out daily."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from tests.functional.test_command_directives import officer
from tests.outbreak_world import COMMUNE, World, make_world

from vungxanh.core.models import AuditEvent
from vungxanh.outbreak import actions, area_counts
from vungxanh.outbreak.intake import links
from vungxanh.outbreak.models import Case, Spot
from vungxanh.outbreak.schemas import NewCase
from vungxanh.places.models import CommuneBoundary
from vungxanh.places.units import resolve
from vungxanh.rules.level_methods import judge
from vungxanh.rules.levels import level_rule
from vungxanh.safetymap.publication import communes
from vungxanh.zoning import actions as levels
from vungxanh.zoning import counts, daily_levels
from vungxanh.zoning.counts import Told
from vungxanh.zoning.level_changes import weekly
from vungxanh.zoning.models import AreaLevel, CommuneCount

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path / "lake")


def day(before: int) -> date:
    return timezone.localdate() - timedelta(days=before)


def opened(world: World, person: int, onset: date) -> Case:
    return actions.create_case(
        by=world.officer, new=NewCase(person=person, onset=onset, onset_provenance="patient")
    )


def told() -> dict[date, tuple[float, float]]:
    return counts.read("covid19", day(30), day(0), day(0)).by_commune.get(COMMUNE, {})


def test_a_case_counts_in_its_commune_and_a_correction_moves_it(world: World) -> None:
    first, second = opened(world, world.lan, day(5)), opened(world, world.mai, day(3))
    links.make(world.officer, [(first.pk, second.pk)])
    assert area_counts.push() == 2
    assert told() == {day(5): (1, 0), day(3): (1, 1)}  # the second has a known source
    assert area_counts.push() == 0  # nothing new, nothing kept
    actions.correct_onset(
        by=world.officer, case=first, onset=day(6), provenance="record", sampled=None, why="bệnh án"
    )
    actions.withdraw_case(by=world.officer, case=second, why="xét nghiệm lại âm tính")
    assert area_counts.push() == 3
    assert told() == {day(6): (1, 0), day(5): (0, 0), day(3): (0, 0)}


def test_a_day_that_somebody_else_told_keeps_that_number(world: World) -> None:
    counts.tell(by=None, rows=[Told(COMMUNE, "covid19", day(5), 7)], source="báo cáo tuần")
    opened(world, world.lan, day(5))
    assert area_counts.push() == 0
    assert told() == {day(5): (7, 0)}


def test_suspected_cases_do_not_count(world: World) -> None:
    Case.objects.filter(pk=opened(world, world.lan, day(5)).pk).update(status=Case.Status.SUSPECTED)
    assert area_counts.push() == 0
    assert not CommuneCount.objects.exists()


def test_a_level_follows_from_cases_without_anybody_typing_a_count(world: World) -> None:
    """Three linked cases of this week where the disease is not endemic: a warning (TT 15, art. 22)."""
    counts.state(by=None, code=COMMUNE, name="endemic", value=False, on=day(0), source="CDC", disease="covid19")
    monday = day(0) - timedelta(days=day(0).weekday())
    cases = [opened(world, one, monday) for one in (world.lan, world.mai, world.nam, world.hung)]
    links.make(world.officer, [(cases[0].pk, one.pk) for one in cases[1:]])
    area_counts.push()
    assert daily_levels.draft_all() == 1
    assert AreaLevel.objects.get().level == "warning"


# 2021, by the list of that year: Tân Long and Quang Vinh, two wards of Thái Nguyên that touch, and one apart
RED, BESIDE, BEYOND = "05431", "05434", "05437"
THEN = datetime(2021, 6, 7, 3, tzinfo=UTC)


def stated(code: str, name: str, value: object) -> None:
    counts.state(
        by=None, code=code, name=name, value=value, on=date(2021, 5, 31), source="UBND", disease="covid19"
    )


def quiet(code: str) -> None:
    """Everything that QĐ 2686 asks and nobody counts is said to be absent."""
    for name in ("f1_present", "illegal_entry_risk", "many_in_quarantine"):
        stated(code, name, False)


def square(west: float) -> dict[str, object]:
    ring = [[west, 21.5], [west + 0.05, 21.5], [west + 0.05, 21.55], [west, 21.55], [west, 21.5]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_levels_of_2686_are_worked_out_daily_with_neighbours_and_the_weeks_difference() -> None:
    """Red -> its neighbour orange -> the next yellow; a week later the cluster is explained and all step down."""
    for code, west in ((RED, 105.80), (BESIDE, 105.85), (BEYOND, 105.90)):
        CommuneBoundary.objects.create(
            scope_path=f"/19/164/{code}/", commune_code=code, commune_scheme="vn-2004", geometry=square(west),
            source="đo vẽ", imported_at=THEN,
        )  # fmt: skip
        quiet(code)
    counts.tell(by=None, rows=[Told(RED, "covid19", date(2021, 6, 5), 3)], source="sổ trạm", now=THEN)
    stated(RED, "clusters_unknown_source", 1)
    assert daily_levels.draft_all(THEN) == 3
    drafted = {row.commune_code: row for row in AreaLevel.objects.all()}
    assert {code: row.level for code, row in drafted.items()} == {RED: "red", BESIDE: "orange", BEYOND: "yellow"}
    assert drafted[BESIDE].computed["driving"][0]["vi"] == "giáp xã mức đỏ"
    assert daily_levels.draft_all(THEN + timedelta(days=1)) == 0  # the next day gives the same

    chairman = officer("chairman", "chairman", "/19/")
    for row in drafted.values():
        levels.decide_level(by=chairman, draft=row, now=THEN)
    later = THEN + timedelta(days=8)
    counts.tell(by=None, rows=[Told(RED, "covid19", date(2021, 6, 5), 3, 3)], source="sổ trạm", now=later)
    counts.state(
        by=None, code=RED, name="clusters_unknown_source", value=0, on=date(2021, 6, 14), source="UBND",
        disease="covid19",
    )  # fmt: skip
    stated(RED, "case_source_kinds", [])
    stated(RED, "cluster_source_kinds", [])
    assert daily_levels.draft_all(later) == 3
    for row in AreaLevel.objects.filter(state="draft"):
        levels.decide_level(by=chairman, draft=row, now=later)
    changes = weekly(AreaLevel.objects.all(), date(2021, 6, 14))
    assert {(one.row.commune_code, one.before.level, one.row.level) for one in changes if one.before} == {
        (RED, "red", "yellow"),
        (BESIDE, "orange", "green"),
        (BEYOND, "yellow", "green"),
    }
    assert AuditEvent.objects.filter(action="zoning:level:decide").count() == 6


def test_what_nobody_stated_leaves_the_level_open_upwards() -> None:
    counts.tell(by=None, rows=[Told(RED, "covid19", date(2021, 6, 5), 2, 2)], source="sổ trạm", now=THEN)
    daily_levels.draft_all(THEN)
    (row,) = AreaLevel.objects.all()
    assert (row.level, row.computed["possible"]) == ("yellow", ["yellow", "orange", "red"])
    assert row.computed["asks"]


def test_open_outbreak_spots_and_followed_contacts_are_stated_of_their_commune(world: World) -> None:
    spot = Spot.objects.create(
        name="Tổ 4", name_key="to 4", scope_path=f"/19/{COMMUNE}/", disease="covid19", opened_on=day(1)
    )
    area_counts.push()
    assert counts.facts_of("covid19", day(0))[COMMUNE]["open_spots"].value == 1
    draft = levels.draft_level(
        by=None, unit=resolve(COMMUNE, day(0)), rule="vn.2026.level.15", on=day(0),
        result=judge(level_rule("vn.2026.level.15"), {"group": "B", "endemic": False, "linked_cases_month": 9})[0],
    )  # fmt: skip
    levels.decide_level(by=world.officer, draft=draft)
    assert [row["spots"] for row in communes(timezone.now())] == [1]
    Spot.objects.filter(pk=spot.pk).update(closed_on=day(0))
    area_counts.push()
    assert [row["spots"] for row in communes(timezone.now())] == [0]
