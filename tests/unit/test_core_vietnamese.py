"""Keys of Vietnamese text, against the order of printed dictionaries and the spellings met in official lists."""

import unicodedata

import pytest

from vungxanh.core import vietnamese as vi


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("  Phường   Hòa Bình ", "Phường Hòa Bình"),
        (unicodedata.normalize("NFD", "Đồng Nai"), "Đồng Nai"),
        ("Tân\u00a0An\u200b", "Tân An"),
        ("", ""),
    ],
)
def test_clean(raw: str, kept: str) -> None:
    assert vi.clean(raw) == kept


@pytest.mark.parametrize("spelling", ["Hoà Bình", "Hòa  Bình", "HÒA BÌNH", "hoa binh", "HOÀ bình"])
def test_fold_takes_every_spelling_for_one(spelling: str) -> None:
    assert vi.fold(spelling) == "hoa binh"


def test_fold_of_letters_that_unicode_does_not_take_apart() -> None:
    assert vi.fold("Đắk Lắk, Krông Bŭk, ƀuôn Đôn") == "dak lak, krong buk, buon don"


@pytest.mark.parametrize(
    ("one", "other"), [("Hoà", "Hòa"), ("Thuỷ", "Thủy"), ("Khoẻ", "Khỏe"), ("UỶ BAN", "Ủy ban")]
)
def test_tone_position_does_not_make_another_name(one: str, other: str) -> None:
    assert vi.toned(one) == vi.toned(other)


@pytest.mark.parametrize(("one", "other"), [("Bình", "Bính"), ("Lang", "Lăng"), ("Đông", "Dông"), ("Mơ", "Mô")])
def test_toned_keeps_names_apart_that_fold_does_not(one: str, other: str) -> None:
    assert vi.toned(one) != vi.toned(other)
    assert vi.fold(one) == vi.fold(other)


def test_dictionary_order() -> None:
    ordered = ["ba", "ba ba", "bà", "bả", "bã", "bá", "bạ", "bác", "băng", "bâng", "da", "đa", "em", "êm"]
    ordered += ["on", "ôn", "ơn", "u", "ư", "v"]
    assert sorted(sorted(ordered, reverse=True), key=vi.sort_key) == ordered


def test_numbers_order_by_value() -> None:
    wards = ["Phường 10", "Phường 2", "Phường 1", "Phường 11"]
    assert sorted(wards, key=vi.sort_key) == ["Phường 1", "Phường 2", "Phường 10", "Phường 11"]


def test_keys_are_ascii_so_that_byte_order_is_the_order() -> None:
    assert vi.sort_key("Nguyễn Thị Ngọc Ánh, K'Brếp 中").isascii()


def test_people_are_listed_by_given_name() -> None:
    people = ["Nguyễn Văn Bình", "Trần An", "Danh Út", "Lê Thị Ánh", "Y Blô"]
    assert sorted(people, key=vi.name_sort_key) == [
        "Trần An", "Lê Thị Ánh", "Nguyễn Văn Bình", "Y Blô", "Danh Út"
    ]  # fmt: skip


def test_words_of_minority_names() -> None:
    assert vi.syllables("K'Brếp") == ["KBrếp"]
    assert vi.syllables("Y Blô Niê-Kđăm") == ["Y", "Blô", "Niê", "Kđăm"]
