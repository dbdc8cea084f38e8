"""The draft notice of a breach to the authority, in the order in which its form asks."""

from django.utils import timezone

from vungxanh.exchange.letter import Letter
from vungxanh.privacy.law import breach_rule
from vungxanh.privacy.models import Breach
from vungxanh.privacy.register import records


def notice(breach: Breach) -> Letter:
    """In Vietnamese, whatever the page speaks: the authority reads it. Number and signature are the official's."""
    rule = breach_rule()
    names = {record.key: record.name.vi for record in records()}
    people = f"{breach.people}" if breach.people is not None else "chưa xác định"
    began = f", bắt đầu {_moment(breach.began_at)}" if breach.began_at else ""
    paragraphs = [
        f"Căn cứ {rule.basis}.",
        f"1. Thời gian, địa điểm: phát hiện {_moment(breach.found_at)}{began}; tại {breach.where}.",
        f"2. Hành vi: {breach.what}",
        f"3. Loại dữ liệu: {'; '.join(names.get(kind, kind) for kind in breach.kinds)}. Số người: {people}.",
        f"4. Hậu quả, thiệt hại có thể xảy ra: {breach.consequences}",
        f"5. Biện pháp đã và đang thực hiện: {breach.measures or 'đang cập nhật'}",
        f"6. Đầu mối liên hệ: {breach.contact}",
    ]
    if breach.late_because:
        paragraphs.append(f"7. Lý do thông báo chậm: {breach.late_because}")
    return Letter(
        body_name="[TÊN CƠ QUAN]",
        number="",
        place_and_date=f"…, ngày … tháng … năm {timezone.localtime().year}",
        paragraphs=paragraphs,
        rank="[CHỨC VỤ NGƯỜI KÝ]",
        title="Thông báo",
        abstract=f"vi phạm quy định về bảo vệ dữ liệu cá nhân (mẫu {rule.form})",
        addressees=["Cơ quan chuyên trách bảo vệ dữ liệu cá nhân"],
        recipients=["Như trên;", "Lưu: VT."],
    )


def _moment(at: object) -> str:
    return timezone.localtime(at).strftime("%H giờ %M ngày %d/%m/%Y")  # type: ignore[arg-type]
