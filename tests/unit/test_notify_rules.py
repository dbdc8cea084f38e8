"""What an SMS to a citizen may say, and how long it is."""

import pytest

from vungxanh.core.errors import UserError
from vungxanh.notify.actions import check
from vungxanh.notify.interface import Channel
from vungxanh.notify.rules import faults
from vungxanh.notify.schemas import BatchIn
from vungxanh.notify.sms import parts, without_marks

#: the directory is asked for the numbers that a message names
pytestmark = pytest.mark.django_db

GOOD = "Trạm y tế xã mời bạn gọi 0208 000 000. Mã của bạn: {code}. Kiểm tra tin này tại vungxanh.example"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Xem https://vungxanh.example/a", "notify.link"),
        ("Xem www.xyz.vn", "notify.link"),
        ("Bấm bit.ly/abc để xem", "notify.link"),
        ("Vào tokhai-yte.com ngay", "notify.link"),
        ("Vào vungxanh.example/khai", "notify.link"),
        ("Bạn dương tính, hãy gọi trạm", "notify.diagnosis"),
        ("BAN DUONG TINH", "notify.diagnosis"),
        ("Gia đình có ca bệnh", "notify.diagnosis"),
        ("Your test result is ready", "notify.diagnosis"),
        ("COVID-19: mời gọi trạm", "notify.diagnosis"),
        ("Bạn là F1 của ca 12", "notify.class"),
        ("Bạn thuộc diện tiếp xúc gần", "notify.class"),
        ("Bạn phải cách ly 14 ngày", "notify.class"),
        ("Thẻ của bạn là thẻ đỏ", "notify.class"),
        ("ạ" * 202, "notify.too-long"),
    ],
)
def test_what_it_may_not_say(text: str, code: str) -> None:
    assert [found for found, _ in faults(text, "vungxanh.example")] == [code]
    with pytest.raises(UserError) as caught:
        check(BatchIn(Channel.SMS, text, "test"))
    assert caught.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "Trạm y tế xã mời bạn gọi lại số 0208 000 000 trước 17:00 ngày 22/11.",
        "Lịch hẹn: 09:10, thứ Ba 3/5, tại trạm y tế.",
        "Ban can goi tram y te. Ma: 4821-77",
        "Đường F10 đang sửa, mời đi lối khác.",
        "Mời lao động tự do đến trạm.",
    ],
)
def test_what_it_may_say(text: str) -> None:
    assert list(faults(text, "vungxanh.example")) == []


def test_the_official_address_is_the_one_of_this_installation_only() -> None:
    assert [code for code, _ in faults(GOOD, "vungxanh.other")] == ["notify.link"]


def test_what_the_values_make_of_it_is_checked_too() -> None:
    sneaky = {1: {"a": "dương", "b": "tính"}}
    with pytest.raises(UserError) as caught:
        check(BatchIn(Channel.SMS, "Bạn {a} {b}", "test", persons=[1], values=sneaky))
    assert caught.value.code == "notify.diagnosis"


@pytest.mark.parametrize("value", ["<script>", "=1+1", "a" * 41, "", "a\nb", "{x}"])
def test_a_value_is_short_and_plain(value: str) -> None:
    with pytest.raises(UserError) as caught:
        check(BatchIn(Channel.SMS, "Mã {code}", "test", persons=[1], values={1: {"code": value}}))
    assert caught.value.code == "notify.value-odd"


def test_officers_and_letters_are_not_bound_by_the_rules_of_a_citizens_screen() -> None:
    check(BatchIn(Channel.SMS, "Ca bệnh mới: mở danh sách F1", "test", citizen=False))
    check(BatchIn(Channel.EMAIL, "Xem https://vungxanh.example: ca bệnh mới", "test"))


def test_an_unknown_channel_is_refused() -> None:
    with pytest.raises(UserError) as caught:
        check(BatchIn("pigeon", "x", "test"))  # type: ignore[arg-type]
    assert caught.value.code == "notify.channel-unknown"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ạ" * 70, 1),
        ("ạ" * 71, 2),
        ("ạ" * 134, 2),
        ("ạ" * 135, 3),
        ("🙂" * 35, 1),
        ("🙂" * 36, 2),
    ],
)
def test_parts_of_an_sms(text: str, count: int) -> None:
    assert parts(text) == count


def test_marks_can_be_left_out() -> None:
    assert without_marks("Mời bạn Đến trạm y tế") == "Moi ban Den tram y te"
