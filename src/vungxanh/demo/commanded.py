"""What the command room shows in the demonstration: units, a number, a dispatch with a difficulty, a message,
stocks, prices, calls and a course."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from vungxanh.command.actions import directives, directory, hotline, messages, reserves, training
from vungxanh.command.courses_data import courses
from vungxanh.command.models import ChargeState, EventKind, EventState, Message
from vungxanh.command.pages.reserves import ensure_goods
from vungxanh.command.reading import read
from vungxanh.command.schemas import from_reading
from vungxanh.demo.communes import Home
from vungxanh.people.models import Officer, Organisation

DISPATCH = """UBND TỈNH (DIỄN TẬP)
Số: 01/UBND-DT
Diễn tập, ngày {day} tháng {month} năm {year}
V/v tăng cường ghi nhận người đến và đi tại chợ
Kính gửi: UBND các xã, phường
1. UBND các xã, phường kiểm tra mã QR tại từng cổng chợ, thay mã hỏng trước ngày {due}.
2. UBND các xã, phường báo cáo kết quả và khó khăn, vướng mắc hằng tuần.
"""


def command_rows(where: Sequence[Home]) -> None:
    """Everything through the actions that officers use; the names say that it is a drill."""
    chairman = Officer.objects.get(username="ubnd")
    director = Officer.objects.get(username="lanhdao")
    author = Officer.objects.get(username="truyenthong")
    province = "/".join(where[0].path.split("/")[:2]) + "/"
    cdc = Organisation.objects.create(
        code="demo-cdc", name="CDC tỉnh (diễn tập)", kind="cdc", sector="health", scope_path=province
    )
    units = [
        Organisation.objects.create(
            code=f"demo-{home.unit.code}", name=f"UBND {home.unit.full_name} (diễn tập)", kind="commune-committee",
            sector="government", scope_path=home.path,
        )
        for home in where
    ]  # fmt: skip
    today = timezone.localdate()
    directory.add(
        organisation=cdc, topic="hotline", number="0208 000 000", hours="24/24", since=today, by=director
    )
    _dispatch(chairman, units, province)
    message = Message(
        title="Quét mã khi đến chợ", say="Nhiều người đến chợ mà chưa quét mã", topic="hotline", starts=today,
        do="Quét mã ở cổng khi vào và khi ra\nKhông có điện thoại: đưa thẻ cho người trực cổng",
        scope_path=province, scope_sector="government",
    )  # fmt: skip
    messages.approve(message=messages.keep(message=message, by=author), by=director)
    _calls(province)
    tram = Officer.objects.get(username="tram")
    visits = courses("vi")["home-visits"]
    training.finish(course=visits, given={at: one.right for at, one in enumerate(visits.questions)}, by=tram)
    training.ask(organisation=units[0], course="gate-keeper", due=today + timedelta(days=7), by=director)
    for good in ensure_goods():
        for ago, dong in ((10, 18_000), (7, 18_500), (4, 18_000), (0, 26_000)):
            reserves.price(
                good=good, where="Chợ trung tâm (diễn tập)", dong=dong, day=today - timedelta(days=ago),
                scope_path=province, by=Officer.objects.get(username="congthuong"),
            )  # fmt: skip
        reserves.count(
            good=good, where="Kho tỉnh", quantity=Decimal(20_000), supplier="Công ty lương thực (diễn tập)",
            lead_days=3, scope_path=province, by=Officer.objects.get(username="congthuong"),
        )  # fmt: skip


def _calls(province: str) -> None:
    """A rumour being verified, a suspected case, a call to be returned."""
    agent = Officer.objects.get(username="duongday")
    soon = timezone.now() + timedelta(hours=2)
    for kind, text, back in (
        (EventKind.RUMOUR, "Ba nhà cùng xóm có người sốt từ hôm qua (diễn tập)", None),
        (EventKind.SUSPECTED, "Sốt, khó thở, vừa đi chợ về (diễn tập)", None),
        (EventKind.QUESTION, "Hỏi giờ tiêm ở trạm, xin gọi lại (diễn tập)", soon),
    ):
        row = hotline.receive(kind=kind, text=text, caller=None, call_back_at=back, scope_path=province, by=agent)
        if kind == EventKind.RUMOUR:
            hotline.move(event=row, state=EventState.SCREENED, outcome="", by=agent)


def _dispatch(chairman: Officer, units: Sequence[Organisation], province: str) -> None:
    today = timezone.localdate()
    due = (today + timedelta(days=5)).strftime("%d/%m/%Y")
    text = DISPATCH.format(day=f"{today.day:02d}", month=f"{today.month:02d}", year=today.year, due=due)
    made = directives.draft(
        given=from_reading(read(text), text),
        scope_path=province,
        scope_org=None,
        scope_sector="government",
        by=chairman,
    )
    sent_to = {duty.pk: [unit.pk for unit in units] for duty in made.duties.all()}
    directives.confirm(directive=made, sent_to=sent_to, by=chairman)
    receipts = list(made.receipts.order_by("pk"))
    first, second = receipts[0], receipts[-1]
    directives.acknowledge(receipt=first, by=chairman)
    directives.acknowledge(receipt=second, by=chairman)
    directives.report(
        charge=first.charges.order_by("pk")[0], state=ChargeState.DONE, note="Đã thay 4 mã", by=chairman
    )
    directives.ask(receipt=second, duty=None, text="Chợ có 6 cổng, xã chỉ có 2 người trực (diễn tập)", by=chairman)
