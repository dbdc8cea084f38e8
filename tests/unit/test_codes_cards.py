"""Personal QR, identity card and insurance card: published examples, masks, damage."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from vungxanh.codes import bhyt_qr, cccd_qr, personal_qr
from vungxanh.core.errors import UserError

PERSONAL = "001093029317|NGUYEN LE KHA HAN|1987-01-18|0|162979388586171100|<1<HS4010120878821<0944713700"


def samples(data: Path, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((data / "identity" / "vn_qr_samples.json").read_text())[kind]
    return found


@pytest.mark.needs_data
def test_personal_codes_of_the_decision(data: Path) -> None:
    for sample in samples(data, "personal_qr"):
        read, fields = personal_qr.parse(sample["payload"]), sample["fields"]
        assert read.qid == "162979388586171100"
        assert read.masked == fields.get("doc_no_masked", False)
        assert read.birth_year == 1987
        assert (read.birth is None) == fields.get("dob_masked", False)
        if "declared_for_other" in fields:
            assert read.for_other == fields["declared_for_other"]
        if "ext" in fields:
            assert read.declarer_qid == fields["ext"]["declarer_qid"]
            assert read.insurance == fields["ext"]["bhyt"]
            assert read.phone == "+84944713700"


def test_the_published_example_is_built_again_byte_for_byte() -> None:
    assert personal_qr.build(personal_qr.parse(PERSONAL)) == PERSONAL
    assert len(PERSONAL.encode()) == 92


def test_the_number_of_the_published_example_says_woman_of_1993() -> None:
    # 001 0 93: century digit 0 = man of the 1900s, born 1993; the example states 1987 and sex 1 (male).
    codes = [item.code for item in personal_qr.parse(PERSONAL).warnings]
    assert codes == ["cccd-year-differs"]


@pytest.mark.parametrize(
    "text",
    ["", "a|b|c", PERSONAL.replace("|0|", "|7|"), PERSONAL[:40], PERSONAL + "|x", "001093029317||1987-01-18|0||"],
)
def test_what_is_no_personal_code(text: str) -> None:
    with pytest.raises(UserError):
        personal_qr.parse(text)


@pytest.mark.needs_data
def test_identity_cards(data: Path) -> None:
    for sample in samples(data, "cccd"):
        read, fields = cccd_qr.parse(sample["payload"]), sample["fields"]
        assert (read.number, read.old_number, read.name) == (fields["id12"], fields["old_id9"], fields["name"])
        assert read.birth == date.fromisoformat(fields["dob"])
        assert read.sex == {"Nam": "M", "Nữ": "F"}[fields["sex"]]
        assert read.issued == date.fromisoformat(fields["issued"])
        assert (read.complete, read.warnings) == (True, ())


CARD = "079302001234||Trần Thị Thử|09092002|Nữ|12/3, Phường 5, Quận 6|30062022"


def test_identity_card_that_contradicts_its_number() -> None:
    codes = [item.code for item in cccd_qr.parse(CARD.replace("Nữ", "Nam").replace("2002|", "2003|")).warnings]
    assert codes == ["cccd-sex-differs", "cccd-year-differs"]


def test_card_of_another_layout_is_read_in_part() -> None:
    read = cccd_qr.parse(CARD + "|NGUYEN VAN B|001090000017")
    assert (read.number, read.complete) == ("079302001234", False)
    assert "cccd-layout" in [item.code for item in read.warnings]


def test_decomposed_letters_and_a_scanner_s_enter_are_no_trouble() -> None:
    import unicodedata

    assert cccd_qr.parse(unicodedata.normalize("NFD", CARD) + "\r\n") == cccd_qr.parse(CARD)


@pytest.mark.needs_data
def test_insurance_cards(data: Path) -> None:
    first, second = (bhyt_qr.parse(sample["payload"]) for sample in samples(data, "bhyt"))
    assert (first.name, first.birth, first.sex) == ("Nguyễn Lê Kha Hân", date(2012, 1, 18), "F")
    assert (first.clinic, first.valid_to) == ("01061", date(2022, 8, 31))
    assert first.contact == ""
    assert (second.birth, second.birth_year, second.sex) == (None, 1955, "M")
    assert [item.code for item in second.warnings] == ["birth-year-only"]


def test_broken_hex_keeps_what_can_be_read() -> None:
    # "Nguyễn" then an odd half byte, as worn cards give it
    text = "HS4010120878811|4e677579e1bb856e2|1955|1|zz|01–061|01/01/2021|31/12/2021"
    read = bhyt_qr.parse(text)
    assert (read.name, read.address, read.clinic) == ("Nguyễn", "", "01061")
    assert [item.code for item in read.warnings] == ["bhyt-hex", "birth-year-only", "bhyt-hex"]


def test_a_cut_insurance_card_is_refused() -> None:
    with pytest.raises(UserError):
        bhyt_qr.parse("HS4010120878811|4e67|1955|1")
