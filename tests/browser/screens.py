"""The screens that the documents show: who opens which page of the demonstration, and what that page says.

`docs/pictures/guides/NAME-LANGUAGE-WIDTH.png` is the photograph, `NAME.json` beside it the page's skeleton:
headings, labels, buttons, heads of columns, figures left out. A page that changes differs from its skeleton;
`make pictures` takes photograph and skeleton anew, together.
"""

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.test_venues_camera import REMEMBER
from vungxanh.declarations.models import Declaration
from vungxanh.declarations.review_actions import ask
from vungxanh.places.schemas import NewPlace
from vungxanh.venues.actions import VenueFacts, add_parts, open_gate, register_venue
from vungxanh.venues.models import Venue

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures" / "guides"
WIDTHS = {360: 780, 1280: 800}
LANGUAGES = ("vi", "en")
#: what is shown of each page; names of people stand in headings of the first level only as `N. T. Lan`
SKELETON = """() => [...document.querySelectorAll(
    'main h1, main h2, main label, main legend, main button, main thead th')]
  .filter((one) => one.checkVisibility()).map((one) => one.innerText.trim())"""
DAYS = r"Thứ (Hai|Ba|Tư|Năm|Sáu|Bảy)|Chủ Nhật|(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
NAMES = r"(?:\w\. )+\w+, (?:nam|nữ|male|female), \d+"


@dataclass(frozen=True)
class Screen:
    """`user` logs in (none: anybody); `path` is opened, `{case}` is the first case; `steps` lead on from there."""

    name: str
    user: str
    path: str
    steps: Callable[[Page, str], None] | None = None
    without: str = r"^$"  # what of the page hangs on the hour or on the district, not on the page


def market() -> Venue:
    new = NewPlace(kind="market", name="Chợ Thái", commune_code="05443", commune_on=date(2026, 1, 1))
    kept = register_venue(by=None, new=new, facts=VenueFacts(), phone="+84912345678")
    add_parts(by=None, venue=kept, kind="stall", names=[f"Dãy A – {number}" for number in range(1, 9)])
    return kept


def _keeper(page: Page, url: str) -> None:
    """A keeper proves a telephone number once, then manages the place."""
    kept = Venue.objects.filter(place__name="Chợ Thái").first() or market()
    page.goto(f"{url}/venues/phone")
    page.get_by_label("Số điện thoại di động của bạn").fill("0912345678")
    page.get_by_role("button", name="Gửi mã cho tôi").click()
    page.get_by_label("Mã trong tin nhắn").fill(page.locator("[data-shown-code]").inner_text())
    page.get_by_role("button", name="Tiếp tục").click()
    page.wait_for_url(lambda at: "/venues/code" not in at and "/venues/phone" not in at)
    page.goto(f"{url}/venues/{kept.pk}")


def _gate(page: Page, url: str) -> None:
    kept = Venue.objects.filter(place__name="Chợ Thái").first() or market()
    _made, token = open_gate(by=None, venue=kept, place=kept.place, name="Cổng 1")
    page.goto(f"{url}/gate/")
    page.evaluate(REMEMBER, token)
    page.reload()
    expect(page.locator("body[data-online=true]")).to_be_attached(timeout=15_000)


def _zone(page: Page, url: str) -> None:
    page.goto(f"{url}/cases/")
    page.locator("main tbody a").first.click()
    page.get_by_role("button", name="Đề xuất khu vực nhỏ nhất").click()
    page.wait_for_url(re.compile(r"/zones/\d+"))


def _request(page: Page, url: str) -> None:
    """Somebody asks for their declaration to be deleted; the station opens it."""
    declaration = Declaration.objects.order_by("pk").first()
    assert declaration is not None
    ask(declaration=declaration, kind="delete", text="")
    page.goto(f"{url}/declare/desk/d/{declaration.pk}")


SCREENS = (
    Screen("register-market", "", "/venues/", _keeper),
    Screen("gate-offline", "", "/gate/", _gate),
    Screen("key-in-paper", "tram", "/declare/desk/population"),
    Screen("commune-day", "tram", "/work/", without=r"^(Due|Overdue|Đến hạn|Quá hạn)"),
    Screen("trace-and-call", "cdc", "/cases/{case}"),
    Screen("draw-zone", "cdc", "/zones/", _zone),
    Screen("change-form", "lanhdao", "/declare/desk/forms"),
    Screen("border-shift", "bienphong", "/border/"),
    Screen("restore-backup", "quantri", "/status"),
    Screen("client-app", "", "/exposure/"),
    Screen("data-subject", "tram", "/declare/desk/", _request),
    Screen("public-guides", "", "/guides"),
)


def skeleton(page: Page, without: str) -> list[str]:
    """What the page says apart from its data: digits, days of the week and masked names taken out, each once.

    What follows a spaced colon is for screen readers alone and names the row.
    """
    said = (re.sub(rf"{NAMES}|{DAYS}|\d+", "…", text) for text in page.evaluate(SKELETON))
    lines = {" ".join(text.split()).split(" : ")[0] for text in said}
    return sorted(line for line in lines if line and not re.search(without, line))


def stored(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads((PICTURES / f"{name}.json").read_text("utf-8"))
    return found


def keep(name: str, skeletons: dict[str, list[str]]) -> None:
    text = json.dumps(skeletons, ensure_ascii=False, indent=1, sort_keys=True)
    (PICTURES / f"{name}.json").write_text(text + "\n", "utf-8")


def photograph(page: Page, name: str, language: str) -> None:
    """Both widths; few colours, so that the repository stays small."""
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        taken: Any = Image.open(io.BytesIO(page.screenshot()))
        small = taken.convert("RGB").quantize(96, dither=Image.Dither.NONE)
        small.save(PICTURES / f"{name}-{language}-{width}.png", optimize=True)
    page.set_viewport_size({"width": 1280, "height": 800})
