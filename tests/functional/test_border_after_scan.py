"""The desk after the scan: corrections, codes used once, four eyes, clocks; what follows; what is removed."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.functional.test_border_flow import FORM, answers, declare, officer
from tests.functional.test_border_journeys import LORRY, shown

from vungxanh.border import clocks, queries, results
from vungxanh.border.actions import desk, entries, following
from vungxanh.border.models import Declaration, Draft, Following, Hold
from vungxanh.border.schemas import Given, ReviewIn
from vungxanh.core import retention
from vungxanh.core.errors import UserError
from vungxanh.people.models import Officer
from vungxanh.work.actions import escalate
from vungxanh.work.models import WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def border() -> Officer:
    return officer("Kiểm dịch")


# ------------------------------------------------------------------ the desk: corrections, codes, clocks


def test_a_mistake_is_corrected_at_the_desk_and_counted_as_such(client: Client, border: Officer) -> None:
    row = declare(seat="21A")
    client.force_login(border)
    client.post(reverse("border:scan"), {"code": "B1234567"})
    check = client.post(reverse("border:correct-at-desk", args=[row.pk]))["Location"]
    draft = Draft.objects.get()
    assert client.get(check).context["problems"] == []
    entries.keep(draft=draft, answers=entries.answers_of(draft) | {"seat": "12A"})
    assert client.post(check).status_code == 302
    newer = Declaration.objects.get(withdrawn_at=None)
    row.refresh_from_db()
    assert (newer.seat, newer.channel, newer.corrects_id, newer.person) == ("12A", "desk", row.pk, row.person)
    assert newer.seen_at == row.seen_at is not None
    assert newer.declared_by == border.pk


def test_a_code_is_used_once(client: Client, border: Officer) -> None:
    row = declare()
    code, now = shown(row), timezone.now()
    assert results.code_note(code, row, now) == ""
    desk.review(declaration=row, given=ReviewIn("release"), by=border)
    assert results.code_note(code, row, now) == "used"
    client.force_login(border)
    page = client.get(client.post(reverse("border:scan"), {"code": code})["Location"]).content.decode()
    assert "Mã này đã dùng" in page
    result = entries.current(row)
    assert result is not None
    assert results.code_note(code, row, result.expires_at + timedelta(minutes=2)) == "expired"


def test_the_code_of_a_corrected_declaration_says_so() -> None:
    row = declare()
    code = shown(row)
    entries.declare(given=Given(FORM, answers(near_ill=True)), corrects=row)
    row.refresh_from_db()
    assert results.code_note(code, row, timezone.now()) == "replaced"


def test_four_eyes_are_an_officer_of_a_border_and_not_anybody(border: Officer) -> None:
    row = declare(near_ill=True)
    for second in (officer("Truyền thông", "communicator", "/").pk, 999_999):
        with pytest.raises(UserError) as caught:
            desk.review(declaration=row, given=ReviewIn("release", reason="đã khám", second=second), by=border)
        assert caught.value.code == "border.four-eyes"


def open_clocks() -> dict[str, datetime]:
    rows = WorkItem.objects.filter(kind__startswith="border-", finished_at=None, scope_sector="border")
    return {row.kind: row.due for row in rows}


def test_the_clocks_of_a_hold_stand_in_the_work_list_and_rise_when_late(border: Officer) -> None:
    row = declare(near_ill=True)
    desk.review(declaration=row, given=ReviewIn("hold"), by=border)
    hold = Hold.objects.get()
    began = hold.started_at
    assert open_clocks() == {
        "border-list": began + timedelta(hours=1),
        "border-hold": began + timedelta(hours=2),
        "border-stay": began + timedelta(hours=48),
    }
    assert {item.scope_path for item in WorkItem.objects.all()} == {"/01/gHAN/"}
    escalate(now=began + timedelta(minutes=61))
    assert dict(WorkItem.objects.values_list("kind", "escalation")) == {
        "border-list": 1, "border-hold": 0, "border-stay": 0,
    }  # fmt: skip
    hold = desk.step(hold=hold, name="list", by=border)
    assert hold.list_at is not None
    assert set(open_clocks()) == {"border-decision", "border-hold", "border-stay"}
    assert open_clocks()["border-decision"] == hold.list_at + timedelta(hours=1)
    hold = desk.step(hold=hold, name="decision", decided_by_name="Trần Thị B", by=border)
    assert set(open_clocks()) == {"border-stay"}
    desk.step(hold=hold, name="transfer", by=border)
    assert open_clocks() == {}


def test_the_kinds_of_the_clocks_have_words() -> None:
    from vungxanh.work.kinds import kind

    for clock in clocks.rule().clocks:
        assert kind(f"border-{clock.id}").vi == f"Cửa khẩu: {clock.name.vi}"


# ------------------------------------------------------------------ afterwards


def test_the_commune_acknowledges_and_asks_day_by_day(client: Client, border: Officer) -> None:
    row = declare(animals=True)  # class follow: fourteen days
    desk.review(declaration=row, given=ReviewIn("release"), by=border)
    following_ = Following.objects.get()
    assert (following_.until - following_.since).days == 13
    station = officer("Trạm", "commune-health", "/19/05443/")
    client.force_login(station)
    assert "Tôi nhận việc này" in client.get(reverse("work:today")).content.decode()
    item = WorkItem.objects.get(kind="border-follow")
    client.post(reverse("work:acknowledge"), {"item": item.pk})
    assert queries.commune_state(row) == {
        "state": "acknowledged", "commune": "Phường Phan Đình Phùng", "late": False,
    }  # fmt: skip
    client.force_login(border)
    assert "đã nhận" in client.get(reverse("border:entry", args=[row.pk])).content.decode()
    assert (following.daily(), following.daily()) == (1, 0)
    today = WorkItem.objects.get(kind="border-daily")
    assert (today.reason, today.scope_path, timezone.localtime(today.due).hour) == ("1/14", "/19/05443/", 17)
    Following.objects.update(until=timezone.localdate() - timedelta(days=1))
    assert following.daily() == 0


def test_nobody_is_followed_whose_class_does_not_ask(border: Officer) -> None:
    desk.review(declaration=declare(), given=ReviewIn("release"), by=border)
    assert (Following.objects.count(), WorkItem.objects.filter(kind="border-follow").count()) == (0, 1)


def test_what_is_past_its_time_is_removed_and_what_still_runs_stays(border: Officer) -> None:
    old, running = declare(document="A0000001"), declare(document="A0000002", near_ill=True)
    corrected = entries.declare(given=Given(FORM, answers(document="A0000001")), corrects=old)
    driver = declare(**LORRY | {"document": "A0000003"})
    desk.review(declaration=running, given=ReviewIn("hold"), by=border)
    fresh = declare(document="A0000004")
    past = timezone.localdate() - timedelta(days=61)
    Declaration.objects.exclude(pk=fresh.pk).update(entry_on=past)
    assert retention.forget("border")["declarations"] == 2
    assert set(Declaration.objects.values_list("pk", flat=True)) == {running.pk, driver.pk, fresh.pk}
    assert corrected.pk not in set(Declaration.objects.values_list("pk", flat=True))
    assert not any(retention.forget("border").values())
