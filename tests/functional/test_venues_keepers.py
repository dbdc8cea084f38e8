"""Keepers run their places: facts, numbers, registers, markets, meetings, lists on paper."""

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from xlsxwriter import Workbook

from vungxanh.core.errors import UserError
from vungxanh.people.models import Assignment, Officer, Person
from vungxanh.places.models import Place
from vungxanh.places.schemas import NewPlace
from vungxanh.venues import cards, errands, keeping, markets, phones
from vungxanh.venues.actions import VenueFacts, add_parts, open_gate, register_venue
from vungxanh.venues.ingest import Sender, take
from vungxanh.venues.links import poster_code
from vungxanh.venues.market_pages import ticket_card
from vungxanh.venues.models import (
    Errand,
    Keeper,
    Lorry,
    RosterEntry,
    ScanRecord,
    SellingDay,
    Tally,
    Ticket,
    Venue,
    Visit,
)
from vungxanh.venues.paper import moment
from vungxanh.venues.schemas import Guest, ScanIn
from vungxanh.venues.tickets import Dealing, deal, read, use

pytestmark = pytest.mark.django_db

PHONE = "0912 345 678"
OTHER = "0987 654 321"


@pytest.fixture(autouse=True)
def demonstration(settings: Any) -> None:
    settings.DEMO = True


def log_in(client: Client, phone: str) -> None:
    client.post("/venues/phone", {"phone": phone})
    shown = re.search(r"data-shown-code>(\d{6})<", client.get("/venues/code").content.decode())
    assert shown
    client.post("/venues/code", {"code": shown[1]})


def venue(kind: str = "market", name: str = "Chợ Thái", phone: str = "+84912345678", **facts: Any) -> Venue:
    new = NewPlace(kind=kind, name=name, commune_code="05443", commune_on=date(2026, 1, 1))
    return register_venue(by=None, new=new, facts=VenueFacts(**facts), phone=phone)


@pytest.fixture
def keeper(client: Client) -> Client:
    log_in(client, PHONE)
    return client


def workbook(rows: list[list[Any]]) -> SimpleUploadedFile:
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return SimpleUploadedFile("list.xlsx", out.getvalue())


# ------------------------------------------------------------------ facts and numbers

FACTS = {"name": "Chợ Thái mới", "capacity": "500", "closes_at": "18:00", "asks": "visit", "mode": "named"}


def test_a_renamed_place_keeps_its_code(keeper: Client) -> None:
    market = venue()
    code = poster_code(market.pk)
    assert keeper.post(f"/venues/{market.pk}/edit", FACTS | {"occupancy_public": "on"}).status_code == 302
    page = keeper.get(f"/v/{code}").content.decode()
    assert "Chợ Thái mới" in page
    assert "0 người" in page  # the keeper wishes that everybody sees how full it is


def test_the_mode_that_is_ordered_is_not_chosen(keeper: Client) -> None:
    hospital = venue("hospital", "Bệnh viện A")
    refused = keeper.post(f"/venues/{hospital.pk}/edit", FACTS | {"mode": "private"})
    assert refused.status_code == 422
    with pytest.raises(UserError) as error:
        keeping.edit(by=None, venue=hospital, facts=keeping.Facts("Bệnh viện A", mode="private"))
    assert error.value.code == "venues.mode-ordered"


def test_a_place_is_handed_over(keeper: Client) -> None:
    market = venue()
    keeper.post(f"/venues/{market.pk}/numbers/change", {"hand_over": "1", "phone": OTHER})
    assert [one.phone.open() for one in market.keepers.filter(until=None)] == ["+84987654321"]
    assert keeper.get(f"/venues/{market.pk}").status_code in (403, 422)
    other = Client()
    log_in(other, OTHER)
    assert other.get(f"/venues/{market.pk}").status_code == 200


def test_somebody_has_to_keep_it_and_another_number_may_end(keeper: Client) -> None:
    market = venue()
    mine = market.keepers.get()
    keeper.post(f"/venues/{market.pk}/numbers/change", {"keeper": str(mine.pk)})
    assert market.keepers.filter(until=None).count() == 1
    keeper.post(f"/venues/{market.pk}/keepers", {"phone": OTHER})
    second = market.keepers.exclude(pk=mine.pk).get()
    assert "…321" in keeper.get(f"/venues/{market.pk}/numbers").content.decode()
    keeper.post(f"/venues/{market.pk}/numbers/change", {"keeper": str(second.pk)})
    assert [one.pk for one in market.keepers.filter(until=None)] == [mine.pk]


