"""How an office writes numbers and dates, and what a report says before and after it is signed."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from vungxanh.command import report_texts as texts
from vungxanh.command.reporting import period

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
HEAD = {
    "superior": "Ủy ban nhân dân tỉnh",
    "body_name": "Sở Y tế",
    "symbol": "BC-SYT",
    "place": "Thái Nguyên",
    "addressees": "Ủy ban nhân dân tỉnh",
    "abstract": "Kết quả ngày {until}",
    "recipients": "Như trên\nLưu: VT",
    "rank": "Giám đốc",
}


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0"), (5, "05"), (12, "12"), (1234, "1.234"), (3321000, "3.321.000")]
)
def test_counts_are_written_as_offices_write_them(number: int, said: str) -> None:
    assert texts.said(number) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 5, 3), "ngày 03 tháng 5 năm 2026"),
        (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
        (date(2026, 11, 22), "ngày 22 tháng 11 năm 2026"),
    ],
)
def test_dates_follow_the_decree(day: date, said: str) -> None:
    assert texts.dated(day) == said


def test_what_is_not_known_is_a_blank_and_never_a_nought() -> None:
    assert texts.filled("{a} ca, {b} người", {"a": "05"}) == "05 ca, ...... người"
    assert texts.unknown_names("{a} {b} {a}", {"a": 1}) == ["b"]


def test_a_week_is_monday_to_sunday_and_a_day_is_local() -> None:
    since, until = period("weekly", date(2026, 8, 6))  # a Thursday
    assert (since, until) == (datetime(2026, 8, 3, tzinfo=HANOI), datetime(2026, 8, 10, tzinfo=HANOI))
    since, until = period("daily", date(2026, 8, 6))
    assert (since, until) == (datetime(2026, 8, 6, tzinfo=HANOI), datetime(2026, 8, 7, tzinfo=HANOI))


def test_the_text_to_paste_has_the_blocks_in_order() -> None:
    since, until = period("daily", date(2026, 8, 6))
    values = texts.values_of({"cases_new": 5}, {}, since, until, "Sở Y tế")
    body = "{issuer} ghi nhận {cases_new} ca.\n\nHết./."
    draft = texts.letter(HEAD, body, values, number="", day=None, signer="", draft=True)
    assert draft.paragraphs == ["Sở Y tế ghi nhận 05 ca.", "Hết./."]
    assert texts.as_text(draft).startswith("(DỰ THẢO)")
    signed = texts.letter(
        HEAD, body, values, number="128", day=date(2026, 8, 7), signer="Nguyễn Văn A", draft=False
    )
    said = texts.as_text(signed)
    blocks = (
        *("SỞ Y TẾ", "Số: 128/BC-SYT", "CỘNG HÒA", "Độc lập", "Thái Nguyên, ngày 07 tháng 8 năm 2026", "BÁO CÁO"),
        *("Kết quả ngày 06/08/2026", "Kính gửi: Ủy ban", "05 ca", "GIÁM ĐỐC", "Nguyễn Văn A", "Nơi nhận:"),
        "- Lưu: VT",
    )
    places = [said.index(block) for block in blocks]
    assert places == sorted(places)
    assert "DỰ THẢO" not in said


def test_every_template_of_the_house_is_whole() -> None:
    for kind, fields in texts.defaults().items():
        assert set(fields) == {*HEAD, "body"}, kind
        assert "{cases_new}" in fields["body"]
