"""A report up the line, from the numbers to the signed paper; the paper is rendered and kept to be looked at."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.utils import timezone
from docx import Document
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import SHOTS
from tests.functional.test_command_directives import officer
from vungxanh.command.models import Report
from vungxanh.command.pages.reports import paper_of
from vungxanh.exchange.letter import as_pdf
from vungxanh.outbreak.models import Case


@pytest.mark.django_db(transaction=True)
def test_a_report_from_the_count_to_the_signature(
    page: Page,
    live_server: LiveServer,
    enter: Callable[[object], None],
    check_page: Callable[..., None],
    faults: list[str],
) -> None:
    now = timezone.now()
    Case.objects.create(
        person=1,
        onset=now.date(),
        onset_provenance="self",
        reported_at=now,
        scope_path="/19/",
        scope_sector="health",
    )
    enter(officer("Trần Giám Đốc", "cdc-director", "/19/"))
    page.goto(f"{live_server.url}/command/reports")
    check_page("command-reports-empty")
    page.get_by_role("button", name="Lập báo cáo").click()
    expect(page.get_by_text("là dự thảo cho đến khi có người ký")).to_be_visible()
    check_page("command-report")
    page.get_by_role("link", name="Ca bệnh mới", exact=True).click()
    expect(page.get_by_role("heading", name="Ca bệnh mới: 1")).to_be_visible()
    check_page("command-report-list")
    page.get_by_role("link", name="Trở lại báo cáo").click()
    page.get_by_label("Số do văn thư cấp").fill("128")
    page.get_by_role("button", name="Ký").click()
    expect(page.get_by_text("Số 128/BC-BCĐ, Trần Giám Đốc ký lúc")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="DOCX").click()
    paper = Document(BytesIO(taken.value.path().read_bytes()))
    assert "01 ca bệnh mới" in "\n".join(line.text for line in paper.paragraphs)
    page.goto(f"{live_server.url}/command/reports/template/daily")
    check_page("command-report-template")
    printed = as_pdf([paper_of(Report.objects.get())])
    (SHOTS / "command-report.pdf").write_bytes(printed)
    assert "Trần Giám Đốc" in PdfReader(BytesIO(printed)).pages[-1].extract_text()
