"""Down the line and back: passed down, reminded, per unit and per issuer; orders that disagree; rules changed."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from tests.functional.test_command_directives import TEXT, chairman, communes, in_force, local, officer

from vungxanh.command import queries, rule_changes
from vungxanh.command.actions import directives as actions
from vungxanh.command.models import Directive, Receipt
from vungxanh.command.reading import read
from vungxanh.command.rule_changes import RuleKind, Touched
from vungxanh.command.schemas import from_reading
from vungxanh.core.errors import UserError
from vungxanh.notify.models import Batch, Delivery
from vungxanh.people.models import Officer, Organisation

__all__ = ["chairman", "communes", "local"]
pytestmark = pytest.mark.django_db


def draft(chairman: Officer, text: str) -> Directive:
    given = from_reading(read(text), text)
    return actions.draft(given=given, scope_path="/19/", scope_org=None, scope_sector="government", by=chairman)


def sent_to(row: Directive, units: list[Organisation]) -> dict[int, list[int]]:
    return {duty.pk: [unit.pk for unit in units] for duty in row.duties.all()}


def refusal(row: Directive, units: list[Organisation], by: Officer) -> str:
    with pytest.raises(UserError) as caught:
        actions.confirm(directive=row, sent_to=sent_to(row, units), by=by)
    return caught.value.code


def test_a_unit_passes_its_copy_down_and_not_back_up(
    client: Client, chairman: Officer, local: Officer, communes: list[Organisation]
) -> None:
    made = in_force(chairman, communes)
    mine = Receipt.objects.get(directive=made, organisation=communes[0])
    fields = {"kind": "village", "sector": "government", "scope_path": "/19/00/"}
    village = Organisation.objects.create(code="v", name="Thôn Đồng Tâm", **fields)
    client.force_login(officer("whole commune", "chairman", "/19/00/"))
    address = reverse("command:pass_down", args=[mine.pk])
    assert [unit.name for unit in client.get(address, {"q": "dong tam"}).context["units"]] == ["Thôn Đồng Tâm"]
    client.post(address, {"units": [village.pk, communes[1].pk]})  # the second lies outside the area
    below = Receipt.objects.get(organisation=village)
    assert below.passed_from == mine
    back = reverse("command:pass_down", args=[below.pk])
    page = client.post(back, {"units": [communes[0].pk]}, follow=True).content.decode()
    assert "Không chuyển tiếp ngược lên" in page


def test_silent_units_are_reminded_once_a_day_and_their_head_is_written_to(
    chairman: Officer, local: Officer, communes: list[Organisation]
) -> None:
    made = in_force(chairman, communes)
    head = Officer.objects.create_user("head", "chu.tich@xa1.example", name="Chủ tịch xã 1")
    Organisation.objects.filter(pk=communes[1].pk).update(head=head)
    assert actions.remind_by_the_clock() == 0  # sent today
    Receipt.objects.update(sent_at=timezone.now() - timedelta(days=2))
    actions.acknowledge(receipt=Receipt.objects.get(organisation=communes[0]), by=local)
    assert actions.remind_by_the_clock() == 2
    assert actions.remind_by_the_clock() == 0
    batch = Batch.objects.get()
    assert (batch.channel, "412/UBND-VX" in batch.text.open()) == ("email", True)
    assert [row.address.open() for row in Delivery.objects.all()] == ["chu.tich@xa1.example"]  # type: ignore[union-attr]
    assert sorted(made.receipts.values_list("reminders", flat=True)) == [0, 1, 1]


def test_a_page_per_unit_and_a_page_per_issuer(
    client: Client, chairman: Officer, local: Officer, communes: list[Organisation]
) -> None:
    in_force(chairman, communes)
    mine = Receipt.objects.get(organisation=communes[0])
    actions.report(charge=mine.charges.get(), state="done", note="4 cổng đã treo mã", by=local)  # type: ignore[arg-type]
    client.force_login(local)
    page = client.get(reverse("command:unit", args=[communes[0].pk])).content.decode()
    assert "4 cổng đã treo mã" in page
    assert client.get(reverse("command:unit", args=[communes[1].pk])).status_code == 404
    client.force_login(chairman)
    rows = {row["organisation__name"]: row for row in queries.units_of_issuer(chairman)}
    assert {name: (row["sent"], row["silent"], row["undone"]) for name, row in rows.items()} == {
        "UBND xã 0": (1, 0, 0),
        "UBND xã 1": (1, 1, 1),
        "UBND xã 2": (1, 1, 1),
    }
    assert client.get(reverse("command:issuer"), {"sort": "unit"}).status_code == 200


def test_two_documents_that_disagree_are_compared_before_the_second_is_in_force(
    chairman: Officer, communes: list[Organisation]
) -> None:
    first = in_force(chairman, communes)
    second = draft(chairman, TEXT.replace("412", "500").replace("trước ngày 10/8/2026", "trước ngày 8/8/2026"))
    assert [str(other) for other in queries.same_matter(second)] == ["412/UBND-VX"]
    assert refusal(second, communes, chairman) == "command.not-compared"
    second.compared = True
    second.save()
    actions.confirm(directive=second, sent_to=sent_to(second, communes), by=chairman)
    third = draft(chairman, TEXT.replace("412", "600"))
    third.replaces = first
    third.save()
    assert refusal(third, communes, chairman) == "command.not-compared"  # the second is still there
    third.compared = True
    third.save()
    actions.confirm(directive=third, sent_to=sent_to(third, communes), by=chairman)
    first.refresh_from_db()
    assert first.state == "withdrawn"


def test_an_order_of_another_province_is_no_disagreement(chairman: Officer, communes: list[Organisation]) -> None:
    other = in_force(chairman, communes)
    Directive.objects.filter(pk=other.pk).update(scope_path="/20/")
    assert not queries.same_matter(draft(chairman, TEXT.replace("412", "500"))).exists()


@pytest.fixture
def a_rule() -> Iterator[None]:
    before = rule_changes.kinds()
    shown = Touched(3, 1, 0, 5, 0, [("Ca 7", "4", "6")])
    kind = RuleKind(
        "test", "quy tắc thử", lambda: [("r1", "r1")], lambda _: {"metres": 2, "days": {"before": 2}},
        lambda given: None, lambda *_: shown,
    )  # fmt: skip
    rule_changes.register(kind)
    yield
    rule_changes._kinds.clear()
    rule_changes._kinds.update(before)


def test_a_rule_is_not_changed_before_the_difference_and_whom_it_touches_were_shown(
    client: Client, chairman: Officer, communes: list[Organisation], a_rule: None
) -> None:
    row = draft(chairman, TEXT)
    client.force_login(chairman)
    address = reverse("command:rule_change", args=[row.pk])
    broken = client.post(address, {"rule": "test:r1", "text": "{"})
    assert "Không đọc được quy tắc" in broken.content.decode()
    changed = json.dumps({"metres": 1, "days": {"before": 2, "after": 3}})
    client.post(address, {"rule": "test:r1", "text": changed})
    row.refresh_from_db()
    assert refusal(row, communes, chairman) == "command.rule-not-shown"
    page = client.get(address)
    assert page.context["lines"] == [("metres", "2", "1"), ("days.after", "", "3")]
    assert "3 người trở thành người tiếp xúc" in page.content.decode()
    row.refresh_from_db()
    row.rule_text = changed.replace("1", "3")  # another text than the one shown
    row.save()
    assert refusal(row, communes, chairman) == "command.rule-not-shown"
    client.get(address)
    row.refresh_from_db()
    assert actions.confirm(directive=row, sent_to=sent_to(row, communes), by=chairman) == 3


def paper(text: str) -> bytes:
    document, target = Document(), BytesIO()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.save(target)
    return target.getvalue()


def test_a_file_is_read_kept_and_given_to_those_who_received_it(
    client: Client, chairman: Officer, local: Officer, communes: list[Organisation]
) -> None:
    client.force_login(chairman)
    given = paper(TEXT)
    upload = SimpleUploadedFile("412 UBND=1+1.docx", given)
    client.post(reverse("command:paste"), {"file": upload})
    row = Directive.objects.get()
    assert (row.number, row.symbol, row.duties.count()) == ("412", "UBND-VX", 1)
    actions.confirm(directive=row, sent_to=sent_to(row, communes[:1]), by=chairman)
    address = reverse("command:file", args=[row.pk])
    client.force_login(local)
    got = client.get(address)
    assert got.content == given
    assert got["Content-Disposition"] == 'attachment; filename="412_ubnd_1_1.docx"'
    client.force_login(officer("elsewhere", "chairman", "/20/"))
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00\x01binary", "Không đọc được tệp"),
        (b"PK\x03\x04 no archive", "Không đọc được tệp"),
        (b"%PDF-1.4 broken", "Không đọc được tệp"),
        ("Số: 1".encode(), "Tệp là ảnh chụp"),
    ],
    ids=["binary", "zip", "pdf", "nearly-empty"],
)
def test_a_bad_scan_asks_for_the_text_and_breaks_nothing(
    client: Client, chairman: Officer, content: bytes, said: str
) -> None:
    client.force_login(chairman)
    page = client.post(reverse("command:paste"), {"file": SimpleUploadedFile("scan.pdf", content)})
    assert said in page.content.decode()
    assert not Directive.objects.exists()
    again = {"file": SimpleUploadedFile("scan.pdf", content), "text": TEXT}
    assert client.post(reverse("command:paste"), again).status_code == 302
    assert Directive.objects.get().file_name == "scan.pdf"


BAD = {
    "scan": ("UBHD TÎNH Ml~H H0A\nSo: 4l2/UBN0\nKinh gui: UBND cac xa\n1. UBND cac xa", "command.without-date"),
    "no-number": (TEXT.replace("Số: 412/UBND-VX", "Số:     /UBND-VX"), "command.without-number"),
    "nobody": (TEXT.replace("Kính gửi: UBND các xã, phường", ""), "command.without-addressee"),
    "district": (TEXT.replace("UBND các xã, phường", "UBND các huyện"), "command.addressee-gone"),
    "merged": (
        TEXT.replace("UBND các xã, phường", "Sở Thông tin và Truyền thông"), "command.addressee-gone",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_read_is_said_and_left_to_the_official(case: str) -> None:
    text, code = BAD[case]
    assert code in {found for found, _ in read(text).warnings}


def test_a_citation_of_nothing_is_shown_and_formulas_and_scripts_stay_text(
    client: Client, chairman: Officer
) -> None:
    row = draft(chairman, TEXT.replace("treo mã QR tại chợ", "=cmd|' /C calc'!A0 <script>alert(1)</script>"))
    client.force_login(chairman)
    page = client.get(reverse("command:review", args=[row.pk])).content.decode()
    assert "chưa có trong sổ văn bản" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