def test_two_registrations_of_one_place_are_merged(keeper: Client) -> None:
    first, twice = venue(), venue(name="Cho Thai")
    _gate, token = open_gate(by=None, venue=twice, place=twice.place, name="Cổng")
    keeper.post(f"/venues/{twice.pk}/numbers/change", {"merge": "1", "into": str(first.pk)})
    assert Place.objects.get(pk=twice.pk).merged_into_id == first.pk
    assert "Chợ Thái" in keeper.get(f"/v/{poster_code(twice.pk)}").content.decode()
    ping = keeper.get("/api/venues/ping", headers={"Authorization": f"Bearer {token}"}).json()
    assert ping["place"] == "Chợ Thái"
    assert Keeper.objects.filter(until=None).count() == 1


def test_nobody_merges_another_s_place(keeper: Client) -> None:
    mine, other = venue(), venue(name="Chợ khác", phone="+84987654321")
    keeper.post(f"/venues/{mine.pk}/numbers/change", {"merge": "1", "into": str(other.pk)})
    assert Place.objects.get(pk=mine.pk).merged_into_id is None


def test_a_locked_gate_records_no_more(keeper: Client) -> None:
    market = venue()
    gate, token = open_gate(by=None, venue=market, place=market.place, name="Cổng")
    keeper.post(f"/venues/{market.pk}/numbers/change", {"gate": str(gate.pk)})
    assert keeper.get("/api/venues/ping", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_where_no_message_arrives_an_officer_hands_out_the_code(client: Client) -> None:
    officer = Officer.objects.create_user("xa", name="Hoàng Văn Sơn")
    Assignment.objects.create(officer=officer, role="community-team", scope_path="/19/05443/")
    code = phones.officer_code(by=officer, text=PHONE)
    assert phones.check_code(PHONE, code) == "+84912345678"


# ------------------------------------------------------------------ the register of an office


def test_an_office_sees_whom_visitors_came_to_see_until_it_closes(keeper: Client) -> None:
    office = venue("office", "UBND phường", visitor_register=True)
    yesterday = timezone.localtime() - timedelta(days=1)
    came = yesterday.replace(hour=10, minute=0, second=0, microsecond=0)
    guest = Guest(name="Nguyễn Văn Bình", birth_year=1980)
    take([ScanIn(id="a", at=came, guest=guest, host="Trần Thị Mai")], sender=Sender("g", office.place, 1))
    closes = errands.closing(office.place, came)
    lines = errands.inside(office, came + timedelta(minutes=5))
    assert [(one.shown, one.host) for one in lines] == [("N. V. Bình, 1980", "T. T. Mai")]
    assert errands.inside(office, closes + timedelta(seconds=1)) == []
    assert Errand.objects.count() == 1
    assert errands.empty(closes + timedelta(seconds=1)) == 1
    page = keeper.get(f"/venues/{office.pk}/inside").content.decode()
    assert "Nguyễn" not in page


def test_a_public_place_has_no_register(keeper: Client) -> None:
    market = venue()
    guest = Guest(name="Nguyễn Văn Bình", birth_year=1980)
    take([ScanIn(id="a", at=timezone.now(), guest=guest, host="Ai đó")], sender=Sender("g", market.place, 1))
    assert not Errand.objects.exists()
    assert errands.inside(market) == []
    assert "Bình" not in keeper.get(f"/venues/{market.pk}/inside").content.decode()


# ------------------------------------------------------------------ markets


@pytest.fixture
def market() -> Venue:
    made = venue()
    add_parts(by=None, venue=made, kind="stall", names=[f"Dãy {row} – {n}" for row in "AB" for n in range(1, 11)])
    return made


def test_one_tap_at_two_in_the_morning_for_a_whole_row(keeper: Client, market: Venue) -> None:
    page = keeper.get(f"/venues/{market.pk}/market").content.decode()
    assert page.count('name="row"') == 3  # the whole market, row A, row B
    for _ in range(2):  # pressing twice changes nothing
        keeper.post(f"/venues/{market.pk}/market/sell", {"row": "Dãy A"})
    assert SellingDay.objects.count() == 10
    assert set(SellingDay.objects.values_list("day", flat=True)) == {timezone.localdate()}
    one = SellingDay.objects.first()
    assert one
    keeper.post(f"/venues/{market.pk}/market/sell", {"not": str(one.place_id)})
    assert SellingDay.objects.count() == 9


def test_traders_come_from_a_workbook_and_their_days_go_to_the_lake(keeper: Client, market: Venue) -> None:
    rows = [
        ["Quầy", "Họ và tên", "Điện thoại", "Vai trò"],
        ["Dãy A – 1", "Lò Thị Mai", "0911111111", "người bán"],
        ["Dãy A – 1", "Lò Văn Páo", "", "bốc xếp"],
        ["", "Hoàng Văn Sơn", "", "bốc xếp"],
    ]
    keeper.post(f"/venues/{market.pk}/market/people", {"file": workbook(rows)})
    assert sorted(RosterEntry.objects.values_list("role", flat=True)) == ["porter", "porter", "trader"]
    stall = next(s for s in markets.stalls_of(market) if s.name == "Dãy A – 1")
    markets.sell(by=None, stalls=[stall])
    from vungxanh.venues.roster_evidence import StallRosters

    now = int(timezone.now().timestamp() // 60)
    tail = StallRosters().tail(now).rows("rosters")
    assert {row.group for row in tail} == {stall.pk}
    assert len(tail) == 2
    assert all(row.end > row.start for row in tail)
    RosterEntry.objects.update(since=timezone.localdate() - timedelta(days=30))
    SellingDay.objects.update(day=timezone.localdate() - timedelta(days=9))
    batches = list(StallRosters().closed_since(0))
    assert [len(batch.evidence.rows("rosters")) for batch in batches] == [2]
    assert list(StallRosters().closed_since(batches[-1].watermark)) == []


def test_a_stall_that_is_not_there_is_named(keeper: Client, market: Venue) -> None:
    worker = markets.Worker("Dãy Z – 1", Guest(name="Lò Thị Mai"))
    with pytest.raises(UserError) as refused:
        markets.enrol(by=None, venue=market, workers=[worker])
    assert refused.value.code == "venues.no-such-stall"
    assert not RosterEntry.objects.exists()


def test_a_lorry_and_its_driver(keeper: Client, market: Venue) -> None:
    form = {"plate": "20c-123.45", "origin": "Bắc Giang", "driver": "Vi Văn Tài", "phone": "0911222333"}
    keeper.post(f"/venues/{market.pk}/market/lorry", form)
    lorry = Lorry.objects.get()
    assert (lorry.plate, lorry.left) == ("20C-12345", None)
    keeper.post(f"/venues/{market.pk}/market/lorry", {"left": str(lorry.pk)})
    visit = Visit.objects.get()
    assert (visit.person, visit.end_assumed) == (lorry.driver, False)


def test_tickets_by_household_day_and_hour(market: Venue) -> None:
    # Monday 2026-11-23 .. Sunday; two groups over Mon, Wed, Fri, Sat; 6 to 12 in slots of 2 hours
    first = date(2026, 11, 23)
    dealing = Dealing("CV 1/UBND", first, first + timedelta(days=13), (0, 2, 4, 5), 2, 6, 12, 2)
    rule = deal(by=None, venue=market, dealing=dealing, households=[f"Hộ {n}" for n in range(1, 9)])
    dealt = [(t.household, t.weekdays, t.first_hour, t.last_hour) for t in rule.tickets.order_by("pk")]
    assert dealt[:5] == [
        ("Hộ 1", [0, 4], 6, 8),
        ("Hộ 2", [2, 5], 6, 8),
        ("Hộ 3", [0, 4], 8, 10),
        ("Hộ 4", [2, 5], 8, 10),
        ("Hộ 5", [0, 4], 10, 12),
    ]
    ticket = Ticket.objects.get(household="Hộ 1")
    printed = cards.draw([ticket_card(ticket, market)], picture="png")
    code = zxingcpp.read_barcodes(Image.open(io.BytesIO(printed)))[0].text
    monday_seven = timezone.make_aware(timezone.datetime(2026, 11, 23, 7, 30))
    assert read(code, market, monday_seven) == ticket
    for later in (timedelta(hours=1), timedelta(days=1), timedelta(days=14)):
        with pytest.raises(UserError) as refused:
            read(code, market, monday_seven + later)
        assert refused.value.code == "venues.ticket-not-now"
    verdicts = [use(code, venue=market, place=market.place, at=monday_seven, record=r) for r in ("g1", "g1", "g2")]
    assert [(v.status, v.reason) for v in verdicts] == [
        ("accepted", ""), ("duplicate", ""), ("refused", "venues.ticket-used"),
    ]  # fmt: skip
    assert Tally.objects.get().people == 1
    with pytest.raises(UserError) as elsewhere:
        read(code, venue(name="Chợ khác"), monday_seven)
    assert elsewhere.value.code == "venues.ticket-elsewhere"


def test_a_later_rule_replaces_the_tickets_of_the_earlier_one(market: Venue) -> None:
    today = timezone.localdate()

    def dealing(basis: str) -> Dealing:
        return Dealing(basis, today, today + timedelta(days=6), tuple(range(7)), 1, 0, 24, 24)

    before = deal(by=None, venue=market, dealing=dealing("CV 1"), households=["Hộ 1"]).tickets.get()
    deal(by=None, venue=market, dealing=dealing("CV 2"), households=["Hộ 1"])
    from vungxanh.venues.tickets import code_of

    with pytest.raises(UserError) as refused:
        read(code_of(before), market, timezone.now())
    assert refused.value.code == "venues.ticket-revoked"


def test_a_ticket_rule_that_does_not_go_together(market: Venue) -> None:
    today = timezone.localdate()
    wrong = Dealing("CV", today, today, (0,), 2, 12, 6, 2)
    with pytest.raises(UserError) as refused:
        deal(by=None, venue=market, dealing=wrong, households=["Hộ 1"])
    assert refused.value.code == "venues.ticket-rule"


# ------------------------------------------------------------------ meetings and lists


def test_a_meeting_has_invited_people_seats_and_an_end(keeper: Client) -> None:
    room = venue("event", "Họp tổ dân phố")
    tomorrow = timezone.localdate() + timedelta(days=1)
    facts = FACTS | {"name": "Họp tổ dân phố", "ends_on": tomorrow.isoformat(), "seat_layout": "2+2*3"}
    assert keeper.post(f"/venues/{room.pk}/edit", facts).status_code == 302
    rows = [["Họ và tên", "Ghế", "Điện thoại"], ["Lò Thị Mai", "1A", "0911111111"], ["Lò Văn Páo", "1B", ""]]
    keeper.post(f"/venues/{room.pk}/meeting", {"file": workbook(rows)})
    room.refresh_from_db()
    mai = Guest(name="Lò Thị Mai", phone="+84911111111")
    take([ScanIn(id="a", at=timezone.now(), guest=mai)], sender=Sender("g", room.place, 1))
    page = keeper.get(f"/venues/{room.pk}/meeting").content.decode()
    assert "<strong>1</strong> / 2" in page
    assert "1A ●" in page
    assert "1B ○" in page
    assert keeping.close_over(tomorrow) == 0
    assert keeping.close_over(tomorrow + timedelta(days=1)) == 1
    assert Place.objects.get(pk=room.pk).closed == tomorrow


def test_a_paper_register_keyed_in_later(keeper: Client) -> None:
    market, day = venue(), timezone.localdate() - timedelta(days=2)
    rows = [
        ["Họ và tên", "Năm sinh", "Giờ vào", "Giờ ra"],
        ["Nguyễn Văn Bình", "1980", "7h15", "08:00"],
        ["Lò Thị Mai", "1975", "23:50", "0h10"],
        ["Danh Út", "1950", "sáng", ""],
    ]
    for _ in range(2):  # the same list again records nobody twice
        page = keeper.post(
            f"/venues/{market.pk}/lists", {"file": workbook(rows), "day": day.isoformat(), "way": "paper"}
        ).content.decode()
        assert "Dòng 4" in page
    assert (ScanRecord.objects.count(), Person.objects.count()) == (4, 2)
    stays = sorted((visit.end - visit.start, visit.end_assumed) for visit in Visit.objects.all() if visit.end)
    assert stays == [(timedelta(minutes=20), False), (timedelta(minutes=45), False)]
    assert set(ScanRecord.objects.values_list("way", "strength")) == {("paper", 1)}


@pytest.mark.parametrize("text", ["7h15", "07:15", "7.15", " 7:15 "])
def test_times_as_people_write_them(text: str) -> None:
    found = moment(text, date(2026, 5, 3))
    assert found
    assert found.isoformat() == "2026-05-03T07:15:00+07:00"
