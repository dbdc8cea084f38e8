"""Telephone numbers: the 2018 migration, what spreadsheets do to them, and foreign ones."""

import csv
from pathlib import Path

import pytest

from vungxanh.codes import phone
from vungxanh.core.errors import UserError


@pytest.mark.needs_data
def test_every_old_prefix_moves_to_its_new_one(data: Path) -> None:
    with (data / "identity" / "vn_mobile_prefix_migration_2018.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 21
    for row in rows:
        found = phone.parse(row["example_old"])
        assert found.e164 == row["example_new_e164"]
        assert [item.code for item in found.warnings] == ["phone-migrated"]


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("0944713700", "+84944713700"),
        ("0944 713 700", "+84944713700"),
        ("0944.713.700", "+84944713700"),
        ("(+84) 944-713-700", "+84944713700"),
        ("+840944713700", "+84944713700"),
        ("84944713700", "+84944713700"),
        ("0084944713700", "+84944713700"),
        ("'0944713700", "+84944713700"),
        ("０９４４７１３７００", "+84944713700"),
        ("02438262222", "+842438262222"),
        ("+82 10-1234-5678", "+821012345678"),
        ("+84 1202345678", "+84702345678"),
    ],
)
def test_ways_of_writing_one_number(text: str, e164: str) -> None:
    assert phone.parse(text).e164 == e164


@pytest.mark.parametrize(
    ("text", "e164", "warning"),
    [
        ("944713700", "+84944713700", "phone-lost-zero"),
        ("944713700.0", "+84944713700", "phone-lost-zero"),
        ("0944713700 / 0912345678", "+84944713700", "phone-several"),
        ("0944713700; vợ 0912345678", "+84944713700", "phone-several"),
        ("0992123456", "+84992123456", "phone-unknown-prefix"),
    ],
)
def test_warned_but_not_refused(text: str, e164: str, warning: str) -> None:
    found = phone.parse(text)
    assert found.e164 == e164
    assert warning in [item.code for item in found.warnings]


@pytest.mark.parametrize("text", ["", "115", "không có", "12345", "09447137001234", "+84"])
def test_what_cannot_be_a_number_is_refused(text: str) -> None:
    with pytest.raises(UserError) as caught:
        phone.parse(text)
    assert caught.value.code == "codes.bad-phone"
    assert phone.parse_or_none(text) is None


def test_a_number_that_lost_its_digits_is_not_guessed() -> None:
    with pytest.raises(UserError) as caught:
        phone.parse("8,4E+10")
    assert caught.value.code == "codes.phone-exponent"


def test_forms_for_people() -> None:
    found = phone.parse("0944713700")
    assert (found.national, found.masked) == ("0944 713 700", "+84******700")
    assert (found.country, found.valid, found.mobile) == ("VN", True, True)
