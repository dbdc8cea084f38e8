"""One click gives a place its posters, codes, guides, criteria and checklist; nobody else's place."""

import io
import re
import zipfile
from typing import Any

import pytest
import zxingcpp
from django.test import Client
from PIL import Image
from pypdf import PdfReader
from tests.functional.test_command_directives import officer
from tests.functional.test_safetymap import place

from vungxanh.places.actions import create_place
from vungxanh.places.kinds import kinds
from vungxanh.places.models import PlaceFact
from vungxanh.places.schemas import NewPlace
from vungxanh.safetymap import keeper
from vungxanh.safetymap.paper import checklist, criteria_sheet
from vungxanh.venues.links import place_of, read
from vungxanh.venues.posters import PPI
from vungxanh.web import guides

pytestmark = pytest.mark.django_db


def opened(answer: Any) -> zipfile.ZipFile:
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    return zipfile.ZipFile(io.BytesIO(answer.content))


def words(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


@pytest.fixture
def kept(client: Client) -> Any:
    """A market that this browser keeps, with two stalls."""
    at = place("market", "Chợ Thái")
    for name in ("Sạp 1", "Sạp 2"):
        create_place(by=None, new=NewPlace("stall", name, ""), parent=at)
    client.get(f"/safety/keeper?k={keeper.token(at.pk)}")
    return at


def test_the_keeper_gets_everything_in_one_file(client: Client, kept: Any) -> None:
    archive = opened(client.get(f"/kits/{kept.pk}.zip"))
    assert archive.namelist() == [
        "1-ap-phich-ma-qr.pdf",
        f"1-VX-{kept.pk}.svg",
        "2-huong-dan/colours.pdf",
        "2-huong-dan/declare.pdf",
        "2-huong-dan/install.pdf",
        "2-huong-dan/kept.pdf",
        "2-huong-dan/poster-market.pdf",
        "2-huong-dan/scan.pdf",
        "2-huong-dan/slogans.pdf",
        "3-tieu-chi.pdf",
        "4-bang-kiem.pdf",
    ]
    posters = PdfReader(io.BytesIO(archive.read("1-ap-phich-ma-qr.pdf")))
    assert len(posters.pages) == 3  # the market and its two stalls
    assert "Chợ Thái" in words(archive.read("3-tieu-chi.pdf"))
    assert PlaceFact.objects.filter(place=kept, kind="venues.poster").count() == 1


def test_the_code_in_it_leads_to_the_place(client: Client, kept: Any) -> None:
    drawn = opened(client.get(f"/kits/{kept.pk}.zip")).read(f"1-VX-{kept.pk}.svg")
    import typst

    picture = typst.compile(
        {"main": b'#set page(width: 8cm, height: 8cm, margin: 5mm)\n#image("/qr.svg")', "qr.svg": drawn},
        format="png",
        ppi=PPI,
    )
    assert isinstance(picture, bytes)
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert place_of(read(code.text.rsplit("/", 1)[-1])) == kept


def test_criteria_say_the_bands_and_the_checklist_has_what_is_owed(kept: Any) -> None:
    criteria, boxes = words(criteria_sheet(kept)), words(checklist(kept))
    assert "Bộ tiêu chí chung của Vùng Xanh" in criteria
    assert "Đạt: từ 90 %" in criteria
    assert "Cần khắc phục: từ 70 % đến dưới 90 %" in criteria
    assert "Mã QR điểm kiểm dịch, quét vào và ra" in boxes
    assert "Khẩu trang: có biển nhắc" in boxes


def test_in_english_for_whoever_reads_english(client: Client, kept: Any) -> None:
    archive = opened(client.get(f"/kits/{kept.pk}.zip", HTTP_ACCEPT_LANGUAGE="en"))
    assert "Checkpoint QR, scanned in and out" in words(archive.read("4-checklist.pdf"))
    assert "General set of Vùng Xanh" in words(archive.read("3-criteria.pdf"))


def test_an_officer_of_safety_gets_it_within_the_own_area_and_nobody_else_does(client: Client) -> None:
    at = place("school", "Trường Gia Sàng")
    assert client.get(f"/kits/{at.pk}.zip").status_code == 404
    asking = (("education-officer", "/19/05443/", 200), ("education-officer", "/01/", 404))
    for n, (role, path, status) in enumerate(
        (*asking, ("transport-officer", "/19/", 404), ("chairman", "/19/", 404))
    ):
        client.force_login(officer(f"officer-{n}", role, path))
        assert client.get(f"/kits/{at.pk}.zip").status_code == status


def test_a_kind_without_criteria_still_gets_a_kit_that_says_so() -> None:
    at = place("trip", "Chuyến 7")
    assert "Chưa có bộ tiêu chí" in words(criteria_sheet(at))


def test_both_pages_lead_to_it(client: Client, kept: Any) -> None:
    assert f"/kits/{kept.pk}.zip" in client.get(f"/safety/assess/{kept.pk}").content.decode()
    client.force_login(officer("here", "industry-trade-officer", "/19/05443/"))
    assert f"/kits/{kept.pk}.zip" in client.get(f"/safety/place/{kept.pk}").content.decode()


def test_the_officers_table_names_kinds_of_place_in_the_language_of_the_page(client: Client, kept: Any) -> None:
    client.force_login(officer("here", "industry-trade-officer", "/19/05443/"))
    for language, called in (("vi", "Chợ"), ("en", "Market")):
        shown = client.get("/safety/", HTTP_ACCEPT_LANGUAGE=language).content.decode()
        assert re.search(rf"<td[^>]*>\s*{called}\s*</td>", shown)


def test_every_kind_a_poster_names_exists() -> None:
    named = {kind for raw in guides.shipped().values() for kind in raw.get("places", ())}
    assert named <= set(kinds())
