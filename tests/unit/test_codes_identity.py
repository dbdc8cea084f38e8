"""Identity and insurance numbers: every vector decided as its file says."""

import json
from datetime import date
from pathlib import Path

import pytest

from vungxanh.codes import identity
from vungxanh.core.errors import UserError

TODAY = date(2026, 11, 22)
pytestmark = pytest.mark.needs_data


def vectors(data: Path, name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((data / "identity" / name).read_text())["vectors"]
    return found


def test_identity_numbers(data: Path) -> None:
    found = vectors(data, "cccd_synthetic.json")
    assert len(found) == 8
    for vector in found:
        decided(str(vector["number"]), vector)


def decided(number: str, vector: dict[str, object]) -> None:
    decoded = vector["decoded"]
    if decoded is None and (len(number) != 12 or not number.isdigit()):
        with pytest.raises(UserError, match="exactly 12 digits"):
            identity.parse_cccd(number, TODAY)
        return
    read = identity.parse_cccd(number, TODAY)
    assert (read.warnings == ()) == (vector["expect"] == "valid"), number
    if isinstance(decoded, dict):
        assert read.birth_year == decoded["year"]
        assert read.sex == {"male": "M", "female": "F"}[decoded["sex"]]
        assert read.place is not None
        assert str(decoded["place"][1]).endswith(read.place)


def test_insurance_numbers(data: Path) -> None:
    found = vectors(data, "bhyt_synthetic.json")
    assert len(found) == 8
    for vector in found:
        value = str(vector["value"])
        if str(vector["expect"]).startswith("valid"):
            assert identity.parse_bhyt(value).insurance == value[-10:]
        else:
            with pytest.raises(UserError) as caught:
                identity.parse_bhyt(value)
            assert caught.value.code == "codes.bad-bhyt"


def test_all_sixty_three_provinces_are_known(data: Path) -> None:
    import csv

    with (data / "places" / "province_old63_to_new34.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 63
    for row in rows:
        read = identity.parse_cccd(row["cccd_prefix"] + "090000011", TODAY)
        assert read.place is not None
        assert read.warnings == ()


def test_a_mismatch_is_a_warning_and_never_a_refusal() -> None:
    read = identity.parse_cccd("001090000017")
    notes = identity.disagreements(read, sex="F", birth_year=1991)
    assert [item.code for item in notes] == ["cccd-sex-differs", "cccd-year-differs"]
    assert notes[1].text("en") == "Year of birth stated 1991; the identity number says 1990."
    assert identity.disagreements(read, sex="M", birth_year=1990) == ()


def test_a_birth_registered_abroad_has_no_province_and_no_warning() -> None:
    read = identity.parse_cccd("112090000017", TODAY)
    assert (read.place, read.warnings) == (None, ())


@pytest.mark.parametrize(
    ("text", "kind"),
    [("001090000017", "cccd"), ("012 345 678", "cmnd"), ("HS4010120878811", "bhyt"), ("0120878811", "bhyt")],
)
def test_numbers_are_told_apart_by_shape(text: str, kind: str) -> None:
    assert identity.parse(text).kind == kind


@pytest.mark.parametrize("text", ["", "١٢٣٤٥٦٧٨٩", "１２３４５６７８９", "12345678", "=1+1"])
def test_other_digits_and_formulas_are_refused(text: str) -> None:
    with pytest.raises(UserError):
        identity.parse(text)


def test_passport_numbers() -> None:
    assert identity.parse_passport(" b 1234567") == "B1234567"
    with pytest.raises(UserError):
        identity.parse_passport("HỘ CHIẾU")
