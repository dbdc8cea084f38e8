"""Dispatches written for the test in the form of real ones; what they say was worked out by hand."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from vungxanh.command.reading import Citation, read

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")

MARKETS = """
ỦY BAN NHÂN DÂN                     CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TỈNH MINH HỌA                          Độc lập - Tự do - Hạnh phúc

Số: 412/SCT-QLTM                     Minh Họa, ngày 06 tháng 5 năm 2021
V/v tăng cường phòng dịch tại chợ, siêu thị

Kính gửi:
- Ban quản lý các chợ;
- Các trung tâm thương mại, siêu thị trên địa bàn.

Thực hiện Công văn số 1324/BTTTT-THH ngày 29/4/2021 của Bộ Thông tin và Truyền thông về giải pháp công nghệ;
Chỉ thị số 05/CT-UBND ngày 03 tháng 5 năm 2021 của UBND tỉnh, Sở Công Thương đề nghị:

1. Ban quản lý các chợ:
a) Đăng ký điểm kiểm dịch cho từng cổng chợ, in và treo mã QR trước 17 giờ 00 ngày 10/5/2021.
b) Nhắc tiểu thương quét mã khi vào và khi ra, ghi sổ cho người không có điện thoại.
2. Các trung tâm thương mại, siêu thị tổ chức tự đánh giá mức độ an toàn trong vòng 03 ngày.
3. Báo cáo kết quả về Sở Công Thương trước 16 giờ hằng ngày.

Nơi nhận:
- Như trên;
- Lưu: VT.
"""

OLD_BODIES = """
UBND TỈNH MINH HỌA
Số:      /UBND-KGVX
Minh Họa, ngày 02 tháng 8 năm 2026
V/v triển khai khai báo y tế
Kính gửi: UBND các huyện, thị xã; Sở Y tế

1. Giao Sở Y tế chủ trì hướng dẫn khai báo, chậm nhất ngày 9/8.
"""


def test_head_of_a_letter_to_markets() -> None:
    got = read(MARKETS)
    assert (got.number, got.symbol, got.day) == ("412", "SCT-QLTM", date(2021, 5, 6))
    assert got.issuer == "ỦY BAN NHÂN DÂN TỈNH MINH HỌA"
    assert got.abstract == "tăng cường phòng dịch tại chợ, siêu thị"
    assert got.addressees == ("Ban quản lý các chợ", "Các trung tâm thương mại, siêu thị trên địa bàn")
    assert got.warnings == ()


def test_cited_documents_with_their_dates_and_issuers() -> None:
    assert read(MARKETS).citations == (
        Citation("Công văn", "1324/BTTTT-THH", date(2021, 4, 29), "Bộ Thông tin và Truyền thông"),
        Citation("Chỉ thị", "05/CT-UBND", date(2021, 5, 3), "UBND tỉnh"),
    )


def test_duties_with_who_what_until_when_and_where() -> None:
    first, second, third, fourth = read(MARKETS).duties
    assert (first.addressee, first.ordinal, first.place_kinds) == ("Ban quản lý các chợ", "1.a", ("market",))
    assert first.deadline is not None
    assert first.deadline.due == datetime(2021, 5, 10, 17, 0, tzinfo=LOCAL)
    assert (second.ordinal, second.deadline, second.place_kinds) == ("1.b", None, ("market",))
    assert third.addressee == "Các trung tâm thương mại, siêu thị"
    assert third.deadline is not None
    assert third.deadline.due == datetime(2021, 5, 9, 17, 0, tzinfo=LOCAL)
    assert fourth.addressee == "Ban quản lý các chợ; Các trung tâm thương mại, siêu thị trên địa bàn"
    assert fourth.deadline is not None
    assert fourth.deadline.every == "day"


def test_missing_number_and_abolished_district_are_named_not_guessed() -> None:
    got = read(OLD_BODIES)
    assert got.number == ""
    assert ("command.without-number", "") in got.warnings
    assert ("command.addressee-gone", "UBND các huyện, thị xã") in got.warnings
    assert [duty.addressee for duty in got.duties] == ["Sở Y tế"]
    assert got.duties[0].deadline is not None
    assert got.duties[0].deadline.due == datetime(2026, 8, 9, 17, 0, tzinfo=LOCAL)


def test_a_bad_scan_yields_warnings() -> None:
    codes = {code for code, _ in read("U@N  NH^N D&N\n...\nkhông đọc được").warnings}
    assert codes == {
        "command.without-number",
        "command.without-date",
        "command.without-addressee",
        "command.without-duty",
    }


@given(st.text(alphabet=st.sampled_from("Số:/0123 .-)ab\nKính gửi:ngày tháng năm 2021 của UBND"), max_size=400))
def test_no_text_breaks_the_reader(text: str) -> None:
    reading = read(text)
    assert all(duty.text for duty in reading.duties)
