"""Staff: a paper keyed in on one page, every fault at once, whose list it is, the list of epidemic areas."""

from io import BytesIO

import pytest
import segno
import zxingcpp
from django.test import Client
from django.utils import timezone
from PIL import Image
from tests.functional.test_declarations import MET, SIGNS, begin, officer, walk

from vungxanh.declarations import paper_codes, queries
from vungxanh.declarations.models import Declaration, Draft, EpidemicArea
from vungxanh.forms import catalogue

pytestmark = pytest.mark.django_db


def whole(**changes: str) -> dict[str, str]:
    return {
        "key": "k1",
        "channel": "paper",
        "full_name": "Ma Văn Tiến",
        "birth_year": "1950",
        "sex": "1",
        "nationality": "VNM",
        "commune": "Gia Sàng, Thái Nguyên",
        "commune-code": "vn-2025:05467",
        "address": "Xóm 2",
        "phone": "0944713701",
        "travelled": "no",
        **dict.fromkeys((*SIGNS, *MET), "no"),
        "consent": "yes",
        **changes,
    }


def test_staff_key_in_a_paper_on_one_page(client: Client) -> None:
    client.force_login(officer("commune-health", "/19/05467/"))
    assert client.post("/declare/desk/population", whole()).status_code == 302
    row = Declaration.objects.get()
    assert row.channel == "paper"
    assert row.declared_by is not None
    assert "M. V. Tiến" in client.get("/declare/desk/").content.decode()


def test_staff_see_every_fault_at_once(client: Client) -> None:
    client.force_login(officer("commune-health", "/19/05467/"))
    page = client.post("/declare/desk/population", whole(full_name="", cough=""))
    assert page.status_code == 422
    assert [one.id for one in page.context["errors"]] == ["full_name", "cough"]


def test_a_neighbouring_commune_sees_nothing(client: Client) -> None:
    client.force_login(officer("commune-health", "/19/05467/"))
    client.post("/declare/desk/population", whole())
    client.force_login(officer("commune-health", "/19/05443/"))
    assert "M. V. Tiến" not in client.get("/declare/desk/").content.decode()


def test_a_market_officer_is_refused(client: Client) -> None:
    client.force_login(officer("industry-trade-officer", "/19/"))
    assert client.get("/declare/desk/").status_code == 403


def test_an_officer_lists_an_area_by_name_and_ends_it(client: Client) -> None:
    client.force_login(officer("cdc-officer", "/19/"))
    today = timezone.localdate()
    fields = {"disease": "covid19", "area": "Gia Sàng, Thái Nguyên", "since": today.isoformat(), "basis": "QĐ 2"}
    assert client.post("/declare/desk/areas", fields).status_code == 302
    row = EpidemicArea.objects.get()
    assert (row.code, row.until) == ("05467", None)
    client.post(f"/declare/desk/areas/{row.pk}/end")
    row.refresh_from_db()
    assert row.until == today


@pytest.mark.parametrize("area", ["Tân An", "Không có nơi này"])
def test_an_area_that_is_unclear_is_not_listed(client: Client, area: str) -> None:
    client.force_login(officer("cdc-officer", "/19/"))
    fields = {"disease": "covid19", "area": area, "since": timezone.localdate().isoformat(), "basis": "QĐ 2"}
    page = client.post("/declare/desk/areas", fields)
    assert "nhsuk-error-message" in page.content.decode()
    assert not EpidemicArea.objects.exists()


def test_a_station_reads_the_list_and_cannot_change_it(client: Client) -> None:
    client.force_login(officer("commune-health", "/19/05467/"))
    assert client.get("/declare/desk/areas").status_code == 200
    client.post(
        "/declare/desk/areas", {"disease": "covid19", "area": "05467", "since": "2026-01-01", "basis": "x"}
    )
    assert not EpidemicArea.objects.exists()


def test_a_printed_form_that_was_filled_in_is_keyed_in_by_one_scan(client: Client) -> None:
    begin(client)
    walk(client, fever="yes")
    printed = client.get("/declare/population/filled.pdf")
    assert (printed["Content-Type"], printed.content[:4]) == ("application/pdf", b"%PDF")
    draft = Draft.objects.get()
    form = catalogue.version(draft.form, draft.version)
    code = paper_codes.pack(form, queries.answers_of(draft))
    assert "Lan" not in code
    picture = BytesIO()
    segno.make_qr(code, error="l", boost_error=False).save(picture, kind="png", scale=3)
    (seen,) = zxingcpp.read_barcodes(Image.open(picture))
    station = Client()
    station.force_login(officer("commune-health", "/19/05467/"))
    page = station.post("/declare/desk/population", {"do": "code", "code": seen.text})
    shown = {one.id: one for section in page.context["sections"] for one in section["fields"]}
    assert (shown["full_name"].value, list(shown["fever"].chosen)) == ("Nông Thị Lan", ["yes"])
    key = page.context["key"]
    assert station.post("/declare/desk/population", {"do": "code", "code": seen.text}).context["key"] == key
    for _ in range(2):  # scanned and kept twice, it is one
        station.post("/declare/desk/population", whole(key=key))
    assert Declaration.objects.filter(channel="paper").count() == 1


@pytest.mark.parametrize("code", ["", "VXF1:ABC", "HC1:6BF", "0" * 5000], ids=["empty", "cut", "other", "long"])
def test_a_code_that_is_no_paper_of_ours_fills_nothing_in(client: Client, code: str) -> None:
    client.force_login(officer("commune-health", "/19/05467/"))
    page = client.post("/declare/desk/population", {"do": "code", "code": code})
    assert (page.status_code, "Không đọc được mã này" in page.content.decode()) == (422, True)
