"""How a loudspeaker reads numbers: worked out by hand from the spoken language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vungxanh.command.aloud import number, seconds, spoken


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "không"),
        (10, "mười"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (55, "năm mươi lăm"),
        (105, "một trăm linh năm"),
        (111, "một trăm mười một"),
        (2021, "hai nghìn không trăm hai mươi mốt"),
        (1005, "một nghìn không trăm linh năm"),
        (50_000, "năm mươi nghìn"),
        (1_000_001, "một triệu không trăm linh một"),
    ],
)
def test_numbers(value: int, words: str) -> None:
    assert number(value) == words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Ngày 3/5 và 4/6", "Ngày mồng ba tháng năm và ngày mồng bốn tháng sáu"),
        (
            "từ 7h30 ngày 3/5/2021",
            "từ bảy giờ ba mươi phút ngày mồng ba tháng năm năm hai nghìn không trăm hai mươi mốt",
        ),
        ("gọi 0901 234 567", "gọi không chín không một hai ba bốn năm sáu bảy"),
        ("UBND phường: 1.250 hộ", "Ủy ban nhân dân phường: một nghìn hai trăm năm mươi hộ"),
        ("đạt 80%", "đạt tám mươi phần trăm"),
        ("quét mã QR", "quét mã quy a"),
    ],
)
def test_texts(written: str, read: str) -> None:
    assert spoken(written) == read


@given(st.integers(0, 999_999_999_999))
def test_every_number_has_words_and_no_two_neighbours_share_them(value: int) -> None:
    assert number(value) != number(value + 1 if value < 999_999_999_999 else 0)


@given(st.text(alphabet="0123456789 ./:h%aNgày", max_size=12))
def test_no_digit_is_left_to_the_speaker(text: str) -> None:
    assert not set(spoken(text)) & set("0123456789")


def test_a_slower_speaker_takes_longer() -> None:
    assert seconds("một hai ba bốn", 2.0) == pytest.approx(2.0)
