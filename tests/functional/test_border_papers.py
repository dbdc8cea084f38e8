"""What the desk prints, read back from the PDF."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from tests.functional.test_border_flow import declare, officer

from vungxanh.border import papers
from vungxanh.border.actions import desk
from vungxanh.border.models import Declaration, Hold
from vungxanh.border.schemas import ReviewIn
from vungxanh.core.models import AuditEvent
from vungxanh.people.models import Officer
from vungxanh.people.queries import reveal

pytestmark = pytest.mark.django_db


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


@pytest.fixture
def border() -> Officer:
    return officer("Kiểm dịch")


def held(by: Officer, **changes: str) -> Declaration:
    row = declare(near_ill=True, **changes)
    desk.review(declaration=row, given=ReviewIn("hold"), by=by)
    row.refresh_from_db()
    return row


def test_the_traveller_s_paper_is_bilingual_and_holds_no_name(client: Client, border: Officer) -> None:
    row = held(border)
    client.force_login(border)
    answer = client.get(reverse("border:slip", args=[row.pk]))
    text = text_of(answer.content)
    for said in (
        "N. V. An",
        "You stay for a health check",
        "Ở lại để kiểm tra sức khoẻ",
        "VN36 12A",
        "Đã ở gần người mắc bệnh truyền nhiễm",
        "After 2 hours without a decision you may go on",
    ):
        assert said in text
    assert "Nguyễn" not in text
    assert "B1234567" not in text


def test_the_decision_is_a_draft_until_somebody_decides(client: Client, border: Officer) -> None:
    row = held(border)
    client.force_login(border)
    url = reverse("border:decision", args=[row.pk])
    draft = text_of(client.get(url).content)
    assert "(DỰ THẢO)" in draft
    assert "Nguyễn Văn An" in draft
    assert "không quá 48 giờ" in draft
    desk.step(hold=Hold.objects.get(), name="decision", decided_by_name="Trần Thị B", by=border)
    signed = text_of(client.get(url).content)
    assert "(DỰ THẢO)" not in signed
    assert "Trần Thị B" in signed
    assert AuditEvent.objects.filter(action="border:decision:printed").count() == 2


@pytest.mark.parametrize(("nationality", "told"), [("VNM", False), ("DEU", True)])
def test_the_consular_department_is_told_of_foreigners(border: Officer, nationality: str, *, told: bool) -> None:
    row = held(border, nationality=nationality)
    person = reveal([row.person], by=border, purpose="test")[row.person]
    letter = papers.decision_letter(row.hold, person)
    assert ("Cục Lãnh sự" in letter.recipients) is told


def test_no_decision_without_a_hold(client: Client, border: Officer) -> None:
    client.force_login(border)
    assert client.get(reverse("border:decision", args=[declare().pk])).status_code == 404
