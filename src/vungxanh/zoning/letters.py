"""Papers of a zone, laid out by decree 30/2020: the draft decision, the notices, the end. Drafts until signed.

The papers are Vietnamese whatever language the officer reads. Form numbers of decree 165/2026 (annex I, 01 and 02)
are named; their own wording could not be read and is left to the office.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from vungxanh.exchange.letter import Letter
from vungxanh.places.units import resolve
from vungxanh.rules.diseases import name_of
from vungxanh.zoning import running
from vungxanh.zoning.models import ZoneProposal
from vungxanh.zoning.zone_actions import people_now, zone_notice


def papers(zone: ZoneProposal) -> list[Letter]:
    """Decision, notice to authorities, notice to the people inside; for a lifted zone its end."""
    if zone.state == ZoneProposal.State.LIFTED:
        return [ending(zone)]
    return [decision(zone), to_authorities(zone), to_people(zone)]


def _heads(zone: ZoneProposal) -> tuple[str, str, str]:
    """(commune, province, "Tên, ngày …")."""
    codes = [code for code in zone.scope_path.strip("/").split("/") if code.isdigit()][:2]
    names = [resolve(code, timezone.localdate()).full_name for code in codes]
    province, commune = (*names, "", "")[:2]
    short = commune.split(" ", 1)[-1] if commune else "............"
    return commune, province, f"{short}, ngày ..... tháng ..... năm {timezone.localdate().year}"


def _low(name: str) -> str:
    return name[:1].lower() + name[1:]


def _letter(
    zone: ZoneProposal, *, title: str, abstract: str, text: Sequence[str], recipients: Sequence[str]
) -> Letter:
    commune, province, dated = _heads(zone)
    return Letter(
        body_name=f"Ủy ban nhân dân {_low(commune)}" if commune else "Ủy ban nhân dân",
        superior=f"Ủy ban nhân dân {_low(province)}" if province else "",
        number="          /QĐ-UBND" if title == "Quyết định" else "          /TB-UBND",
        place_and_date=dated,
        title=title,
        abstract=abstract,
        paragraphs=tuple(text),
        recipients=tuple(recipients),
        rank="Chủ tịch",
        signer=zone.signer,
    )


def decision(zone: ZoneProposal) -> Letter:
    """Where, from when, what holds inside, who carries it out."""
    disease = name_of(zone.disease)
    plan = running.lift_plan(zone)
    days = ", ".join(day.strftime("%d/%m") for day in plan.test_days)
    return _letter(
        zone,
        title="Quyết định",
        abstract=f"Về việc khoanh vùng để phòng, chống dịch {disease}",
        text=(
            "Căn cứ Luật Phòng bệnh số 114/2025/QH15;",
            "Căn cứ Điều 13 Nghị định số 165/2026/NĐ-CP (Mẫu số 01 Phụ lục I);",
            "Theo đề nghị của Trạm y tế,",
            "QUYẾT ĐỊNH:",
            f"Điều 1. Từ {_hour(zone.effective_at)}, khoanh vùng trong phạm vi nhỏ nhất cần thiết: {area(zone)}.",
            f"Điều 2. Trong vùng: lấy mẫu vào các ngày {days}; người trong vùng không ra ngoài trừ trường hợp "
            f"được phép qua lối ra vào; {_low(running.facts()['goods']['vi'])}",
            f"Điều 3. Vùng được xem xét lại hằng ngày để thu hẹp hoặc gỡ bỏ; dự kiến gỡ bỏ sớm nhất ngày "
            f"{plan.earliest.strftime('%d/%m/%Y')} khi không còn ca mới trong {plan.clear_days} ngày.",
            "Điều 4. Trạm y tế, Công an cấp xã, tổ trưởng tổ dân phố, các tổ chức và cá nhân liên quan chịu trách "
            "nhiệm thi hành Quyết định này. Người không đồng ý có quyền khiếu nại theo quy định của pháp luật.",
        ),
        recipients=("Như Điều 4", "UBND cấp tỉnh", "Sở Y tế; CDC cấp tỉnh", "Lưu: VT"),
    )


def area(zone: ZoneProposal) -> str:
    """The places by name, the homes by number, and how many people."""
    units = zone.chosen or zone.options[len(zone.options) // 2]["units"]
    places = [unit["name"] for unit in units if unit["kind"] == "place"]
    homes = sum(unit["kind"] == "home" for unit in units)
    parts = [*places, *([f"{homes} hộ (danh sách kèm theo)"] if homes else [])]
    parts += [unit["name"] for unit in units if unit["kind"] == "area"]
    return f"{'; '.join(parts)} (khoảng {people_now(zone)} người)"


def to_authorities(zone: ZoneProposal) -> Letter:
    """Those whom decree 165 has told before the decision takes effect."""
    hours = int(zone_notice().total_seconds() // 3600)
    return _letter(
        zone,
        title="Thông báo",
        abstract="Về việc khoanh vùng phòng, chống dịch",
        text=(
            f"Ủy ban nhân dân thông báo trước ít nhất {hours} giờ: từ {_hour(zone.effective_at)} khoanh vùng "
            f"{area(zone)}.",
            f"Lối ra vào có người trực: {_gates(zone)}.",
            "Nhu cầu về lực lượng, hậu cần được cập nhật hằng ngày.",
        ),
        recipients=("Chủ tịch UBND cấp tỉnh", "Giám đốc Sở Y tế", "Giám đốc CDC cấp tỉnh", "Lưu: VT"),
    )


def to_people(zone: ZoneProposal) -> Letter:
    """In plain words, for doors and loudspeakers: where, how long, what one gets, whom to call, how to object."""
    plan = running.lift_plan(zone)
    return _letter(
        zone,
        title="Thông báo",
        abstract="Gửi bà con trong vùng khoanh",
        text=(
            f"Từ {_hour(zone.effective_at)}, bà con ở {area(zone)} vui lòng ở trong vùng.",
            "Thực phẩm, thuốc, chạy thận, khám thai và cấp cứu được bảo đảm: gọi trạm y tế hoặc người trực ở "
            f"lối ra vào ({_gates(zone)}).",
            "Lấy mẫu ngày " + ", ".join(day.strftime("%d/%m") for day in plan.test_days) + ".",
            f"Vùng được xem xét hằng ngày. Nếu không có ca mới trong {plan.clear_days} ngày, vùng có thể gỡ bỏ "
            f"từ ngày {plan.earliest.strftime('%d/%m/%Y')}.",
            "Bà con có thể phản ánh, khiếu nại với Ủy ban nhân dân qua người trực ở lối ra vào.",
        ),
        recipients=("Các hộ trong vùng", "Lưu: VT"),
    )


def ending(zone: ZoneProposal) -> Letter:
    return _letter(
        zone,
        title="Quyết định",
        abstract="Về việc kết thúc khoanh vùng",
        text=(
            "Căn cứ Điều 13 Nghị định số 165/2026/NĐ-CP (Mẫu số 02 Phụ lục I);",
            "QUYẾT ĐỊNH:",
            f"Điều 1. Kết thúc khoanh vùng {area(zone)} từ {_hour(zone.lifted_at)}.",
            "Điều 2. Trạm y tế, Công an cấp xã và các tổ chức, cá nhân liên quan chịu trách nhiệm thi hành.",
        ),
        recipients=("Như Điều 2", "UBND cấp tỉnh", "Lưu: VT"),
    )


def _gates(zone: ZoneProposal) -> str:
    named = [f"{gate.name} – {gate.staff} {gate.phone}".strip() for gate in zone.gates.filter(closed_at=None)]
    return "; ".join(named) or "................"


def _hour(moment: datetime | None) -> str:
    return (
        timezone.localtime(moment).strftime("%H giờ %M ngày %d/%m/%Y") if moment else "..... giờ ..... ngày ....."
    )
