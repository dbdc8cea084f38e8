"""A report: counted with its lists, frozen, reworded, signed; the produced paper keeps decree 30/2020."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from pypdf import PdfReader
from pytest_django import Settings
from tests.functional.test_command_directives import chairman, communes, in_force, local, officer

from vungxanh.command.actions import directives, hotline, reports
from vungxanh.command.models import EventKind, Receipt, Report
from vungxanh.core.errors import UserError
from vungxanh.outbreak.models import Case
from vungxanh.people.models import Officer, Organisation

__all__ = ["chairman", "communes", "local"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def director() -> Officer:
    return officer("Trần Giám Đốc", "cdc-director", "/19/")


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(UserError) as caught:
        yield
    assert caught.value.code == code


def a_case(path: str, **more: object) -> Case:
    now = timezone.now()
    fields = {"person": Case.objects.count() + 1, "onset": now.date(), "onset_provenance": "self", **more}
    return Case.objects.create(reported_at=now, scope_path=path, scope_sector="health", **fields)


def today_report(by: Officer, path: str = "/19/") -> Report:
    return reports.draw_up(kind="daily", day=timezone.localdate(), scope_path=path, scope_sector="health", by=by)


def test_each_number_is_the_length_of_its_list(
    director: Officer, chairman: Officer, local: Officer, communes: list[Organisation]
) -> None:
    here, elsewhere = a_case("/19/00/"), a_case("/20/00/")
    withdrawn = a_case("/19/00/", status="withdrawn")
    made = in_force(chairman, communes)
    mine = Receipt.objects.get(organisation=communes[0])
    directives.acknowledge(receipt=mine, by=local)
    directives.ask(receipt=mine, duty=None, text="Chợ có 5 cổng nhưng chỉ 1 máy quét", by=local)
    hotline.receive(
        kind=EventKind.RUMOUR, text="Nghe nói", caller=None, call_back_at=None, scope_path="/19/", by=local
    )
    report = today_report(director)
    assert report.figures == {key: len(ids) for key, ids in report.lists.items()}
    assert report.lists["cases_new"] == [here.pk]
    assert elsewhere.pk not in report.lists["cases_total"]
    assert withdrawn.pk not in report.lists["cases_total"]
    counted = ("dispatches_sent", "receipts_new", "receipts_silent", "difficulties_open", "events_received")
    assert [report.figures[key] for key in counted] == [1, 1, 2, 1, 1]
    assert report.lists["dispatches_sent"] == [made.pk]
    assert "UBND xã 0: Chợ có 5 cổng nhưng chỉ 1 máy quét." in report.words["difficulties_words"]
    assert report.figures["cases_new"] == 1  # the rumour is no case


def test_a_number_stays_what_it_was_when_drawn_up(director: Officer) -> None:
    a_case("/19/00/")
    report = today_report(director)
    a_case("/19/00/")
    report.refresh_from_db()
    assert report.figures["cases_new"] == 1


def test_the_list_shows_only_what_the_officer_may_see(
    client: Client, director: Officer, chairman: Officer
) -> None:
    case = a_case("/19/00/")
    report = today_report(director)
    client.force_login(director)
    page = client.get(reverse("command:report_list", args=[report.pk, "cases_new"])).content.decode()
    assert f">{case.pk}<" in page
    other = reports.draw_up(
        kind="daily", day=timezone.localdate(), scope_path="/19/", scope_sector="government", by=chairman
    )
    client.force_login(chairman)  # a head of the committee sees counts and no medical row
    listed = client.get(reverse("command:report_list", args=[other.pk, "cases_new"]))
    assert listed.context["number"] == 1
    assert listed.context["listing"].total == 0
    assert client.get(reverse("command:report", args=[report.pk])).status_code == 404


def test_a_signed_report_does_not_change(director: Officer) -> None:
    report = today_report(director)
    for wrong in ("", "12a"):
        with refused("command.report-number"):
            reports.sign(report=report, number=wrong, by=director)
    reports.sign(report=report, number="128", by=director)
    with refused("command.report-signed"):
        reports.reword(report=report, body="khác", by=director)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(number="")


def test_a_template_is_the_offices_own_and_names_only_what_is_counted(client: Client, director: Officer) -> None:
    client.force_login(director)
    address = reverse("command:report_template", args=["daily"])
    shown = client.get(address).context["form"].initial
    wrong = client.post(address, {**shown, "body": "Có {deaths_new} ca"})
    assert "deaths_new" in wrong.content.decode()
    assert client.post(address, {**shown, "body": "Có {cases_new} ca"}).status_code == 302
    a_case("/19/00/")
    assert today_report(director).body == "Có {cases_new} ca"
    elsewhere = today_report(officer("other", "cdc-director", "/20/"), "/20/")
    assert elsewhere.body != "Có {cases_new} ca"


def test_a_period_that_has_not_begun_is_refused(director: Officer) -> None:
    with refused("command.report-future"):
        reports.draw_up(
            kind="daily",
            day=timezone.localdate() + timedelta(days=1),
            scope_path="/19/",
            scope_sector="health",
            by=director,
        )


def test_the_produced_paper_keeps_the_decree(client: Client, director: Officer) -> None:
    a_case("/19/00/")
    report = today_report(director)
    client.force_login(director)

    def paper(suffix: str) -> bytes:
        return client.get(reverse("command:report_file", args=[report.pk, suffix])).content

    draft = Document(BytesIO(paper("docx")))
    page = draft.sections[0]
    sides = (
        page.page_width,
        page.page_height,
        page.top_margin,
        page.bottom_margin,
        page.left_margin,
        page.right_margin,
    )
    assert [round(side.mm) for side in sides] == [210, 297, 20, 20, 30, 15]
    body = [line for line in draft.paragraphs if line.text]
    fonts = {run.font.name or line.style.font.name for line in body for run in line.runs}
    sizes = {(run.font.size or line.style.font.size).pt for line in body for run in line.runs}
    assert (fonts, sizes <= {13.0, 14.0}) == ({"Times New Roman"}, True)
    assert [line.text for line in body[:2]] == [
        "BÁO CÁO",
        f"Kết quả công tác phòng, chống dịch ngày {timezone.localdate():%d/%m/%Y}",
    ]
    assert body[2].text == "Kính gửi: Ủy ban nhân dân tỉnh"
    headings = [line.text for line in body if line.runs[0].bold and line.text[0] in "IVX"]
    assert [text.split(".")[0] for text in headings] == ["I", "II", "III", "IV"]
    head, foot = draft.tables
    left, right = (cell.text for cell in head.rows[0].cells)
    assert left.startswith("ỦY BAN NHÂN DÂN TỈNH\nBAN CHỈ ĐẠO PHÒNG, CHỐNG DỊCH")
    assert right.startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc")
    assert foot.rows[0].cells[0].text == "Nơi nhận:\n- Như trên\n- Các thành viên Ban Chỉ đạo\n- Lưu: VT"
    assert "(DỰ THẢO)" in foot.rows[0].cells[1].text
    assert "PAGE" in page.header.paragraphs[0]._element.xml
    assert page.different_first_page_header_footer
    assert "01 ca bệnh mới" in "\n".join(line.text for line in body)
    assert "(DỰ THẢO)" in PdfReader(BytesIO(paper("pdf"))).pages[-1].extract_text()
    assert paper("txt").decode().startswith("(DỰ THẢO)")

    reports.sign(report=report, number="128", by=director)
    signed = Document(BytesIO(paper("docx")))
    assert "Số: 128/BC-BCĐ" in signed.tables[0].rows[0].cells[0].text
    assert "Trần Giám Đốc" in signed.tables[1].rows[0].cells[1].text
    assert "DỰ THẢO" not in signed.tables[1].rows[0].cells[1].text
    assert timezone.localdate() == date.fromisoformat(str(timezone.localdate(report.signed_at)))


def test_a_drill_says_so_on_the_paper(client: Client, director: Officer, settings: Settings) -> None:
    report = today_report(director)
    settings.DEMO = True
    client.force_login(director)
    made = client.get(reverse("command:report_file", args=[report.pk, "docx"])).content
    page = Document(BytesIO(made)).sections[0]
    assert "DIỄN TẬP" in page.first_page_header.paragraphs[0].text
    assert "DIỄN TẬP" in page.header.paragraphs[0].text
