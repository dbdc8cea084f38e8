"""The gate's camera: Chromium is shown a film of codes, one person after another, and the gate reads them."""

from datetime import date
from pathlib import Path
from time import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from playwright.sync_api import BrowserType, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.camera import seeing
from tests.unit.test_codes_certificates import certified
from vungxanh.codes.foreign import _crc
from vungxanh.codes.signed import Kind, TagKey, short, step_at
from vungxanh.people.actions import register_person
from vungxanh.places.schemas import NewPlace
from vungxanh.venues.actions import VenueFacts, open_gate, register_venue
from vungxanh.venues.evidence_class import Strength
from vungxanh.venues.identify import key
from vungxanh.venues.ingest import Sender, take
from vungxanh.venues.links import poster_link, tag_keys
from vungxanh.venues.models import Badge, CodeTemplate, ScanRecord, Venue
from vungxanh.venues.personal import PERSON_EVERY
from vungxanh.venues.schemas import ScanIn

pytestmark = pytest.mark.django_db(transaction=True)

CCCD = "019190000123||Nguyễn Thị Lan|01011990|Nữ|Tổ 5, Phan Đình Phùng, Thái Nguyên|01052021"
PERSONAL = "019090029317|TRAN VAN AN|1987-01-18|0|162979388586171100|<1<HS4010120878821<0944713700"
MASKED = "******029318|LE VAN BA|1985-**-**|0|162979388586171101|<1<<"
BHYT = "|".join(
    ["HS4010120878822", "Lò Thị Mai".encode().hex(), "18/01/1970", "2", "Tổ 5".encode().hex(), "01 - 061",
     "01/01/2026", "31/12/2026", "01/01/2026", "01061", "-", "4", "01/01/2030", "abc", "$"]
)  # fmt: skip
CARD_2024 = "019190000555|x1|Hoàng Văn Tư|a|b|c|d|e"
LAYOUT = ["cccd", "-", "name", "-", "-", "-", "-", "-"]
OTHER_LAYOUT = "Hoàng Văn Tư|x1|019190000555|a|b|c|d|e"
VIETQR = "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN6304"


def card(number: int, name: str, year: int) -> str:
    person = register_person(name=name, birth_year=year, sex=1, by=None, purpose="test")
    Badge.objects.create(key=key("card", str(number)), person_id=person)
    return short(Kind.CARD, number, tag_keys()[-1])


def on_a_phone(number: int, name: str, year: int) -> str:
    """The code of the half minute to come, which counts already and for a minute more."""
    person = register_person(name=name, birth_year=year, sex=2, by=None, purpose="test")
    Badge.objects.create(key=key("phone-code", str(number)), person_id=person)
    return short(Kind.PERSON, number, tag_keys()[-1], step_at(time(), PERSON_EVERY) + 1)


def venue(name: str) -> Venue:
    new = NewPlace(kind="market", name=name, commune_code="05443", commune_on=date(2026, 1, 1))
    return register_venue(by=None, new=new, facts=VenueFacts(), phone="+84912345678")


def photographed(other: Venue) -> str:
    """A rotating code that another place has read already."""
    code = on_a_phone(6, "Lò Thị Hoa", 1992)
    taken = take([ScanIn(id="first", at=timezone.now(), code=code)], sender=Sender("gate:other", other.place))
    assert taken.verdicts[0].status == "accepted"
    return code


WATCH = """() => {
  globalThis.seen = {};
  const said = (id) => document.getElementById(id).textContent;
  new MutationObserver(() => { globalThis.seen[said('who') || said('why')] ??= said('word'); })
    .observe(document.getElementById('answer'), { attributes: true, attributeFilter: ['data-shown'] });
}"""


def test_the_camera_reads_every_code_and_takes_no_other_for_a_person(
    live_server: LiveServer,
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    tmp_path: Path,
) -> None:
    market, other = venue("Chợ Thái"), venue("Chợ Gang Thép")
    _gate, token = open_gate(by=None, venue=market, place=market.place, name="Cổng 1")
    CodeTemplate.objects.create(name="Thẻ căn cước 2024", separator="|", fields=LAYOUT)
    phone, again = on_a_phone(5, "Triệu Thị Én", 1999), photographed(other)
    certificate = certified(ec.generate_private_key(ec.SECP256R1()), b"12345678")
    people = {
        phone: ("T. T. É., nữ, 1999", Strength.SIGNED_CODE),
        card(77, "Danh Út", 1950): ("D. Ú., nam, 1950", Strength.SIGNED_CODE),
        CCCD: ("N. T. L., nữ, 1990", Strength.SCANNED_CARD),
        PERSONAL: ("T. V. A., nam, 1987", Strength.SHOWN_CODE),
        MASKED: ("L. V. B., nam, 1985", Strength.SHOWN_CODE),
        BHYT: ("L. T. M., nữ, 1970", Strength.SCANNED_CARD),
        certificate: ("N. V. A., 1990", Strength.SHOWN_CODE),
        CARD_2024: ("H. V. T.", Strength.SHOWN_CODE),
    }
    nobody = {
        again: "Mã này đã được dùng ở nơi khác",
        OTHER_LAYOUT: "Thẻ có bố cục chưa biết",
        short(Kind.CARD, 5, TagKey(1, b"another house")): "Mã này không do hệ thống",
        "WIFI:S:cho;T:WPA;P:12345678;;": "Mã này không phải của người",
        VIETQR + f"{_crc(VIETQR.encode()):04X}": "Mã này không phải của người",
        poster_link(other.place_id): "Mã này không phải của người",
    }
    with seeing([*people, *nobody], browser_type, browser_type_launch_args, tmp_path) as page:
        seen = walk(page, live_server, token, len(people) + 4)
    # the film begins anew: on a slow machine somebody may be seen leaving first
    assert [who for who, _ in people.values() if not seen.get(who, "").startswith("ĐÃ GHI")] == []
    refused = " ".join(why for why, word in seen.items() if word == "CHƯA NHẬN")
    assert [begin for begin in nobody.values() if begin not in refused] == []
    rows = ScanRecord.objects.filter(place=market.place)
    assert {row.way for row in rows} == {"camera"}
    assert sorted({row.person: row.strength for row in rows}.values()) == sorted(s for _, s in people.values())


def walk(page: Page, server: LiveServer, token: str, answers: int) -> dict[str, str]:
    """Who, or why nobody, and the word: until so many different answers were given."""
    page.goto(f"{server.url}/gate/")
    page.evaluate(REMEMBER, token)
    page.reload()
    expect(page.locator("body[data-online=true]")).to_be_attached()
    page.evaluate(WATCH)
    page.get_by_role("button", name="Dùng camera").click()
    page.wait_for_function("(n) => Object.keys(globalThis.seen).length >= n", arg=answers, timeout=90_000)
    seen: dict[str, str] = page.evaluate("globalThis.seen")
    return seen


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
