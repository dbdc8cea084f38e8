"""A keeper registers a market, prints posters, opens a gate; citizens scan in and out; the gate records others."""

import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader
from xlsxwriter import Workbook

from vungxanh.people.models import Person
from vungxanh.places.actions import put_fact
from vungxanh.places.models import Place, PlaceFact
from vungxanh.places.queries import newest_fact
from vungxanh.venues.links import poster_code
from vungxanh.venues.models import Gate, PhoneCode, ScanRecord, Tally, Venue, Visit
from vungxanh.venues.poster_files import poster_of
from vungxanh.venues.posters import draw
from vungxanh.venues.sealing import seal

pytestmark = pytest.mark.django_db

PHONE = "0912 345 678"
LAN = "019190000123||Nguyễn Thị Lan|01011990|Nữ|Tổ 5, Phan Đình Phùng, Thái Nguyên|01052021"
MARKET = {"kind": "market", "name": "Chợ Thái", "commune": "Phan Đình Phùng, Thái Nguyên", "capacity": "400"}


@pytest.fixture(autouse=True)
def demonstration(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def keeper(client: Client) -> Client:
    client.post("/venues/phone", {"phone": PHONE})
    shown = re.search(r"data-shown-code>(\d{6})<", client.get("/venues/code").content.decode())
    assert shown
    assert client.post("/venues/code", {"code": shown[1]}).status_code == 302
    return client


@pytest.fixture
def venue(keeper: Client) -> Venue:
    assert keeper.post("/venues/register", MARKET).status_code == 302
    return Venue.objects.get()


def test_a_place_is_registered_by_a_proved_number(venue: Venue) -> None:
    assert venue.place.scope_path == f"/19/05443/p{venue.pk}/"
    assert venue.place.capacity == 400
    assert venue.keepers.get().phone.open() == "+84912345678"


def test_an_old_commune_name_finds_the_new_commune(keeper: Client) -> None:
    keeper.post("/venues/register", MARKET | {"commune": "phuong trung vuong, thai nguyen"})
    assert Place.objects.get().commune_code == "05443"


def test_an_unclear_commune_asks_which(keeper: Client) -> None:
    page = keeper.post("/venues/register", MARKET | {"commune": "Tân Phú"})
    assert page.status_code == 422
    assert page.content.count(b'name="commune_code"') > 1
    assert not Place.objects.exists()


def test_a_wrong_code_opens_nothing_and_five_tries_are_all(client: Client) -> None:
    client.post("/venues/phone", {"phone": PHONE})
    right = re.search(r"data-shown-code>(\d{6})<", client.get("/venues/code").content.decode())
    assert right
    wrong = "000000" if right[1] != "000000" else "111111"
    for _ in range(5):
        assert client.post("/venues/code", {"code": wrong}).status_code == 422
    assert client.post("/venues/code", {"code": right[1]}).status_code == 422
    assert client.get("/venues/").status_code == 302


def test_a_number_is_not_rung_all_day(client: Client) -> None:
    answers = [client.post("/venues/phone", {"phone": PHONE}).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 422]
    assert PhoneCode.objects.count() == 3


def test_another_keeper_cannot_open_it(venue: Venue) -> None:
    other = Client()
    other.post("/venues/phone", {"phone": "0987654321"})
    shown = re.search(r"data-shown-code>(\d{6})<", other.get("/venues/code").content.decode())
    assert shown
    other.post("/venues/code", {"code": shown[1]})
    assert other.get(f"/venues/{venue.pk}").status_code == 422


def test_posters_of_a_whole_market_in_one_file(keeper: Client, venue: Venue) -> None:
    keeper.post(f"/venues/{venue.pk}/parts", {"kind": "stall", "names": "Quầy 2\nQuầy 10\n\nQuầy 1"})
    pdf = keeper.get(f"/venues/{venue.pk}/posters.pdf?sheet=a5&parts=1").content
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) == 4
    assert [
        name in page for name, page in zip(("Chợ Thái", "Quầy 1 ", "Quầy 2 ", "Quầy 10 "), pages, strict=True)
    ] == [True] * 4
    assert all("DIỄN TẬP" in page for page in pages)


def test_stalls_come_from_a_workbook_without_the_traders_names(keeper: Client, venue: Venue) -> None:
    content = io.BytesIO()
    book = Workbook(content)
    page = book.add_worksheet()
    rows = [
        ("DANH SÁCH QUẦY",),
        ("STT", "Tên quầy", "Chủ quầy"),
        (1, "Quầy 1", "Nguyễn Thị Lan"),
        (2, "Quầy 2", "Lò Mai"),
    ]
    for line, row in enumerate(rows):
        page.write_row(line, 0, row)
    book.close()
    file = SimpleUploadedFile("cho.xlsx", content.getvalue())
    keeper.post(f"/venues/{venue.pk}/parts", {"kind": "stall", "file": file})
    assert list(venue.place.parts.order_by("name_sort").values_list("name", flat=True)) == ["Quầy 1", "Quầy 2"]


