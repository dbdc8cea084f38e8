"""Orders and certificates as official letters (decree 30/2020): one frozen value feeds DOCX and PDF."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils import timezone

from vungxanh.core.scope import ANY_PATH
from vungxanh.exchange.letter import Letter
from vungxanh.outbreak import clocks
from vungxanh.outbreak.models import FollowUp, Order
from vungxanh.people.schemas import PersonOut
from vungxanh.places.units import resolve
from vungxanh.rules.diseases import name_of

#: the paper itself is Vietnamese whatever language the officer reads
WHERE = {
    Order.Form.HOME: "tại nhà, nơi ở",
    Order.Form.FACILITY: "tại cơ sở y tế",
    Order.Form.GATE: "tại cửa khẩu",
    Order.Form.OTHER: "tại địa điểm khác",
}


def commune_of(path: str) -> tuple[str, str]:
    """(commune, province) of a scope path, by their names today; empty where the path is higher up."""
    codes = [code for code in path.strip(ANY_PATH).split("/") if code.isdigit()]
    names = [resolve(code, timezone.localdate()).full_name for code in codes[:2]]
    province, commune = (*names, "", "")[:2]
    return commune, province


ABSTRACTS = {
    Order.Act.APPLY: "Về việc áp dụng biện pháp cách ly y tế {where}",
    Order.Act.EXTEND: "Về việc gia hạn thời gian cách ly y tế {where}",
    Order.Act.CHANGE: "Về việc thay đổi hình thức cách ly y tế",
    Order.Act.COERCE: "Về việc cưỡng chế cách ly y tế {where}",
}


def decision(order: Order, person: PersonOut) -> Letter:
    """About one person's isolation: to apply, extend, change or enforce it; "DỰ THẢO" until somebody signed."""
    commune, province = commune_of(order.scope_path)
    where = WHERE[Order.Form(order.form)]
    return Letter(
        body_name=f"Ủy ban nhân dân {commune.lower()[:1] + commune[1:]}" if commune else "Ủy ban nhân dân",
        superior=f"Ủy ban nhân dân {province[:1].lower() + province[1:]}" if province else "",
        number=order.number or "          /QĐ-UBND",
        place_and_date=place_and_date(commune, order),
        title="Quyết định",
        abstract=ABSTRACTS[Order.Act(order.act)].format(where=where),
        paragraphs=(*grounds(order), "QUYẾT ĐỊNH:", *articles(order, person, where)),
        recipients=("Như Điều 3", "Công an cấp xã", "Lưu: VT"),
        rank=order.signer_title or "Chủ tịch",
        signer=order.signer,
        draft=order.signed_at is None,
    )


def grounds(order: Order) -> Sequence[str]:
    before = order.previous
    return (
        "Căn cứ Luật Phòng bệnh số 114/2025/QH15;",
        f"Căn cứ {clocks.basis()};",
        *([f"Căn cứ {_named(before)} về việc áp dụng biện pháp cách ly y tế;"] if before else []),
        "Theo đề nghị của Trạm y tế,",
    )


def _named(order: Order) -> str:
    """The earlier decision by its number and day, as far as they are known."""
    day = dated(timezone.localdate(order.signed_at)) if order.signed_at else "....../....../......"
    return f"Quyết định số {order.number or '........'} ngày {day}"


def articles(order: Order, person: PersonOut, where: str) -> Sequence[str]:
    born = person.birth_date.strftime("%d/%m/%Y") if person.birth_date else str(person.birth_year or "........")
    who = f"ông/bà {person.name}, sinh {born}, nơi ở: {person.address or '................'}"
    return (
        f"Điều 1. {_operative(order, where, who)}",
        _DUTIES[order.act == Order.Act.COERCE],
        "Điều 3. Trạm y tế, Công an cấp xã, tổ trưởng tổ dân phố và người có tên tại Điều 1 "
        "chịu trách nhiệm thi hành Quyết định này.",
    )


