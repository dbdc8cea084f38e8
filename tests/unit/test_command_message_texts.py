"""One message as words; lengths and orders worked out by hand."""

from dataclasses import replace
from datetime import date

import pytest

from vungxanh.command.message_texts import Words, caption, loudspeaker, radio, slogans_of

WORDS = Words(
    title="Khai báo khi đến Chợ Mẫu",
    say=("Ngày 3/5 có ca bệnh tại chợ", "Trạm y tế đang tìm người đã đến chợ"),
    do=("Ai đến chợ từ 7h đến 9h xin khai báo", "Ở nhà nếu sốt"),
    issuer="Trung tâm Kiểm soát bệnh tật tỉnh",
    call="0208 000 111",
)


def test_ninety_seconds_hold_everything() -> None:
    script = loudspeaker(WORDS, 90, "Ủy ban nhân dân xã An Minh")
    assert script.left_out == ()
    assert script.text.startswith("Ủy ban nhân dân xã An Minh xin thông báo đến bà con. Khai báo khi đến Chợ Mẫu.")
    assert "ngày mồng ba tháng năm có ca bệnh tại chợ" in script.text.lower()
    assert "không hai không tám không không không một một một" in script.text
    assert script.seconds <= 90


def test_a_short_script_keeps_what_to_do_and_the_number_to_call() -> None:
    script = loudspeaker(WORDS, 20, "")
    assert script.seconds <= 20
    assert "xin khai báo" in script.text
    assert "xin gọi" in script.text
    assert "Trạm y tế đang tìm người đã đến chợ." in script.left_out


def test_what_cannot_be_shortened_is_still_read() -> None:
    script = loudspeaker(WORDS, 1, "")
    assert "Khai báo khi đến Chợ Mẫu." in script.text
    assert len(script.left_out) == 4


def test_radio_names_its_source() -> None:
    assert radio(WORDS).endswith("Theo Trung tâm Kiểm soát bệnh tật tỉnh.")


def test_caption_says_where_to_check() -> None:
    assert "Kiểm tra tin thật: https://vx.example/m/1" in caption(WORDS, "https://vx.example/m/1")


@pytest.mark.parametrize(
    ("language", "last"),
    [
        ("vi", ["Gọi: 0208 000 111", "Kiểm tra tin thật: https://vx.example/m/1"]),
        ("en", ["Call: 0208 000 111", "Check that this is real: https://vx.example/m/1"]),
        # nobody has written the fixed words in Khmer: English, never Vietnamese under another language
        ("khm", ["Call: 0208 000 111", "Check that this is real: https://vx.example/m/1"]),
    ],
)
def test_the_fixed_words_of_a_caption_follow_the_language(language: str, last: list[str]) -> None:
    assert caption(replace(WORDS, language=language), "https://vx.example/m/1").splitlines()[-2:] == last


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2020, 3, 1), "vn.before-5k"),
        (date(2021, 5, 6), "vn.5k"),
        (date(2022, 10, 1), "vn.2k-plus"),
        (date(2026, 8, 1), None),
    ],
)
def test_a_date_has_its_slogans_or_none(day: date, found: str | None) -> None:
    entry = slogans_of(day)
    assert (entry["id"] if entry else None) == found
