"""Inspection: where to look first, findings for every duty, referral with a reason, never a fine."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.functional.test_command_broadcasts import photograph
from tests.functional.test_command_directives import officer

from vungxanh.command import checklist as checklists
from vungxanh.command.actions import inspection as actions
from vungxanh.command.checklist import checklist
from vungxanh.command.inspection_plan import LEVEL_FACT, plan
from vungxanh.command.models import Inspection, Photo
from vungxanh.command.reading import settings as reading_settings
from vungxanh.core.errors import UserError
from vungxanh.people.models import Officer, Organisation
from vungxanh.places.kinds import kinds
from vungxanh.places.models import ExposedPlace, Place, PlaceFact
from vungxanh.rules.criteria import packaged_sets
from vungxanh.rules.duties import duties, duty_rule

pytestmark = pytest.mark.django_db


def market(name: str, path: str = "/19/05710/") -> Place:
    return Place.objects.create(
        kind="market", name=name, name_folded=name.lower(), name_sort=name, commune_code="05710",
        commune_scheme="vn-2025", opened=date(2020, 1, 1), scope_path=path, scope_sector="industry-trade",
    )  # fmt: skip


@pytest.fixture
def inspector() -> Officer:
    return officer("inspector", "industry-trade-officer", "/19/")


def everything(place: Place, finding: str) -> dict[str, str]:
    return {line.key: finding for line in checklist(place.kind, timezone.localdate()).lines}


def visit(place: Place, by: Officer, finding: str = "met", **other: object) -> Inspection:
    given: dict[str, object] = {"note": "", "revisit_on": None, "refer_to": None, "why": "", **other}
    return actions.visit(place=place, findings=everything(place, finding), by=by, **given)  # type: ignore[arg-type]


def test_every_kind_that_is_read_or_owes_exists() -> None:
    known = set(kinds())
    assert {str(entry["kind"]) for entry in reading_settings()["place"]} <= known
    assert set(duty_rule().kinds) <= known


def test_a_place_whose_use_is_seen_comes_after_one_that_nobody_sees(inspector: Officer) -> None:
    used, unseen = market("Chợ A"), market("Chợ B")
    shown_by = next(duty.shown_by for duty in duties("market") if duty.shown_by)
    PlaceFact.objects.create(place=used, kind=shown_by.fact, value=10, at=timezone.now(), source="test")
    assert [one.place.pk for one in plan(inspector)] == [unseen.pk, used.pk]


def leveled(place: Place, may_open: str | None, *, valid_days: int = 30) -> Place:
    now = timezone.now()
    for at, said in ((now - timedelta(days=90), "no"), (now - timedelta(days=60), may_open)):
        until = now + timedelta(days=valid_days)
        PlaceFact.objects.create(
            place=place, kind=LEVEL_FACT, value={"may_open": said}, at=at, valid_until=until, source="safetymap"
        )
    return place


def test_a_bad_or_stale_safety_level_raises_the_rank_and_says_why(client: Client, inspector: Officer) -> None:
    leveled(market("Chợ tốt"), "yes")  # the older "no" counts no more
    market("Chợ chưa đánh giá")
    leveled(market("Chợ quá hạn"), "yes", valid_days=-1)
    leveled(market("Chợ có điều kiện"), "conditions")
    leveled(market("Chợ kém"), "no")
    planned = [(one.place.name, one.level) for one in plan(inspector)]
    assert planned[0] == ("Chợ kém", "bad")
    assert set(planned[1:3]) == {("Chợ quá hạn", "stale"), ("Chợ có điều kiện", "conditions")}
    assert {level for _name, level in planned[3:]} == {""}
    client.force_login(inspector)
    page = client.get(reverse("command:inspections")).content.decode()
    assert page.count("không được hoạt động") == 1
    assert page.count("đã quá hạn") == 1


def test_another_province_is_not_in_the_plan(inspector: Officer) -> None:
    market("Chợ ngoài", "/20/06000/")
    assert plan(inspector) == []


def test_every_duty_needs_a_finding(inspector: Officer) -> None:
    place = market("Chợ A")
    one = dict(list(everything(place, "met").items())[:1])
    with pytest.raises(UserError) as caught:
        actions.visit(place=place, findings=one, note="", revisit_on=None, refer_to=None, why="", by=inspector)
    assert caught.value.code == "command.finding-missing"


def test_a_referral_needs_a_reason_and_gets_its_answer(inspector: Officer) -> None:
    place = market("Chợ A")
    body = Organisation.objects.create(code="d", name="Sở Công Thương", kind="department", sector="industry-trade")
    with pytest.raises(UserError):
        visit(place, inspector, "absent", refer_to=body)
    made = visit(place, inspector, "absent", refer_to=body, why="Ba lần nhắc")
    actions.answered(inspection=made, text="Đã làm việc với ban quản lý", by=inspector)
    assert made.answered_at is not None
    assert not made.is_met


def test_the_checklist_is_that_of_the_kind_of_place_and_the_day() -> None:
    """Duties of CV 1324 since 29 April 2021; the general set since 2020 asks each kind its own."""
    keys = {
        kind: {line.key for line in checklist(kind, date(2026, 11, 22)).lines} for kind in ("market", "school")
    }
    assert {"qr", "vx-general:1"} <= keys["market"] & keys["school"]
    stalls, classes = keys["market"] - keys["school"], keys["school"] - keys["market"]
    assert stalls
    assert classes
    early = checklist("market", date(2020, 6, 1))
    assert "qr" not in {line.key for line in early.lines}
    assert early.basis == "Vùng Xanh, bản 1"
    assert checklist("market", date(2019, 12, 31)).lines == ()
    assert "CV 1324/BTTTT-THH" in checklist("market", date(2026, 11, 22)).basis


def test_a_set_of_an_authority_comes_before_the_projects_own(monkeypatch: pytest.MonkeyPatch) -> None:
    own = packaged_sets()["vx-general"]
    issued = own.model_copy(
        update={
            "id": "so-y-te-12",
            "valid_from": date(2026, 8, 1),
            "basis": own.basis.model_copy(update={"doc": "QĐ 12/QĐ-SYT", "own": False}),
        }
    )
    monkeypatch.setattr(checklists, "_sets", [lambda kind: [issued, own]])
    assert checklist("market", date(2026, 8, 1)).basis.endswith("; QĐ 12/QĐ-SYT")
    assert checklist("market", date(2026, 7, 31)).basis.endswith("; Vùng Xanh, bản 1")


def test_a_visit_says_what_is_to_be_mended_and_under_which_instrument(client: Client, inspector: Officer) -> None:
    place = market("Chợ A")
    client.force_login(inspector)
    given = {**everything(place, "met"), "qr": "absent", "vx-general:1": "mend", "note": ""}
    client.post(reverse("command:inspect", args=[place.pk]), given)
    row = Inspection.objects.get()
    assert row.basis == checklist("market", timezone.localdate()).basis
    page = client.get(reverse("command:inspect", args=[place.pk])).content.decode()
    assert "Mã QR điểm kiểm dịch, quét vào và ra: chưa có" in page
    assert "được niêm yết.: cần khắc phục" in page


def test_no_amount_of_money_is_ever_computed(client: Client, inspector: Officer) -> None:
    place = market("Chợ A")
    visit(place, inspector, "absent")
    client.force_login(inspector)
    for address in (reverse("command:inspect", args=[place.pk]), reverse("command:inspections")):
        page = client.get(address).content.decode().lower()
        assert "đồng<" not in page
        assert "vnd" not in page
    assert not {field.name for field in Inspection._meta.get_fields()} & {"fine", "amount", "penalty", "money"}


def test_an_overdue_visit_comes_first(inspector: Officer) -> None:
    calm, late = market("Chợ A"), market("Chợ B")
    made = visit(late, inspector, revisit_on=timezone.localdate() + timedelta(days=1))
    Inspection.objects.filter(pk=made.pk).update(revisit_on=timezone.localdate() - timedelta(days=1))
    assert [one.place.pk for one in plan(inspector)] == [late.pk, calm.pk]


def test_the_page_keeps_what_was_entered_when_something_is_missing(client: Client, inspector: Officer) -> None:
    place = market("Chợ A")
    client.force_login(inspector)
    page = client.post(reverse("command:inspect", args=[place.pk]), {"note": "Cổng sau không có mã"})
    assert "Mỗi mục cần một kết quả" in page.content.decode()
    assert "Cổng sau không có mã" in page.content.decode()
    assert Inspection.objects.count() == 0
    given = everything(place, "met") | {"note": "", "revisit_on": "", "refer_to": ""}
    assert client.post(reverse("command:inspect", args=[place.pk]), given).status_code == 302
    assert "đạt tất cả" in client.get(reverse("command:inspect", args=[place.pk])).content.decode()
    assert client.get(reverse("command:inspections")).status_code == 200


def test_a_place_where_a_case_was_comes_first(inspector: Officer) -> None:
    first, exposed = market("Chợ A"), market("Chợ B")
    now = timezone.now()
    ExposedPlace.objects.create(
        place=exposed, start=now - timedelta(days=2), end=now - timedelta(days=2, hours=-1), marked_by=inspector.pk
    )
    assert [one.place.pk for one in plan(inspector)] == [exposed.pk, first.pk]


def test_photographs_are_kept_with_the_visit(client: Client, inspector: Officer) -> None:
    place = market("Chợ A")
    client.force_login(inspector)
    given = {**everything(place, "mend"), "note": "Thiếu mã cổng 3", "photos": photograph()}
    assert client.post(reverse("command:inspect", args=[place.pk]), given).status_code == 302
    row = Inspection.objects.get()
    kept = Photo.objects.get(subject=f"inspection:{row.pk}")
    assert (
        reverse("command:photo", args=[kept.pk])
        in client.get(reverse("command:inspect", args=[place.pk])).content.decode()
    )


def test_an_overdue_revisit_is_reminded_once_a_day_until_somebody_came(inspector: Officer) -> None:
    place, fine = market("Chợ A"), market("Chợ B")
    row = visit(place, inspector, "mend", revisit_on=timezone.localdate() + timedelta(days=1))
    visit(fine, inspector, "met", revisit_on=timezone.localdate() + timedelta(days=1))
    assert actions.remind_by_the_clock() == 0
    Inspection.objects.update(
        revisit_on=timezone.localdate() - timedelta(days=1), at=timezone.now() - timedelta(days=5)
    )
    assert actions.remind_by_the_clock() == 1
    assert actions.remind_by_the_clock() == 0
    row.refresh_from_db()
    assert row.reminders == 1
    Inspection.objects.update(reminded_at=timezone.now() - timedelta(days=2))
    visit(place, inspector, "met")
    assert actions.remind_by_the_clock() == 0