def _operative(order: Order, where: str, who: str) -> str:
    """What is decided, in one sentence; with the reason where the law asks for one."""
    place = f" ({order.where})" if order.where else ""
    days = f"từ ngày {dated(order.since)} đến hết ngày {dated(order.until)}"
    before, why = order.previous, f" Lý do: {order.reason.rstrip('.')}." if order.reason else ""
    if order.act == Order.Act.EXTEND and before:
        days += f" (thời hạn trước: đến hết ngày {dated(before.until)})"
        return f"Gia hạn cách ly y tế {where}{place} đối với {who}, {days}.{why}"
    if order.act == Order.Act.CHANGE and before:
        old = f"{WHERE[Order.Form(before.form)]}{f' ({before.where})' if before.where else ''}"
        return f"Chuyển hình thức cách ly y tế từ {old} sang {where}{place} đối với {who}, {days}.{why}"
    if order.act == Order.Act.COERCE:
        return f"Cưỡng chế cách ly y tế {where}{place} đối với {who}, {days}.{why}"
    disease = name_of(order.disease)
    return f"Áp dụng biện pháp cách ly y tế {where}{place} để phòng bệnh {disease} đối với {who}, {days}."


_RIGHTS = "Người được cách ly có quyền khiếu nại quyết định này theo quy định của pháp luật."
#: whether it is enforced -> what the second article says
_DUTIES = {
    False: "Điều 2. Trong thời gian cách ly, người được cách ly tự theo dõi sức khỏe và báo ngay cho trạm y tế "
    f"khi có triệu chứng. {_RIGHTS}",
    True: "Điều 2. Trạm y tế chủ trì, Công an cấp xã hỗ trợ tổ chức thi hành; chỉ dùng biện pháp cần thiết để đưa "
    f"người có tên tại Điều 1 vào nơi cách ly. {_RIGHTS}",
}


def certificate(order: Order, person: PersonOut) -> Letter:
    """That the isolation is completed."""
    commune, province = commune_of(order.scope_path)
    where = WHERE[Order.Form(order.form)]
    ended = timezone.localdate(order.ended_at) if order.ended_at else order.until
    text = (
        f"Xác nhận ông/bà {person.name}, sinh năm {person.birth_year or '........'}, đã hoàn thành cách ly y tế "
        f"{where} từ ngày {dated(order.since)} đến ngày {dated(ended)}."
    )
    return Letter(
        body_name="Trạm y tế",
        superior=commune or province,
        number="          /GXN-TYT",
        place_and_date=place_and_date(commune, order),
        title="Giấy xác nhận",
        abstract="Hoàn thành thời gian cách ly y tế",
        paragraphs=(text,),
        recipients=("Người có tên trên", "Lưu: VT"),
        rank="Trưởng trạm",
        draft=order.status != Order.Status.ENDED,
    )


def follow_certificate(followup: FollowUp, person: PersonOut) -> Letter:
    """That the days of follow-up are over."""
    commune, province = commune_of(followup.scope_path)
    ended = timezone.localdate(followup.ended_at) if followup.ended_at else followup.until
    today = timezone.localdate()
    text = (
        f"Xác nhận ông/bà {person.name}, sinh năm {person.birth_year or '........'}, đã hoàn thành thời gian "
        f"theo dõi sức khỏe từ ngày {dated(followup.since)} đến ngày {dated(ended)}."
    )
    name = commune.split(" ", 1)[-1] if commune else "............"
    return Letter(
        body_name="Trạm y tế",
        superior=commune or province,
        number="          /GXN-TYT",
        place_and_date=f"{name}, ngày ..... tháng ..... năm {today.year}",
        title="Giấy xác nhận",
        abstract="Hoàn thành thời gian theo dõi sức khỏe",
        paragraphs=(text,),
        recipients=("Người có tên trên", "Lưu: VT"),
        rank="Trưởng trạm",
        draft=followup.status != FollowUp.Status.COMPLETED,
    )


def place_and_date(commune: str, order: Order) -> str:
    """`Phan Đình Phùng, ngày 03 tháng 5 năm 2026`; the day is left open until somebody signs."""
    name = commune.split(" ", 1)[-1] if commune else "............"
    if order.signed_at is None:
        return f"{name}, ngày ..... tháng ..... năm {timezone.localdate().year}"
    day = timezone.localdate(order.signed_at)
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{name}, ngày {day.day:02d} tháng {month} năm {day.year}"


def dated(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def letters(orders: Sequence[Order], people: Mapping[int, PersonOut]) -> list[Letter]:
    """Decisions for open orders, certificates for ended ones; people outside the officer's scope are left out."""
    make = {Order.Status.ENDED: certificate}
    return [make.get(Order.Status(o.status), decision)(o, people[o.person]) for o in orders if o.person in people]
