"""Commands of zoning: back-tests without a database, populations from an official table with it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.spec.test_tower_zone import CASE, tower

from vungxanh.core.errors import UserError
from vungxanh.lake.writer import LakeWriter
from vungxanh.zoning import counts
from vungxanh.zoning.commands import zoning
from vungxanh.zoning.facts import read_facts, state_all

ON = date(2026, 11, 1)
COMMUNE = "05443"


def printed(*args: str) -> Any:
    return json.loads(CliRunner().invoke(zoning, args, catch_exceptions=False).stdout)


def test_backtest_prints_each_day_beside_what_was_decided(tmp_path: Path) -> None:
    area = {"area": "A", "rate": 30, "adults_one_dose_pct": 95, "elderly_full_pct": 90}
    data = {
        "days": [{"on": "2021-11-12", "areas": [area]}],
        "decided": [{"area": "A", "on": "2021-11-01", "level": "1"}],
    }
    file = tmp_path / "past.json"
    file.write_text(json.dumps(data))
    found = printed("backtest", "--rule", "vn.covid19.level.4800", str(file))
    assert [(row["computed"], row["decided"], row["steps"]) for row in found["rows"]] == [("2", "1", 1)]


def test_a_zone_of_a_past_day_is_proposed_from_a_lake_and_held_against_later_cases(tmp_path: Path) -> None:
    LakeWriter(tmp_path / "lake").append(tower())
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([{"person": CASE, "onset": "2022-01-10", "found": "2022-01-13"}]))
    found = printed("backtest-zone", "--lake", str(tmp_path / "lake"), "--on", "2022-01-14", str(file))
    assert len(found["options"]) == 3
    file.write_text('{"cases": [{"person": 1}]}')
    with pytest.raises(UserError) as bad:
        printed("backtest-zone", "--lake", str(tmp_path / "lake"), "--on", "2022-01-14", str(file))
    assert bad.value.code == "zoning.bad-backtest"


@pytest.mark.parametrize("bad", ["nan", "-1", "nhiều", "", "1e12"])
def test_what_is_no_number_is_refused_with_its_commune(bad: str) -> None:
    with pytest.raises(UserError) as refused:
        read_facts(["code", "value"], [[COMMUNE, bad]])
    assert (refused.value.code, refused.value.params["commune"]) == ("zoning.bad-number", COMMUNE)


def test_a_commune_twice_and_a_missing_column_are_refused() -> None:
    with pytest.raises(UserError) as twice:
        read_facts(["code", "value"], [[COMMUNE, 1], ["5443", 2]])
    assert twice.value.code == "zoning.told-twice"
    with pytest.raises(UserError) as column:
        read_facts(["code", "population"], [])
    assert column.value.code == "zoning.column-missing"


@pytest.mark.django_db
def test_populations_are_kept_dated_with_their_source_or_not_at_all() -> None:
    rows = read_facts(["code", "value"], [["5443", "21034"]])
    assert state_all(by=None, rows=rows, name="population", on=ON, source="Niên giám thống kê 2025") == 1
    fact = counts.facts_of("covid19", ON)[COMMUNE]["population"]
    assert (fact.value, fact.on, fact.source) == (21034, ON, "Niên giám thống kê 2025")
    assert COMMUNE not in counts.facts_of("covid19", date(2026, 10, 31))  # not before its day
    with pytest.raises(UserError):
        state_all(by=None, rows=[(COMMUNE, 5), ("99999", 5)], name="population", on=ON, source="sai mã")
    assert counts.facts_of("covid19", ON)[COMMUNE]["population"].value == 21034
