"""Reserves by commune and zone; a report of goods goes to market surveillance and is answered."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from tests.functional.test_command_broadcasts import photograph
from tests.functional.test_command_directives import officer

from vungxanh.command import senders
from vungxanh.command.actions import directory, market, reserves
from vungxanh.command.models import MarketReport, Photo, SenderCount
from vungxanh.command.needs import Census, communes, zones
from vungxanh.command.pages.reserves import ensure_goods
from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent
from vungxanh.notify.models import Delivery
from vungxanh.people.actions import bulk_register
from vungxanh.people.models import Officer, Organisation
from vungxanh.people.schemas import PersonIn
from vungxanh.zoning.models import AreaFact, ZoneProposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def trade() -> Officer:
    return officer("trade", "industry-trade-officer", "/19/")


@pytest.fixture
def commune() -> Organisation:
    return Organisation.objects.create(
        code="c0", name="UBND xã An Minh", kind="commune-committee", sector="government", scope_path="/19/00/"
    )


def store(by: Officer, quantity: str, path: str) -> None:
    rice = next(good for good in ensure_goods() if good.code == "rice")
    reserves.count(
        good=rice,
        where="Kho",
        quantity=Decimal(quantity),
        supplier="Công ty A",
        lead_days=3,
        scope_path=path,
        by=by,
    )


def test_a_commune_sees_its_own_people_and_stock(client: Client, trade: Officer, commune: Organisation) -> None:
    bulk_register([PersonIn(name=f"Danh {n}", scope_path="/19/00/") for n in range(10)], by=None, purpose="test")
    bulk_register([PersonIn(name="Danh Xa", scope_path="/19/01/")], by=None, purpose="test")
    store(trade, "20", "/19/00/")  # 0.4 kg a person and day: ten people have five days
    store(trade, "999", "/19/01/")
    (area,) = communes(trade, 14)
    assert (area.people, area.path) == (10, "/19/00/")
    client.force_login(trade)
    page = client.get(reverse("command:reserves"), {"area": area.key})
    rice = next(line for line in page.context["lines"] if line.good.code == "rice")
    assert (rice.reckoning.needed, rice.reckoning.held) == (Decimal("56.0"), Decimal("20.00"))
    assert rice.reckoning.runs_out == timezone.localdate() + timedelta(days=5)
    assert (rice.supplier, rice.lead_days, rice.late) == ("Công ty A", 3, False)
    ((_, first),) = page.context["by_commune"]
    assert first.good.code != "rice"  # what is not held at all runs out first
    assert first.reckoning.runs_out == timezone.localdate()


def test_a_commune_is_fed_by_its_newest_population(client: Client, trade: Officer, commune: Organisation) -> None:
    bulk_register([PersonIn(name="Danh Một", scope_path="/19/00/")], by=None, purpose="test")
    today = timezone.localdate()
    for value, day in ((7000, date(2024, 4, 1)), (8120, date(2026, 4, 1)), (9999, today + timedelta(days=1))):
        AreaFact.objects.create(
            scope_path="/19/00/", commune_code="00001", commune_scheme="vn-2025", name="population", value=value,
            on=day, source="Tổng điều tra", told_at=timezone.now(),
        )  # fmt: skip
    (area,) = communes(trade, 14)
    assert (area.people, area.census) == (8120, Census(8120, date(2026, 4, 1), "Tổng điều tra"))
    client.force_login(trade)
    page = client.get(reverse("command:reserves"), {"area": area.key})
    rice = next(line for line in page.context["lines"] if line.good.code == "rice")
    assert rice.reckoning.needed == Decimal("0.4") * 8120 * 14
    assert "Tổng điều tra, 01/04/2026" in page.content.decode()


def test_one_sender_reports_so_often_a_day_and_no_address_is_kept(client: Client) -> None:
    for _ in range(senders.most_a_day()):
        told(client)
    refused = client.post(reverse("command:market_tell"), {"kind": "fake", "where": "A", "text": "B"})
    assert "Hôm nay đã nhận đủ 20 phản ánh" in refused.content.decode()
    assert MarketReport.objects.count() == 20
    told(client, REMOTE_ADDR="192.0.2.7")  # somebody else is heard
    assert {field.name for field in SenderCount._meta.get_fields()} == {"id", "day", "digest", "count"}
    kept = b"".join(bytes(row.digest) for row in SenderCount.objects.all())
    assert len(kept) == 32
    senders.count("127.0.0.1", timezone.localdate() + timedelta(days=1))
    assert SenderCount.objects.count() == 1  # with the day its counts are gone


@pytest.mark.parametrize(
    ("seen", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_connection_is_one_sender(rf: RequestFactory, seen: str, network: str) -> None:
    assert senders.network_of(rf.get("/", REMOTE_ADDR=seen)) == network


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(rf: RequestFactory, settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 192.0.2.7")
    assert senders.network_of(request) == "192.0.2.7"  # what a sender wrote before it counts for nothing


def test_a_proposed_zone_says_how_many_people_for_how_many_days(client: Client, trade: Officer) -> None:
    option = {"share": 0.9, "people": 412, "units": [{"kind": "place", "id": 1, "name": "Tổ 7", "people": 412}]}
    fields = {"made_at": timezone.now(), "expected": 3.0, "curve": [], "days": 7}
    ZoneProposal.objects.create(
        options=[option] * 3, scope_path="/19/00/", scope_sector="industry-trade", **fields
    )
    ZoneProposal.objects.create(
        options=[option] * 3, scope_path="/20/00/", scope_sector="industry-trade", **fields
    )
    (zone,) = zones(trade)
    assert (zone.people, zone.days) == (412, 7)
    client.force_login(trade)
    page = client.get(reverse("command:reserves"), {"area": zone.key})
    rice = next(line for line in page.context["lines"] if line.good.code == "rice")
    assert rice.reckoning.needed == Decimal("0.4") * 412 * 7
    ((area, first),) = page.context["by_zone"]
    assert area == zone  # the one of another province is not there
    assert first.reckoning.runs_out == timezone.localdate()  # nothing is held there
    store(trade, "824", "/19/00/")
    page = client.get(reverse("command:reserves"), {"area": zone.key})
    rice = next(line for line in page.context["lines"] if line.good.code == "rice")
    # 412 people eat 164.8 kg a day: five days
    assert (rice.reckoning.runs_out, rice.where) == (timezone.localdate() + timedelta(days=5), ("Kho",))


def told(client: Client, **more: object) -> MarketReport:
    seen = {"REMOTE_ADDR": str(more.pop("REMOTE_ADDR", "127.0.0.1"))}
    given = {"kind": "fake", "where": "Nhà thuốc A, 12 phố Mới", "text": "Khẩu trang giả, 02/8", **more}
    answer = client.post(reverse("command:market_tell"), given, **seen)  # type: ignore[arg-type]
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return MarketReport.objects.latest("pk")


def test_a_citizens_report_goes_to_market_surveillance_and_comes_back_answered(
    client: Client, trade: Officer
) -> None:
    row = told(client, photos=photograph())
    assert (row.by, row.state) == (None, "received")
    body = Organisation.objects.create(
        code="q", name="Chi cục Quản lý thị trường", kind="market-surveillance", sector="industry-trade"
    )
    MarketReport.objects.update(scope_path="/19/00/")
    Photo.objects.update(scope_path="/19/00/")
    client.force_login(trade)
    address = reverse("command:market_report", args=[row.pk])
    assert list(client.get(address).context["photos"]) == [Photo.objects.get().pk]
    client.post(address, {"answer": "Đã kiểm tra"})
    row.refresh_from_db()
    assert row.state == "received"  # nobody answers before it was sent
    client.post(address, {"send": "", "to": body.pk})
    client.post(address, {"answer": "Đã thu giữ 200 chiếc"})
    client.logout()
    page = client.get(reverse("command:market_answer", args=[row.token])).content.decode()
    assert "Đã thu giữ 200 chiếc" in page
    assert "Chi cục Quản lý thị trường" in page
    assert client.get(reverse("command:market_answer", args=["x" * 24])).status_code == 404


def surveillance(code: str, path: str, email: str, by: Officer) -> Organisation:
    body = Organisation.objects.create(
        code=code, name=f"Quản lý thị trường {code}", kind="market-surveillance", sector="industry-trade",
        scope_path=path,
    )  # fmt: skip
    given = {"topic": "market-surveillance", "number": "0208 000 222", "hours": "", "since": date(2026, 1, 1)}
    directory.add(organisation=body, **given, email=email, by=by)  # type: ignore[arg-type]
    return body


def test_a_report_is_mailed_to_the_areas_market_surveillance(client: Client, trade: Officer) -> None:
    area = told(client, commune="05710").scope_path.split("/")[1]
    near = surveillance("near", f"/{area}/", "near@example.vn", trade)
    surveillance("nation", "/", "nation@example.vn", trade)
    surveillance("far", "/99/", "far@example.vn", trade)
    row = told(client, commune="05710", photos=photograph())
    assert (row.state, row.sent_to) == ("sent", near)
    delivery = Delivery.objects.select_related("batch").get()
    assert delivery.address is not None
    assert (delivery.address.open(), delivery.batch.channel) == ("near@example.vn", "email")
    text = delivery.batch.text.open()
    assert "Nhà thuốc A, 12 phố Mới" in text
    assert "Khẩu trang giả, 02/8" in text
    (kept,) = AuditEvent.objects.filter(action="command:market:sent")
    assert kept.subject == f"market:{row.pk}"
    assert json.loads(str(kept.details)) == {"to": near.pk, "mail": delivery.batch_id}
    market.send(row=row, to=near, by=trade)  # a second time: no second letter
    assert Delivery.objects.count() == 1


def test_without_an_address_in_the_directory_a_report_waits_for_an_officer(client: Client, trade: Officer) -> None:
    body = surveillance("mute", "/", "", trade)
    row = told(client)
    assert row.state == "received"
    market.send(row=row, to=body, by=trade)
    assert (row.state, Delivery.objects.count()) == ("sent", 0)


def test_a_report_is_of_its_commune_and_another_area_sees_nothing(client: Client, trade: Officer) -> None:
    row = told(client, commune="05710")
    assert row.scope_path.endswith("/05710/")
    assert told(client, commune="99999").scope_path == "/"
    client.force_login(officer("elsewhere", "industry-trade-officer", "/99/"))
    assert client.get(reverse("command:market_report", args=[row.pk])).status_code == 404


def test_no_fine_stands_in_any_table() -> None:
    from django.apps import apps

    names = {
        field.name for model in apps.get_app_config("command").get_models() for field in model._meta.get_fields()
    }
    assert not {name for name in names if any(word in name for word in ("fine", "penalty", "phat"))}


def test_an_answer_has_words_and_who(client: Client, trade: Officer) -> None:
    row = told(client)
    with pytest.raises(UserError):
        market.answer(row=row, text="xong", by=trade)
    with pytest.raises(IntegrityError), transaction.atomic():
        MarketReport.objects.filter(pk=row.pk).update(state="answered")
