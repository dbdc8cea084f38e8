"""Zone proposals kept and decided: who may, when it takes effect, what is written down."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.functional.test_command_directives import officer
from tests.spec.test_tower_zone import CASE, DAY, FIRST, NOW, tower

from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent
from vungxanh.people.models import Officer
from vungxanh.zoning import actions, queries
from vungxanh.zoning.curve import curve_picture
from vungxanh.zoning.model.forward import Case
from vungxanh.zoning.model.proposal import propose
from vungxanh.zoning.models import ZoneProposal

pytestmark = pytest.mark.django_db


def saved(by: Officer) -> ZoneProposal:
    proposal = propose([Case(CASE, onset=FIRST + 7 * DAY)], tower(), NOW)
    names = {("place", 20): "Tầng 20, tòa nhà Mẫu"}
    return actions.save_proposal(by=by, cases=[1], proposal=proposal, names=names, dots=[], path="/19/05443/")


def test_the_decision_takes_effect_after_six_hours_and_is_looked_at_again() -> None:
    chairman = officer("chairman", "chairman", "/19/")
    zone = saved(chairman)
    tomorrow = timezone.localdate() + timedelta(days=1)
    actions.decide_zone(by=chairman, proposal=zone, option=1, review_on=tomorrow)
    assert zone.decided_at is not None
    assert (zone.state, zone.effective_at) == ("decided", zone.decided_at + timedelta(hours=6))
    assert [unit["name"] for unit in zone.chosen if unit["kind"] == "place"] == ["Tầng 20, tòa nhà Mẫu"]
    assert AuditEvent.objects.filter(action="zoning:zone:decide").count() == 1


def test_a_decided_zone_is_not_decided_again() -> None:
    chairman = officer("chairman", "chairman", "/19/")
    zone = actions.decide_zone(by=chairman, proposal=saved(chairman), option=0, review_on=timezone.localdate())
    with pytest.raises(UserError, match="decided already"):
        actions.decide_zone(by=chairman, proposal=zone, option=0, review_on=timezone.localdate())


def test_an_option_that_does_not_exist_is_refused() -> None:
    chairman = officer("chairman", "chairman", "/19/")
    with pytest.raises(UserError, match="no option 9"):
        actions.decide_zone(by=chairman, proposal=saved(chairman), option=8, review_on=timezone.localdate())


def test_officers_see_the_zones_of_their_area_only() -> None:
    zone = saved(officer("chairman", "chairman", "/19/"))
    here, elsewhere = officer("here", "chairman", "/19/05443/"), officer("there", "chairman", "/01/")
    keeper = officer("gate", "venue-keeper", "/19/")
    assert list(queries.visible_proposals(here)) == [zone]
    assert not queries.visible_proposals(elsewhere).exists()
    assert not queries.visible_proposals(keeper).exists()


def test_the_curve_runs_from_the_left_bottom_to_the_right_top() -> None:
    picture = curve_picture([(0, 0), (10, 0.5), (20, 1)], [(10, 0.5)])
    assert picture.path == "M48.0 216.0L286.0 114.0L524.0 12.0"
    assert [(point.x, point.y) for point in picture.points] == [(286.0, 114.0)]


def test_an_empty_curve_is_an_empty_picture() -> None:
    assert curve_picture([], []).path == ""
