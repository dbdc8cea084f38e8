"""Zone proposals kept and decided: who may, when it takes effect, what is written down."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.functional.test_command_directives import officer
from tests.spec.test_tower_zone import CASE, DAY, FIRST, NOW, tower

from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent
from vungxanh.people.models import Officer
from vungxanh.work.models import WorkItem
from vungxanh.zoning import letters, queries, running
from vungxanh.zoning import zone_actions as actions
from vungxanh.zoning.curve import curve_picture
from vungxanh.zoning.editing import unpack
from vungxanh.zoning.model.forward import Case
from vungxanh.zoning.model.proposal import propose
from vungxanh.zoning.models import ZoneProposal, ZoneReview

pytestmark = pytest.mark.django_db


DOTS = [{"kind": "place", "id": 20, "lat": 21.59, "lon": 105.84, "name": "Tầng 20"}]


def saved(by: Officer) -> ZoneProposal:
    proposal = propose([Case(CASE, onset=FIRST + 7 * DAY)], tower(), NOW)
    names = {("place", 20): ("Tầng 20, tòa nhà Mẫu", "floor")}
    return actions.save_proposal(by=by, cases=[1], proposal=proposal, names=names, dots=DOTS, path="/19/05443/")


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


def running_zone(by: Officer) -> ZoneProposal:
    """Proposed, decided, and past its notice."""
    return actions.decide_zone(
        by=by, proposal=saved(by), option=1, review_on=timezone.localdate(), signer="Nguyễn Văn Mẫu"
    )


def test_an_area_chosen_by_hand_says_what_it_holds_and_stands_beside_the_others() -> None:
    chairman = officer("chairman", "chairman", "/19/")
    zone = actions.edit_zone(by=chairman, proposal=saved(chairman), chosen=[("place", 20)])
    by_hand = zone.options[-1]
    assert (by_hand["people"], len(zone.options)) == (12, 4)
    whole = propose([Case(CASE, onset=FIRST + 7 * DAY)], tower(), NOW).edited([("place", 20)])
    assert by_hand["held"] == pytest.approx(whole.share, abs=1e-4)
    again = actions.edit_zone(by=chairman, proposal=zone, chosen=[("place", 20)])
    assert len(again.options) == 4


def test_nothing_chosen_is_refused() -> None:
    chairman = officer("chairman", "chairman", "/19/")
    with pytest.raises(UserError, match="at least one"):
        actions.edit_zone(by=chairman, proposal=saved(chairman), chosen=[("place", 999)])


def test_what_is_kept_for_editing_names_nobody() -> None:
    zone = saved(officer("chairman", "chairman", "/19/"))
    assert zone.search is not None
    kept = unpack(bytes(zone.search))
    assert CASE not in {int(n) for unit in kept.units.values() for n in unit.people}


def test_sampling_days_are_due_from_the_first_hour_and_stand_on_the_work_list() -> None:
    chairman = officer("chairman", "chairman", "/19/")
    zone = running_zone(chairman)
    days = [timezone.localtime(need.due).date() for need in zone.needs.filter(kind="test").order_by("due")]
    first = timezone.localdate(zone.effective_at)
    assert days == [first, first + timedelta(days=6), first + timedelta(days=13)]
    assert WorkItem.objects.filter(kind="zone.need", state="open").count() == 3
    assert running.lift_plan(zone).earliest == first + timedelta(days=14)


def test_a_need_has_an_owner_and_an_hour() -> None:
    chairman = officer("chairman", "chairman", "/19/")
    zone = running_zone(chairman)
    with pytest.raises(UserError, match="who sees to it"):
        actions.add_need(by=chairman, zone=zone, kind="dialysis", what="Chạy thận thứ Tư", owner="")
    need = actions.add_need(
        by=chairman, zone=zone, kind="dialysis", what="Chạy thận", owner="Trạm y tế", door="home 7"
    )
    assert need.due - need.made_at == timedelta(hours=4)
    actions.answer_need(by=chairman, need=need, answer="đã đón lúc 7 giờ")
    assert not WorkItem.objects.filter(source=f"zone-need:{need.pk}", state="open").exists()


def test_a_pass_says_why_and_goods_pass_by_default() -> None:
    chairman = officer("chairman", "chairman", "/19/")
    zone, until = running_zone(chairman), timezone.now() + timedelta(hours=2)
    with pytest.raises(UserError, match="reason"):
        actions.give_pass(by=chairman, zone=zone, kind="care", bearer="20C-123.45", why=" ", until=until)
    assert running.facts()["goods"]["pass_by_default"] is True
    assert any("hàng hóa" in text for text in letters.decision(zone).paragraphs)


def test_nothing_is_run_before_the_decision() -> None:
    chairman = officer("chairman", "chairman", "/19/")
    with pytest.raises(UserError, match="not in force"):
        actions.add_gate(by=chairman, zone=saved(chairman), name="Cổng A", staff="Công an phường")


def reviewed(zone: ZoneProposal, days: int, inside: int) -> ZoneReview:
    later = timezone.now() + timedelta(days=days)
    proposal = propose([Case(CASE, onset=FIRST + 7 * DAY)], tower(), NOW)
    return actions.review_zone(
        by=None, zone=zone, proposal=proposal, names={}, cases_inside=inside, cases_outside=1, now=later
    )


def test_the_same_evidence_keeps_the_zone_and_counts_the_day() -> None:
    zone = running_zone(officer("chairman", "chairman", "/19/"))
    review = reviewed(zone, 1, inside=2)
    assert (review.proposes, review.worker_days, review.cases_inside) == ("keep", 12, 2)
    assert reviewed(zone, 1, inside=3).pk == review.pk  # one a day
    assert running.totals(zone.reviews.all()).inside == 3


def test_fourteen_quiet_days_propose_to_lift_and_an_official_lifts() -> None:
    chairman = officer("chairman", "chairman", "/19/")
    zone = running_zone(chairman)
    reviewed(zone, 3, inside=1)
    assert reviewed(zone, 14, inside=0).proposes != "lift"
    review = reviewed(zone, 18, inside=0)
    assert review.proposes == "lift"
    actions.take_review(by=chairman, review=review)
    zone.refresh_from_db()
    assert (zone.state, zone.needs.count()) == ("lifted", 3)
    assert not WorkItem.objects.filter(kind="zone.need", state="open").exists()
    assert letters.papers(zone)[0].abstract == "Về việc kết thúc khoanh vùng"


def test_a_zone_larger_than_needed_is_proposed_to_shrink() -> None:
    chairman = officer("chairman", "chairman", "/19/")
    zone = running_zone(chairman)
    zone.chosen = [*zone.chosen, {"kind": "home", "id": 999, "name": "home 999", "of": "", "people": 60}]
    zone.save()
    review = reviewed(zone, 1, inside=0)
    assert review.proposes == "shrink"
    actions.take_review(by=chairman, review=review)
    zone.refresh_from_db()
    assert 999 not in {unit["id"] for unit in zone.chosen}


def test_the_draft_decision_is_laid_out_and_names_the_smallest_area() -> None:
    zone = running_zone(officer("chairman", "chairman", "/19/"))
    decision, authorities, people = letters.papers(zone)
    assert decision.draft
    assert decision.signer == "Nguyễn Văn Mẫu"
    assert "Tầng 20, tòa nhà Mẫu" in " ".join(decision.paragraphs)
    assert "ít nhất 6 giờ" in authorities.paragraphs[0]
    assert "khiếu nại" in people.paragraphs[-1]


def test_the_pages_of_a_zone(client: Client) -> None:
    chairman = officer("chairman", "chairman", "/19/")
    zone = saved(chairman)
    client.force_login(chairman)
    page = client.get(reverse("zoning:zone", args=[zone.pk])).content.decode()
    assert "M" in page
    assert client.post(reverse("zoning:edit", args=[zone.pk]), {"unit": ["place:20"]}).status_code == 302
    assert client.get(reverse("zoning:edit", args=[zone.pk])).status_code == 200
    assert client.post(reverse("zoning:decide_zone", args=[zone.pk]), {"option": "3"}).status_code == 302
    act = reverse("zoning:act", args=[zone.pk, "gate"])
    client.post(act, {"name": "Cổng Bắc", "staff": "Tổ COVID cộng đồng số 3"})
    page = client.get(reverse("zoning:run", args=[zone.pk])).content.decode()
    assert "Cổng Bắc" in page
    for form in ("pdf", "docx"):
        answer = client.get(reverse(f"zoning:papers_{form}", args=[zone.pk]))
        assert answer.content.startswith(b"%PDF" if form == "pdf" else b"PK")
