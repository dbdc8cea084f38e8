"""The gate's camera: Chromium is shown a film of codes, and the gate reads them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import segno
from playwright.sync_api import Browser, BrowserType, Page, expect
from pytest_django.live_server_helper import LiveServer

from vungxanh.codes.signed import Kind, short
from vungxanh.people.actions import register_person
from vungxanh.places.schemas import NewPlace
from vungxanh.venues.actions import VenueFacts, open_gate, register_venue
from vungxanh.venues.identify import key
from vungxanh.venues.links import tag_keys
from vungxanh.venues.models import Badge, ScanRecord

pytestmark = pytest.mark.django_db(transaction=True)

WIDTH, HEIGHT = 640, 480
CCCD = "019190000123||Nguyễn Thị Lan|01011990|Nữ|Tổ 5, Phan Đình Phùng, Thái Nguyên|01052021"
PERSONAL = "019090029317|TRAN VAN AN|1987-01-18|0|162979388586171100|<1<HS4010120878821<0944713700"
MASKED = "******029317|TRAN VAN AN|1987-**-**|0|162979388586171100|<1<<"
BHYT = "|".join(
    ["HS4010120878821", "Lò Thị Mai".encode().hex(), "18/01/1970", "2", "Tổ 5".encode().hex(), "01 - 061",
     "01/01/2026", "31/12/2026", "01/01/2026", "01061", "-", "4", "01/01/2030", "abc", "$"]
)  # fmt: skip


def film(folder: Path, text: str) -> Path:
    """A still picture of the code as raw video: luminance, then two flat planes of colour."""
    code = segno.make(text, error="m", micro=False)
    rows = list(code.matrix_iter(scale=400 // (code.symbol_size(border=4)[0]), border=4))
    size = len(rows)
    left, top = (WIDTH - size) // 2, (HEIGHT - size) // 2
    grey = bytearray(b"\xb4" * (WIDTH * HEIGHT))
    for y, row in enumerate(rows):
        start = (top + y) * WIDTH + left
        grey[start : start + size] = bytes(16 if dark else 235 for dark in row)
    frame = b"FRAME\n" + bytes(grey) + b"\x80" * (WIDTH * HEIGHT // 2)
    file = folder / "camera.y4m"
    file.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F20:1 Ip A1:1 C420jpeg\n".encode() + frame * 3)
    return file


@pytest.fixture
def filmed(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> Iterator[list[Browser]]:
    """Browsers to close."""
    opened: list[Browser] = []
    yield opened
    for browser in opened:
        browser.close()


def page_of(
    text: str, browser_type: BrowserType, launch: dict[str, Any], folder: Path, opened: list[Browser]
) -> Page:
    flags = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film(folder, text)}",
    ]
    browser = browser_type.launch(**launch | {"args": [*launch["args"], *flags]})
    opened.append(browser)
    return browser.new_page(locale="vi-VN")


def card() -> str:
    person = register_person(name="Danh Út", birth_year=1950, sex=1, by=None, purpose="test")
    Badge.objects.create(key=key("card", "77"), person_id=person)
    return short(Kind.CARD, 77, tag_keys()[-1])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("cccd", "N. T. L., nữ, 1990"),
        ("personal", "T. V. A., nam, 1987"),
        ("masked", "T. V. A., nam, 1987"),
        ("bhyt", "L. T. M., nữ, 1970"),
        ("card", "D. Ú., nam, 1950"),
    ],
)
def test_the_camera_reads(
    name: str,
    shown: str,
    live_server: LiveServer,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    tmp_path: Path,
    filmed: list[Browser],
) -> None:
    text = {"cccd": CCCD, "personal": PERSONAL, "masked": MASKED, "bhyt": BHYT}.get(name) or card()
    new = NewPlace(kind="market", name="Chợ Thái", commune_code="05443", commune_on=date(2026, 1, 1))
    venue = register_venue(by=None, new=new, facts=VenueFacts(), phone="+84912345678")
    _gate, token = open_gate(by=None, venue=venue, place=venue.place, name="Cổng 1")
    page = page_of(text, browser_type, browser_type_launch_args, tmp_path, filmed)
    page.goto(f"{live_server.url}/gate/")
    page.evaluate(REMEMBER, token)
    page.reload()
    expect(page.locator("body[data-online=true]")).to_be_attached()
    page.get_by_role("button", name="Dùng camera").click()
    expect(page.locator("#who")).to_have_text(shown, timeout=20_000)
    expect(page.locator("body[data-frame]")).to_be_attached()
    assert ScanRecord.objects.get().way == "camera"


REMEMBER = """(token) => new Promise((done) => {
  const asked = indexedDB.open('vungxanh-gate', 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore('self');
    asked.result.createObjectStore('queue', { keyPath: 'id' });
  };
  asked.onsuccess = () => {
    const change = asked.result.transaction('self', 'readwrite');
    change.objectStore('self').put({ token }, 'self');
    change.oncomplete = () => { asked.result.close(); done(); };
  };
})"""
