"""What the desk prints: the decision to isolate at the gate (an official letter) and the traveller's own paper."""

from datetime import datetime
from importlib import resources

from django.conf import settings
from django.utils import timezone

from vungxanh.border import clocks, journeys, results
from vungxanh.border.actions.entries import current
from vungxanh.border.models import Declaration, Hold, Review
from vungxanh.exchange import letter, pdf
from vungxanh.exchange.letter import Letter
from vungxanh.people.queries import masked
from vungxanh.people.schemas import PersonOut
from vungxanh.rules.dated import Text

#: the paper itself is bilingual whatever language the officer reads
SAID = {
    "release": Text(vi="Được đi tiếp", en="You may go on"),
    "hold": Text(vi="Ở lại để kiểm tra sức khoẻ", en="You stay for a health check"),
    "transfer": Text(vi="Chuyển đến cơ sở y tế", en="You are taken to a health facility"),
}
TITLE = Text(vi="Phiếu kiểm dịch y tế", en="Health quarantine slip")
RIGHTS = Text(
    vi="Quá {hours} giờ mà chưa có quyết định, bạn được đi tiếp và tự theo dõi sức khoẻ.",
    en="After {hours} hours without a decision you may go on and watch your health.",
)


def traveller(row: Declaration) -> bytes:
    """PDF, A5: outcome, what to do, reasons, code. Initials only: the paper is carried about."""
    result, review = current(row), Review.objects.filter(declaration=row).first()  # scope: checked by the page
    who = masked([row.person], "vi").get(row.person, "")
    gate = journeys.gate(row.gate).name
    lines = [_pair("outcome", SAID[review.outcome])] if review else []
    reasons: list[dict[str, str]] = []
    basis = ""
    if result:
        rule = results.rule(result.rule_key)
        one = rule.class_of(result.class_id)
        lines += [_pair("class", one.name), _pair("todo", one.todo)]
        led = {entry["clause"] for entry in result.reasons if entry["holds"] is True}
        reasons = [{"vi": c.says.vi, "en": c.says.en} for c in rule.clauses if c.id in led]
        basis = f"{rule.basis.doc} {rule.basis.article}".strip()
    if review and review.outcome == Review.Outcome.HOLD:
        hours = next(one.minutes for one in clocks.rule().clocks if one.id == "hold") // 60
        lines.append(_pair("rights", RIGHTS.filled(hours=hours)))
    values = {
        "title": {"vi": TITLE.vi, "en": TITLE.en},
        "who": who,
        "gate": {"vi": gate.vi, "en": gate.en},
        "day": f"{row.entry_on:%d/%m/%Y}",
        "journey": f"· {row.flight or row.vehicle} {row.seat}".rstrip(" ·"),
        "lines": lines,
        "reasons": reasons,
        "basis": basis,
        "printed": timezone.localtime().strftime("%H:%M %d/%m/%Y"),
    }
    code = pdf.qr_svg(results.code(result, who)) if result else b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    return pdf.render(_template(), values, drill=settings.DEMO, pictures={"code.svg": code})


def _template() -> str:
    return (resources.files("vungxanh.border") / "papers.typ").read_text("utf-8")


def _pair(name: str, text: Text) -> tuple[str, str, str]:
    return name, text.vi, text.en


def decision(hold: Hold, person: PersonOut) -> bytes:
    """PDF: the decision of the head of the gate authority; a draft until somebody's name stands under it."""
    return letter.as_pdf([decision_letter(hold, person)], drill=settings.DEMO)


def decision_letter(hold: Hold, person: PersonOut) -> Letter:
    row, rule = hold.declaration, clocks.rule()
    gate = journeys.gate(row.gate).name.vi
    document = ", ".join(f"{one.number} ({one.country})" for one in person.documents) or "không có giấy tờ"
    stay = next(one.minutes for one in rule.clocks if one.id == "stay") // 60
    start = timezone.localtime(hold.started_at)
    who = f"ông/bà {person.name}, sinh năm {person.birth_year or '........'}, giấy tờ: {document}"
    return Letter(
        body_name="Cơ quan quản lý cửa khẩu",
        superior=gate,
        number="          /QĐ",
        place_and_date=_dated(hold.decision_at),
        title="Quyết định",
        abstract="Về việc áp dụng biện pháp cách ly y tế tại cửa khẩu",
        paragraphs=(
            "Căn cứ Luật Phòng bệnh số 114/2025/QH15;",
            f"Căn cứ {rule.basis.doc}, điều {rule.basis.article};",
            "Theo đề nghị của người đứng đầu tổ chức kiểm dịch y tế,",
            "QUYẾT ĐỊNH:",
            f"Điều 1. Áp dụng biện pháp cách ly y tế tại {gate} đối với {who}, kể từ {start:%H} giờ {start:%M} "
            f"ngày {start:%d/%m/%Y}.",
            f"Điều 2. Thời gian lưu tại cửa khẩu không quá {stay} giờ; hết thời gian này phải chuyển đến cơ sở "
            "y tế hoặc kết thúc cách ly. Người được cách ly có quyền khiếu nại theo quy định của pháp luật.",
            "Điều 3. Tổ chức kiểm dịch y tế, các lực lượng tại cửa khẩu và người có tên tại Điều 1 "
            "chịu trách nhiệm thi hành Quyết định này.",
        ),
        recipients=_recipients(person),
        rank="Người đứng đầu",
        signer=hold.decided_by_name,
        draft=hold.decision_at is None,
    )


def _recipients(person: PersonOut) -> tuple[str, ...]:
    """Foreigners: the consular department is told too."""
    consular: tuple[str, ...] = ("Cục Lãnh sự",) if person.nationality not in ("", "VNM") else ()
    return ("Như Điều 3", *consular, "Lưu: VT")


def _dated(moment: datetime | None) -> str:
    if moment is None:
        return f"............, ngày ..... tháng ..... năm {timezone.localdate().year}"
    day = timezone.localdate(moment)
    return f"............, ngày {day.day:02d} tháng {day.month} năm {day.year}"