@pytest.mark.parametrize("sheet", ["a3", "a4", "a5", "cards"])
def test_a_poster_is_read_back_at_print_size_and_leads_to_its_place(
    client: Client, venue: Venue, sheet: Any
) -> None:
    picture = draw(
        [poster_of(venue.place, venue, "https://vungxanh.thainguyen.gov.vn")],
        sheet=sheet,
        picture="png",
        drill=True,
    )
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert len(found) == 1
    assert len(found[0].text.encode()) <= 84
    page = client.get("/" + found[0].text.split("/", 3)[3])
    assert page.status_code == 200
    assert "Chợ Thái" in page.content.decode()


def test_a_forged_poster_is_said_to_be_one(client: Client, venue: Venue) -> None:
    code = poster_code(venue.pk)
    forged = code[:-1] + ("0" if code[-1] != "0" else "1")
    page = client.get(f"/v/{forged}")
    assert page.status_code == 404
    assert "không do chúng tôi" in page.content.decode() or "not issued" in page.content.decode()


def test_a_citizen_comes_and_goes_with_two_taps(venue: Venue) -> None:
    phone, address = Client(), f"/v/{poster_code(venue.pk)}"
    assert "Chợ Thái" in phone.get(address).content.decode()
    phone.post(f"{address}/in", {"new": "1", "name": "Nguyễn Văn Bình", "birth_year": "1980", "key": "k1"})
    stay = Visit.objects.get()
    assert (stay.place, stay.end, stay.way) == (venue.place, None, "phone")
    page = phone.get(address).content.decode()
    assert "N. V. Bình" in page
    assert "Nguyễn" not in page
    assert "Chợ Thái" in phone.get("/venues/now").content.decode()
    ScanRecord.objects.update(at=timezone.now() - timedelta(minutes=30))
    phone.post(f"{address}/out", {"key": "k2"})
    stay = Visit.objects.get()
    assert stay.end
    assert not stay.end_assumed
    assert Person.objects.count() == 1


def test_pressing_twice_records_once(venue: Venue) -> None:
    phone, address = Client(), f"/v/{poster_code(venue.pk)}"
    entry = {"new": "1", "name": "Nguyễn Văn Bình", "birth_year": "1980", "key": "same"}
    for _ in range(2):
        phone.post(f"{address}/in", entry)
    assert (ScanRecord.objects.count(), Person.objects.count()) == (1, 1)


def test_one_scan_for_the_family(venue: Venue) -> None:
    phone, address = Client(), f"/v/{poster_code(venue.pk)}"
    for key, name in (("a", "Nguyễn Văn Bình"), ("b", "Nguyễn Thị Na")):
        phone.post(f"{address}/in", {"new": "1", "name": name, "birth_year": "1980", "key": key})
    members = re.findall(r'name="member" value="(\d+)"', phone.get(address).content.decode())
    other = Place.objects.get()
    assert len(members) == 2
    phone.post(f"{address}/out", {"member": members, "key": "c"})
    groups = ScanRecord.objects.filter(direction=2).values_list("group", flat=True)
    assert len(groups) == 2
    assert len(set(groups)) == 1
    assert other


def test_the_safety_level_stands_on_the_same_page_with_its_date(venue: Venue) -> None:
    address = f"/v/{poster_code(venue.pk)}"
    assert "chưa tự đánh giá" in Client().get(address).content.decode()
    at = timezone.now() - timedelta(days=3)
    value = {"band": "dat", "band_name": {"vi": "Đạt", "en": "Met"}}
    put_fact(
        place=venue.place,
        kind="safetymap.level",
        value=value,
        source="test",
        at=at,
        valid_until=at + timedelta(days=7),
    )
    page = Client().get(address).content.decode()
    assert "<strong>Đạt</strong>" in page
    assert f"{timezone.localtime(at):%d/%m/%Y}" in page
    PlaceFact.objects.update(valid_until=at + timedelta(days=1))
    assert "<s>Đạt</s> · đã quá hạn" in Client().get(address).content.decode()


