"""Orders: drafted for contacts, signed by a named official, told, ended; letters in two formats from one value."""

import io
import re
from datetime import date, timedelta
from pathlib import Path

import docx
import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import Settings
from tests.outbreak_world import COMMUNE, PROVINCE, World, make_officer, make_world

from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent
from vungxanh.outbreak import exposed, order_actions
from vungxanh.outbreak.models import Case, Contact, FollowUp, Order

pytestmark = pytest.mark.django_db
PATH = f"{PROVINCE}{COMMUNE}/"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(exposed, "lake_dir", lambda: tmp_path / "lake")
    return make_world(tmp_path / "lake")


@pytest.fixture
def case(world: World) -> Case:
    """Lan's case with Mai and Nam under follow-up for ten days from today."""
    found, now, today = world.open_case(), timezone.now(), timezone.localdate()
    for person in (world.mai, world.nam):
        Contact.objects.create(
            case=found,
            person=person,
            path=[world.lan, person],
            first_exposed=now,
            last_exposed=now,
            seconds=900,
            certainty=0,
            rule="r",
            found_at=now,
            scope_path=PATH,
            scope_sector="health",
        )
        FollowUp.objects.create(
            person=person,
            disease="covid19",
            origin=today,
            since=today,
            until=today + timedelta(days=10),
            rule="r",
            scope_path=PATH,
            scope_sector="health",
        )
    return found


@pytest.fixture
def orders(world: World, case: Case) -> list[Order]:
    return order_actions.prepare_for_contacts(by=world.officer, case=case, form="home")


def test_drafts_take_the_days_of_the_follow_up_and_nobody_twice(
    world: World, case: Case, orders: list[Order]
) -> None:
    today = timezone.localdate()
    assert [(o.person, o.status, o.since, o.until) for o in orders] == [
        (world.mai, "draft", today, today + timedelta(days=10)),
        (world.nam, "draft", today, today + timedelta(days=10)),
    ]
    with pytest.raises(UserError) as nobody:
        order_actions.prepare_for_contacts(by=world.officer, case=case, form="home")
    assert nobody.value.code == "outbreak.nobody-to-isolate"


def test_steps_follow_each_other(world: World, orders: list[Order]) -> None:
    officer = world.officer
    with pytest.raises(UserError) as early:
        order_actions.notify(by=officer, orders=orders)
    assert early.value.code == "outbreak.wrong-step"
    with pytest.raises(UserError) as nameless:
        order_actions.sign(by=officer, orders=orders, signer=" ", title="Chủ tịch")
    assert nameless.value.code == "outbreak.signer-needed"
    order_actions.sign(by=officer, orders=orders, signer="Trần Thử", title="Chủ tịch")
    order_actions.notify(by=officer, orders=orders)
    assert order_actions.end(by=officer, orders=orders) == 2
    assert set(Order.objects.values_list("status", flat=True)) == {"ended"}
    steps = AuditEvent.objects.filter(action__startswith="outbreak:orders:").order_by("seq")
    assert list(steps.values_list("action", flat=True)) == [
        "outbreak:orders:drafted",
        "outbreak:orders:signed",
        "outbreak:orders:notified",
        "outbreak:orders:ended",
    ]


def test_extension_is_a_new_draft_that_follows_the_old(world: World, orders: list[Order]) -> None:
    order = orders[0]
    order_actions.sign(by=world.officer, orders=[order], signer="Trần Thử", title="Chủ tịch")
    order_actions.notify(by=world.officer, orders=[order])
    with pytest.raises(UserError) as shorter:
        order_actions.extend(by=world.officer, order=order, until=order.until)
    assert shorter.value.code == "outbreak.until-not-later"
    longer = order_actions.extend(by=world.officer, order=order, until=order.until + timedelta(days=3))
    assert (longer.status, longer.previous_id, longer.since) == ("draft", order.pk, order.until)


