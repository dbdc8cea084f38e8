"""The issue's list of bad input, one test each: a clear verdict, nothing crashes, nobody is taken for another."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vungxanh.codes.decode import decode
from vungxanh.codes.foreign import _crc
from vungxanh.codes.signed import Kind, TagKey, short
from vungxanh.codes.template import SEPARATORS, Template, fill
from vungxanh.core.errors import UserError
from vungxanh.exchange import csv
from vungxanh.people.queries import masked
from vungxanh.places.actions import create_place
from vungxanh.places.models import Place
from vungxanh.places.schemas import NewPlace
from vungxanh.venues.badges import Where
from vungxanh.venues.identify import of_text
from vungxanh.venues.ingest import Sender, take
from vungxanh.venues.links import poster_link
from vungxanh.venues.queries import shown
from vungxanh.venues.schemas import Guest, ScanIn

pytestmark = pytest.mark.django_db

LAN = "019190000123||Nguyễn Thị Lan|01011990|Nữ|Tổ 5, Phan Đình Phùng, Thái Nguyên|01052021"


@pytest.fixture
def cafe() -> Place:
    new = NewPlace(kind="cafe", name="Cà phê Ban Mai", commune_code="05443", commune_on=date(2026, 1, 1))
    return create_place(by=None, new=new)


def verdict(cafe: Place, code: str, **more: Any) -> tuple[str, str, int | None]:
    outcome = take([ScanIn(**{"id": "x", "at": timezone.now(), "code": code} | more)], sender=Sender("g", cafe, 1))
    found = outcome.verdicts[0]
    return found.status, found.reason, outcome.people[0]


def test_text_that_telex_mangled_is_the_same_person(cafe: Place) -> None:
    zone = "P<UTODOOS<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
    plain = verdict(cafe, zone)
    mangled = take(
        [ScanIn(id="y", at=timezone.now(), code=zone.replace("DOOS", "DỐ"))], sender=Sender("g", cafe, 1)
    )
    assert plain[0] == mangled.verdicts[0].status == "accepted"
    assert mangled.people == [plain[2]]


@pytest.mark.parametrize(
    ("cut", "reason"),
    [
        (5, "venues.read-again"),
        (11, "venues.declare-first"),  # as long as a telephone number of before 2018
        (12, "venues.declare-first"),  # what is left is a whole number, and nobody is known under it
        (20, "venues.read-again"),
        (40, "venues.read-again"),
    ],
)
def test_a_cut_code_is_read_again(cafe: Place, cut: int, reason: str) -> None:
    assert verdict(cafe, LAN[:cut]) == ("refused", reason, None)


def test_a_zone_with_a_wrong_check_digit_is_read_again(cafe: Place) -> None:
    zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C37UTO7408122F1204159ZE184226B<<<<<10"
    assert verdict(cafe, zone)[:2] == ("refused", "venues.read-again")


def test_a_number_that_says_another_sex_is_warned_about_and_taken(cafe: Place) -> None:
    assert verdict(cafe, LAN.replace("|Nữ|", "|Nam|"))[0] == "accepted"
    assert "codes.cccd-sex-differs" in {
        note["code"] for note in decode(LAN.replace("|Nữ|", "|Nam|")).as_json()["warnings"]
    }  # type: ignore[attr-defined]


def test_commas_in_the_address_and_an_empty_second_field(cafe: Place) -> None:
    status, _, person = verdict(cafe, LAN)
    assert status == "accepted"
    assert person
    assert shown(person) == "N. T. L., nữ, 1990"


def test_a_birth_of_a_year_only_and_hex_of_odd_length(cafe: Place) -> None:
    name = "Lò Thị Mai".encode().hex()
    card = f"HS4010120878821|{name}|1970|2|{name[:-1]}|01 - 061|01/01/2026|31/12/2026|01/01/2026|01061|-|4|x|y|$"
    status, _, person = verdict(cafe, card)
    assert status == "accepted"
    assert person
    assert shown(person) == "L. T. M., nữ, 1970"
    broken = card.replace(f"|{name}|", f"|{name[:-1]}|", 1)
    assert verdict(cafe, broken, id="y") == ("accepted", "", person)  # the number is whole: the same person


def test_a_wifi_code_a_payment_code_and_somebody_else_s_venue_are_nobody(cafe: Place) -> None:
    body = "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN6304"
    vietqr = body + f"{_crc(body.encode()):04X}"
    assert decode(vietqr).kind == "payment.vietqr"
    others = [
        "WIFI:S:cho;T:WPA;P:12345678;;",
        vietqr,
        "https://e.coronawarn.app?v=1#CAESLQgBEg0",
        "https://qr.tokhaiyte.vn/abc",
        poster_link(cafe.pk),
    ]
    for text in others:
        assert verdict(cafe, text) == ("refused", "venues.not-a-person", None)


def test_a_card_of_another_installation_is_forged(cafe: Place) -> None:
    assert verdict(cafe, short(Kind.CARD, 5, TagKey(1, b"another house")))[1] == "venues.forged-code"


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1+cmd", "-2+3", "@SUM(A1)", "\tx", "\rx"])
def test_a_name_that_is_a_formula_is_neutral_in_every_export(cafe: Place, name: str) -> None:
    guest = Guest(name=f"{name} Lan", birth_year=1990)
    outcome = take([ScanIn(id="x", at=timezone.now(), guest=guest)], sender=Sender("g", cafe, 1))
    text = masked(person for person in outcome.people if person)
    written = csv.write(["name"], [[one] for one in text.values()] + [[name]])
    whole = written.decode("utf-8-sig") if isinstance(written, bytes) else written
    cells = [line.strip('"') for line in whole.replace("\r\n", "\n").split("\n")[1:] if line]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def test_a_record_from_tomorrow_and_one_of_last_year(cafe: Place) -> None:
    for minutes, reason in ((60, "venues.from-the-future"), (-400 * 1440, "venues.too-old")):
        at = timezone.now() + timedelta(minutes=minutes)
        found = take([ScanIn(id="x", at=at, code=LAN)], sender=Sender("g", cafe, 1)).verdicts[0]
        assert found.reason == reason


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300) | st.text(alphabet="0123456789|<PVX:.-/ĂÂÊÔƠƯẤs", max_size=200))
def test_no_text_crashes_a_gate(text: str) -> None:
    where = Where("/19/05443/p1/", 1, timezone.now(), lambda: (Template("T", "|", ("cccd", "name")),))
    refused = ""
    try:
        of_text(text, where)
    except UserError as error:
        refused = error.text("vi")
    assert "{" not in refused  # a whole sentence, or a person


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200), separator=st.sampled_from(SEPARATORS))
def test_no_text_crashes_a_template(text: str, separator: str) -> None:
    filled = fill(text, [Template("T", separator, ("cccd", "name", "birth", "issued"), declares=True)])
    assert filled is None or dict(filled.numbers)["cccd"].isdigit()