def test_use_and_posters_are_published_for_other_rooms(keeper: Client, venue: Venue, token: str) -> None:
    assert newest_fact(venue.place, "venues.use") is None
    send(token, records=[record("1"), record("2", minutes=3)])
    used = newest_fact(venue.place, "venues.use")
    assert used
    assert PlaceFact.objects.filter(kind="venues.use").count() == 1
    keeper.get(f"/venues/{venue.pk}/posters.pdf")
    hung = newest_fact(venue.place, "venues.poster")
    assert hung
    assert hung.value == {"language": "vi", "sheet": "a4"}


@pytest.fixture
def token(keeper: Client, venue: Venue) -> str:
    page = keeper.post(f"/venues/{venue.pk}/gate", {}).content.decode()
    found = re.search(r'<script id="gate-token" type="application/json">"([^"]+)"', page)
    assert found
    return found[1]


def send(token: str, **body: Any) -> Any:
    return Client().post(
        "/api/venues/scans", json.dumps(body), "application/json", headers={"Authorization": f"Bearer {token}"}
    )


def record(own: str, code: str = LAN, minutes: int = 0) -> dict[str, Any]:
    return {"id": own, "at": (timezone.now() - timedelta(minutes=minutes)).isoformat(), "code": code}


def test_a_gate_shows_initials_and_nothing_else(token: str) -> None:
    reply = send(token, records=[record("1")]).json()
    assert reply["answers"] == [
        {
            "id": "1",
            "status": "accepted",
            "reason": "",
            "message": "",
            "thong_bao": "",
            "shown": "N. T. L., nữ, 1990",
            "state": "in",
        }
    ]
    assert reply["inside"] == 1


def test_out_again_by_a_second_scan(token: str) -> None:
    Place.objects.update(kind="hospital")  # open day and night: the test may run at any hour
    send(token, records=[record("1", minutes=20)])
    reply = send(token, records=[record("2")]).json()
    assert (reply["answers"][0]["state"], reply["inside"]) == ("out", 0)


def test_a_gate_without_its_token_records_nothing(token: str) -> None:
    assert send("x" + token, records=[record("1")]).status_code == 401
    Gate.objects.update(revoked_at=timezone.now())
    assert send(token, records=[record("1")]).status_code == 401
    assert not ScanRecord.objects.exists()


def test_sealed_records_open_only_here(token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    key = Client().get("/api/venues/ping", headers=headers).json()["key"]
    box = seal(json.dumps(record("sealed-1", minutes=600)).encode(), key)
    sealed = [{"id": "sealed-1", "box": box}, {"id": "bad", "box": box[:-4] + "AAAA"}]
    reply = send(token, sealed=sealed).json()
    assert {a["id"]: (a["status"], a["reason"]) for a in reply["answers"]} == {
        "sealed-1": ("accepted", ""),
        "bad": ("refused", "venues.unreadable-box"),
    }
    assert send(token, sealed=sealed[:1]).json()["answers"][0]["status"] == "duplicate"


def test_a_slow_clock_is_corrected(token: str) -> None:
    slow = timezone.now() - timedelta(hours=3)
    body = {"id": "1", "at": (slow - timedelta(minutes=10)).isoformat(), "code": LAN}
    reply = send(token, clock=slow.isoformat(), records=[body]).json()
    assert 10_790 < reply["skew"] < 10_810
    row = ScanRecord.objects.get()
    assert timedelta(minutes=9) < timezone.now() - row.at < timedelta(minutes=11)
    assert row.said_at != row.at


def test_the_peak_is_counted(token: str) -> None:
    body = {"id": "t", "at": timezone.now().isoformat(), "people": 120}
    headers = {"Authorization": f"Bearer {token}"}
    assert (
        Client().post("/api/venues/tally", json.dumps(body), "application/json", headers=headers).status_code
        == 200
    )
    assert Tally.objects.get().people == 120


def test_the_keeper_sees_numbers_and_no_names(keeper: Client, venue: Venue, token: str) -> None:
    send(token, records=[record("1")])
    page = keeper.get(f"/venues/{venue.pk}").content.decode()
    assert re.search(r"<strong>1</strong> / 400", page)
    assert "Lan" not in page


def test_a_closed_place_stops_recording(keeper: Client, venue: Venue, token: str) -> None:
    keeper.post(f"/venues/{venue.pk}/close")
    assert send(token, records=[record("1")]).status_code == 401


def test_the_gate_page_and_its_worker_need_no_log_in(client: Client) -> None:
    page = client.get("/gate/")
    assert page.status_code == 200
    assert "'wasm-unsafe-eval'" in page["Content-Security-Policy"]
    worker = client.get("/gate/sw.js")
    assert worker["Content-Type"] == "text/javascript"
    assert '"/gate/"' in worker.content.decode()