def test_only_who_may_sign_signs(client: Client, world: World, orders: list[Order]) -> None:
    fields = {"order": [o.pk for o in orders], "step": "sign", "signer": "Trần Thử", "title": "Chủ tịch"}
    client.force_login(world.officer)  # a CDC officer prepares, and does not sign
    assert client.post("/cases/orders/act", fields).status_code == 422
    assert set(Order.objects.values_list("status", flat=True)) == {"draft"}
    client.force_login(make_officer("director", role="cdc-director"))
    assert client.post("/cases/orders/act", fields).status_code == 302
    assert set(Order.objects.values_list("signer", flat=True)) == {"Trần Thử"}


def test_list_shows_the_clock_that_runs_out_first(client: Client, world: World, orders: list[Order]) -> None:
    Order.objects.filter(pk=orders[1].pk).update(detected_at=timezone.now() - timedelta(hours=5))
    client.force_login(world.officer)
    page = client.get("/cases/orders", headers={"Accept-Language": "vi"})
    lines = page.context["lines"]
    assert [line.order.pk for line in lines] == [orders[1].pk, orders[0].pk]
    assert (lines[0].step, lines[0].is_late, lines[1].is_late) == ("tạm giữ tối đa", True, False)
    assert "Chủ tịch UBND cấp xã" in page.content.decode()


def words(text: str) -> str:
    """Text without spaces: a reader of PDF guesses them from distances, and guesses wrong beside some marks."""
    return re.sub(r"\s+", "", text)


def test_letters_say_the_same_in_both_formats(
    client: Client, world: World, orders: list[Order], settings: Settings
) -> None:
    settings.DEMO = True
    client.force_login(world.officer)
    fields = {"order": [order.pk for order in orders]}
    pdf = client.post("/cases/orders/act", {**fields, "step": "pdf"}).content
    word = client.post("/cases/orders/act", {**fields, "step": "docx"}).content
    printed = words(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
    paper = docx.Document(io.BytesIO(word))
    written = words(" ".join([p.text for p in paper.paragraphs]))
    until = f"{timezone.localdate() + timedelta(days=10):%d/%m/%Y}"
    for text in (printed, written):
        assert text.count(words("Điều 1. Áp dụng biện pháp cách ly y tế tại nhà")) == 2
        assert words("Lê Thị Mai, sinh 1979") in text
        assert until in text
    assert words("DỰ THẢO") in printed
    assert words("DIỄN TẬP") in printed
    margins = paper.sections[0]
    assert (round(margins.left_margin.mm), round(margins.right_margin.mm)) == (30, 15)


def test_names_are_revealed_on_the_record_and_only_within_the_scope(
    client: Client, world: World, orders: list[Order]
) -> None:
    client.force_login(world.officer)
    client.post("/cases/orders/act", {"order": [orders[0].pk], "step": "pdf"})
    seen = AuditEvent.objects.filter(action="people:person:revealed", subject=f"person:{world.mai}")
    assert [event.purpose for event in seen] == ["isolation letter"]
    client.force_login(make_officer("far", path="/01/"))
    assert client.post("/cases/orders/act", {"order": [orders[0].pk], "step": "pdf"}).status_code == 422


def test_certificate_when_it_is_over(client: Client, world: World, orders: list[Order]) -> None:
    order = orders[:1]
    order_actions.sign(by=world.officer, orders=order, signer="Trần Thử", title="Chủ tịch")
    order_actions.notify(by=world.officer, orders=order)
    order_actions.end(by=world.officer, orders=order)
    client.force_login(world.officer)
    pdf = client.post("/cases/orders/act", {"order": [order[0].pk], "step": "pdf"}).content
    printed = words(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
    assert words("đã hoàn thành cách ly y tế tại nhà") in printed


def test_order_days_cannot_stand_backwards(world: World) -> None:
    from django.db import IntegrityError

    now = timezone.now()
    with pytest.raises(IntegrityError, match="order_days_in_order"):
        Order.objects.create(
            person=1,
            disease="covid19",
            form="home",
            since=date(2026, 1, 2),
            until=date(2026, 1, 1),
            detected_at=now,
            listed_at=now,
            scope_sector="health",
        )
