"""A changed contact rule is tried on the open cases of the area: who would come, who would go."""

from pathlib import Path

import pytest
from tests.outbreak_world import make_world

from vungxanh.command.rule_changes import kinds, parsed
from vungxanh.core.errors import UserError
from vungxanh.lake.store import open_lake
from vungxanh.outbreak import rule_simulation

pytestmark = pytest.mark.django_db
RULE = "vn.covid19.f1.1909"


def test_a_rule_without_the_small_room_lets_mai_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world(tmp_path / "lake")
    world.open_case()
    monkeypatch.setattr(rule_simulation, "evidence_lake", lambda: open_lake(world.lake))
    raw = kinds()["contact"].raw(RULE)
    same = rule_simulation.simulate(RULE, raw, world.officer)
    assert (same.come, same.gone, same.moved, same.tried) == (0, 0, 0, 1)
    only_touch = {**raw, "branch": [one for one in raw["branch"] if "physical_contact" in str(one)]}
    assert len(only_touch["branch"]) < len(raw["branch"])
    found = rule_simulation.simulate(RULE, only_touch, world.officer)
    assert found.come == 0
    assert found.gone + found.moved > 0
    assert found.rows


def test_a_rule_with_a_test_that_nobody_can_answer_is_refused() -> None:
    raw = kinds()["contact"].raw(RULE)
    broken = str({**raw, "branch": [{**raw["branch"][0], "when": {"star_sign": "leo"}}]})
    with pytest.raises(UserError):
        parsed("contact", broken.replace("'", '"').replace("True", "true").replace("False", "false"))
