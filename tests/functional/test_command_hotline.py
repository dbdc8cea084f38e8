"""Calls, rumours and reserves: the order of screening, decisions with words, counts that replace older counts."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from tests.functional.test_command_directives import officer

from vungxanh.command.actions import hotline, reserves
from vungxanh.command.models import EventKind, EventState, HotlineEvent, Price
from vungxanh.command.pages.reserves import ensure_goods
from vungxanh.core.errors import UserError
from vungxanh.people.models import Officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Officer:
    return officer("agent", "hotline", "/19/")


def told(agent: Officer) -> HotlineEvent:
    return hotline.receive(
        kind=EventKind.RUMOUR, text="Ba người sốt", caller=None, call_back_at=None, scope_path="/19/", by=agent
    )


def test_a_rumour_is_screened_before_it_is_verified(agent: Officer) -> None:
    event = told(agent)
    with pytest.raises(UserError) as caught:
        hotline.move(event=event, state=EventState.VERIFIED, outcome="đúng", by=agent)
    assert caught.value.code == "command.event-step"
    hotline.move(event=event, state=EventState.SCREENED, outcome="", by=agent)
    hotline.move(event=event, state=EventState.VERIFIED, outcome="Hai người dương tính", by=agent)
    assert event.decided_by == agent.pk


def test_a_decision_needs_words(agent: Officer) -> None:
    with pytest.raises(UserError) as caught:
        hotline.move(event=told(agent), state=EventState.DISMISSED, outcome=" ", by=agent)
    assert caught.value.code == "command.event-without-outcome"


def test_the_desk_writes_a_call_down_and_shows_it(client: Client, agent: Officer) -> None:
    client.force_login(agent)
    answer = client.post(reverse("command:hotline"), {"kind": "price", "text": "Khẩu trang 5 lần giá <script>"})
    assert answer.status_code == 302
    page = client.get(reverse("command:hotline")).content.decode()
    assert "Khẩu trang 5 lần giá &lt;script&gt;" in page
    assert "<script>alert" not in page


def test_an_empty_call_is_refused_at_its_field(client: Client, agent: Officer) -> None:
    client.force_login(agent)
    page = client.post(reverse("command:hotline"), {"kind": "price", "text": ""}).content.decode()
    assert 'id="id_text_error"' in page
    assert HotlineEvent.objects.count() == 0


def test_the_newest_count_of_a_place_counts_and_places_add_up(client: Client) -> None:
    trader = officer("trader", "industry-trade-officer", "/19/")
    rice = next(good for good in ensure_goods() if good.code == "rice")
    for where, held in (("Kho A", 900), ("Kho A", 1000), ("Kho B", 300)):
        reserves.count(
            good=rice,
            where=where,
            quantity=Decimal(held),
            supplier="",
            lead_days=1,
            scope_path="/19/",
            by=trader,
        )
    client.force_login(trader)
    page = client.get(reverse("command:reserves"), {"people": "1000", "days": "14"}).content.decode()
    assert "5.600" in page  # 0.4 kg × 1,000 × 14
    assert "1.300" in page


def test_a_price_seen_twice_on_a_day_is_one_price() -> None:
    trader = officer("trader", "industry-trade-officer", "/19/")
    rice = next(good for good in ensure_goods() if good.code == "rice")
    for dong in (20_000, 21_000):
        reserves.price(good=rice, where="Chợ", dong=dong, day=date(2026, 8, 1), scope_path="/19/", by=trader)
    assert Price.objects.get().dong == 21_000


def test_a_commune_does_not_see_the_neighbours_stock(client: Client) -> None:
    trader = officer("trader", "industry-trade-officer", "/20/")
    rice = next(good for good in ensure_goods() if good.code == "rice")
    reserves.count(
        good=rice, where="Kho", quantity=Decimal(1234), supplier="", lead_days=0, scope_path="/20/", by=trader
    )
    client.force_login(officer("other", "industry-trade-officer", "/19/"))
    assert "1.234" not in client.get(reverse("command:reserves")).content.decode()
