"""One question for every scanner: what is this text?"""

import binascii
from datetime import date

import pytest

from vungxanh.codes import signed, telex
from vungxanh.codes.decode import decode
from vungxanh.codes.signed import Kind, TagKey

TODAY = date(2026, 11, 22)
PERSONAL = "001093029317|NGUYEN LE KHA HAN|1987-01-18|0|162979388586171100|<1<HS4010120878821<0944713700"
UUID = "0a1b2c3d-0000-4000-8000-123456789abc"


def vietqr() -> str:
    """A transfer code with its CRC-16/CCITT-FALSE, which is CRC-CCITT of binascii started at FFFF."""
    account = "0010A000000727" + "0127" + "0006970436" + "0113" + "0011009988776"
    body = "000201" + "010211" + f"38{len(account):02d}{account}" + "5303704" + "5802VN" + "6304"
    return body + f"{binascii.crc_hqx(body.encode(), 0xFFFF):04X}"


@pytest.mark.parametrize(
    ("text", "kind", "personal"),
    [
        (PERSONAL, "personal_qr", True),
        ("079302001234||Trần Thị Thử|09092002|Nữ|12/3, Phường 5|30062022", "cccd_qr", True),
        ("HS4010120878811|4e67|1955|1|4e|01-061|01/01/2021|31/12/2021", "bhyt_qr", True),
        (
            "IDVNM0900000177001090000017<<8\n9002155M3002153VNM<<<<<<<<<<<2\nNGUYEN<<VAN<A<<<<<<<<<<<<<<<<<",
            "mrz",
            True,
        ),
        (signed.short(Kind.POSTER, 5, TagKey(1, b"k")), "vungxanh.poster", False),
        ("https://x.vn/v/" + signed.short(Kind.CARD, 5, TagKey(1, b"k")), "vungxanh.card", True),
        ("001090000017", "number.cccd", True),
        ("012345678", "number.cmnd", True),
        ("HS4010120878811", "number.bhyt", True),
        ("0944713700", "phone", True),
        ("0912 345 678", "phone", True),
        ("WIFI:T:WPA;S:Quán Phở;P:matkhau;;", "wifi", False),
        (vietqr(), "payment.vietqr", False),
        ("https://e.coronawarn.app?v=1#CAESLAgB", "venue.cwa", False),
        ("https://qr.swisscovid.ch?v=4#CAQS", "venue.crowdnotifier", False),
        ("https://tac.gouv.fr?v=0#AAAA", "venue.clea", False),
        (f"https://app.luca-app.de/webapp/{UUID}#e30", "venue.luca", False),
        ("NZCOVIDTRACER:eyJnbG4iOiIxIiwib3BuIjoiUXVhbiJ9", "venue.nz", False),
        ("UKC19TRACING:1:aa.bb.cc", "venue.nhs", False),
        ("https://qr.tokhaiyte.vn/abc", "venue.pccovid", False),
        ("shc:/5676290952432060346029243740446", "shc", True),
        ("BEGIN:VCARD\nN:Lan\nEND:VCARD", "contact", True),
        ("https://example.com/x", "url", False),
        ("", "unknown", True),
        ("xin chào", "unknown", True),
        ("HC1:6BFOXN", "unknown", True),
    ],
)
def test_kinds(text: str, kind: str, personal: bool) -> None:
    found = decode(text, TODAY)
    assert (found.kind, found.personal) == (kind, personal)


def test_a_wifi_password_and_a_link_s_user_are_not_shown() -> None:
    assert decode("WIFI:T:WPA;S:Quán Phở;P:matkhau;;").fields == {"network": "Quán Phở"}
    assert decode("https://lan:pw@evil.example/x?id=1").fields == {"host": "evil.example"}


def test_a_damaged_payment_code_is_named() -> None:
    found = decode(vietqr().replace("970436", "970437"))
    assert (found.kind, [item.code for item in found.warnings]) == ("payment.vietqr", ["payment-crc"])


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (PERSONAL.replace("1987", "2087"), "birth-future"),
        ("HS4010120878811|4e67|1955|1|4e|01-061|01/01/2021|31/12/2021", "card-expired"),
        ("HC1:NCFOXN%TS3DHPVO13", "cut-certificate"),
        ("079302001234||Trần Thị", "cut-card"),
        ("VX1:BBB", "cut-code"),
    ],
)
def test_reasons_to_read_again(text: str, warning: str) -> None:
    assert warning in [item.code for item in decode(text, TODAY).warnings]


@pytest.mark.parametrize(
    ("typed", "mangled"),
    [
        # what UniKey's Telex and VNI make of the keys, worked out key by key
        ("VOOS THIJ HAAN", "VỐ THỊ HÂN"),
        ("DDINH", "ĐINH"),
        ("LUWOWNG", "LƯƠNG"),
    ],
)
def test_telex_is_undone_among_the_ways_back(typed: str, mangled: str) -> None:
    assert typed in list(telex.candidates(mangled, "telex"))


def test_vni_is_undone_among_the_ways_back() -> None:
    assert "HA1" in list(telex.candidates("HÁ", "vni"))
    assert "D9UO7NG" in list(telex.candidates("ĐUƠNG", "vni"))


def test_a_personal_code_with_marks_is_kept_as_read_because_nothing_confirms_a_guess() -> None:
    found = decode(PERSONAL.replace("KHA HAN", "KHÁ HÂN"), TODAY)
    assert (found.kind, found.fields["name"]) == ("personal_qr", "NGUYEN LE KHÁ HÂN")
    assert "name-marks" in [item.code for item in found.warnings]


def test_a_passport_number_that_lost_its_shape_is_restored() -> None:
    # the keys A, S, 1 … of passport AS1234567 arrive as Á1234567, which no document field holds
    found = decode(PERSONAL.replace("001093029317", "Á1234567"), TODAY)
    assert (found.kind, found.warnings[0].code, found.fields["document"]) == (
        "personal_qr",
        "mangled",
        "AS1234567",
    )


def test_a_mangled_zone_is_restored_by_its_check_digits() -> None:
    lines = "P<UTODOOS<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
    assert decode(lines).kind == "mrz"
    found = decode(lines.replace("DOOS", "DỐ"))
    assert (found.kind, found.warnings[0].code) == ("mrz", "mangled")
    assert found.fields["surname"] == "DOOS"


def test_a_zone_typed_with_marks_loses_only_the_marks() -> None:
    lines = "P<VNMNGUYỄN<<VĂN<ĐẠT<<<<<<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
    found = decode(lines)
    assert (found.fields["surname"], found.fields["given"]) == ("NGUYEN", "VAN DAT")
    assert found.warnings[0].code == "mrz-diacritics"


def test_real_vietnamese_on_an_identity_card_is_left_alone() -> None:
    found = decode("079302001234||Trần Thị Thử|09092002|Nữ|12/3, Phường 5|30062022", TODAY)
    assert (found.fields["name"], found.warnings) == ("Trần Thị Thử", ())
