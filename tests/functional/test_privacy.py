"""The data-protection officer: look-ups and unusual days, breaches on their clock, holds, the processing file."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document

from vungxanh.core import audit, retention
from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent, LegalHold
from vungxanh.people.models import Assignment, Officer
from vungxanh.privacy import actions, register
from vungxanh.privacy.law import Unusual, purpose_said
from vungxanh.privacy.looks import by_purpose, flags
from vungxanh.privacy.models import Breach, LookReview
from vungxanh.work.models import WorkItem

pytestmark = pytest.mark.django_db
TIGHT = Unusual(
    basis="a test", verified=True, people_a_day=3, same_person_a_day=2, night_from=22, night_to=5, night_people=1
)


def officer(name: str, role: str) -> Officer:
    made = Officer.objects.create_user(name, name=name)
    Assignment.objects.create(officer=made, role=role, scope_path="/")
    return made


@pytest.fixture
def dpo() -> Officer:
    return officer("dpo", "data-protection")


def looked(by: Officer, people: list[int], hour: int, purpose: str = "work on the case") -> None:
    """Look-ups of yesterday at an hour of Viet Nam."""
    at = (timezone.localtime() - timedelta(days=1)).replace(hour=hour, minute=0)
    subjects = [f"person:{one}" for one in people]
    with patch("django.utils.timezone.now", return_value=at):
        audit.read(by=by, action="people:person:revealed", subjects=subjects, purpose=purpose)


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(UserError) as caught:
        yield
    assert caught.value.code == f"privacy.{code}"


def written(by: Officer, **more: object) -> Breach:
    given = {
        "found_at": timezone.now() - timedelta(hours=1),
        "began_at": None,
        "what": "Danh sách gửi nhầm nơi nhận",
        "where": "Trạm y tế",
        "kinds": ["declarations"],
        "people": 12,
        "consequences": "Lộ kết quả khai báo",
        "measures": "",
        "contact": "Cán bộ bảo vệ dữ liệu",
    }
    return actions.write_breach(given=given | more, by=by, path="/")  # type: ignore[arg-type]


def test_days_beyond_a_threshold_are_shown_with_the_rule_they_broke(dpo: Officer) -> None:
    busy, curious, owl, quiet = (officer(name, "cdc-officer") for name in ("busy", "curious", "owl", "quiet"))
    looked(busy, [1, 2, 3, 4], 10)
    for _time in range(3):
        looked(curious, [7], 11)
    looked(owl, [1, 2], 23)
    looked(quiet, [1, 2, 3], 10)
    found = {(flag.officer, flag.rule, flag.count) for flag in flags(3, TIGHT)}
    assert found == {(busy.pk, "many", 4), (curious.pk, "same", 3), (owl.pk, "night", 2)}


def test_a_reviewed_day_is_closed_and_nobody_reviews_their_own(
    dpo: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vungxanh.privacy.looks.unusual", lambda: TIGHT)
    busy = officer("busy", "cdc-officer")
    looked(busy, [1, 2, 3, 4], 10)
    looked(dpo, [1, 2, 3, 4], 10)
    day = str(timezone.localdate() - timedelta(days=1))
    given = {"day": day, "rule": "many", "outcome": "explained", "note": "nhập danh sách cách ly"}
    actions.review(officer=busy.pk, **given, by=dpo)
    assert {flag.officer: flag.reviewed is not None for flag in flags(3)} == {busy.pk: True, dpo.pk: False}
    with refused("own-day"):
        actions.review(officer=dpo.pk, **given, by=dpo)
    with refused("no-such-day"):
        actions.review(officer=busy.pk, **given, by=dpo)


def test_what_is_published_names_no_case_and_no_free_text(dpo: Officer, client: Client) -> None:
    looked(dpo, [1, 2], 9, "case BN1440")
    looked(dpo, [3], 9, "hàng xóm Nguyễn Văn A")
    assert {text.en: count for text, count in by_purpose(3)} == {
        "List of a place, by case number": 2,
        "Other work": 1,
    }
    page = client.get("/privacy/numbers").content.decode()
    assert "BN1440" not in page
    assert "Nguyễn" not in page


def test_every_purpose_that_the_rooms_write_can_be_read_by_everybody() -> None:
    for purpose in ("export list", "isolation letter", "recall 3", "list:police", "entry review", "venue visit"):
        assert purpose_said(purpose).en != "Other work", purpose


def test_a_breach_runs_on_the_clock_of_the_law_until_the_authority_is_told(dpo: Officer) -> None:
    row = written(dpo)
    assert row.due - row.found_at == timedelta(hours=72)
    assert WorkItem.objects.get(kind="privacy.breach").due == row.due
    actions.tell_breach(breach=row, reference="12/CV ngày 3/3", late_because="", by=dpo)
    assert not WorkItem.objects.filter(kind="privacy.breach", state="open").exists()
    with refused("measures-needed"):
        actions.close_breach(breach=row, by=dpo)


def test_a_late_notice_owes_a_reason(dpo: Officer) -> None:
    row = written(dpo, found_at=timezone.now() - timedelta(hours=73))
    with refused("late-reason"):
        actions.tell_breach(breach=row, reference="1", late_because=" ", by=dpo)
    actions.tell_breach(breach=row, reference="1", late_because="mất điện", by=dpo)
    assert row.state == Breach.State.TOLD


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kinds": []}, "kinds-unknown"),
        ({"kinds": ["no-such"]}, "kinds-unknown"),
        ({"found_at": timezone.now() + timedelta(days=1)}, "found-in-future"),
    ],
)
def test_what_cannot_be_is_refused(dpo: Officer, more: dict[str, object], code: str) -> None:
    with refused(code):
        written(dpo, **more)


def test_the_notice_is_a_draft_in_the_order_of_the_form(dpo: Officer, client: Client) -> None:
    row = written(dpo)
    client.force_login(dpo)
    body = client.get(f"/privacy/breaches/{row.pk}/notice.docx").content
    paper = Document(io.BytesIO(body))
    cells = [cell.text for table in paper.tables for line in table.rows for cell in line.cells]
    text = "\n".join([*(one.text for one in paper.paragraphs), *cells])
    assert "DỰ THẢO" in text
    order = [
        text.index(word) for word in ("1. Thời gian", "2. Hành vi", "3. Loại dữ liệu: Tờ khai y tế", "4. Hậu quả")
    ]
    assert order == sorted(order)
    assert "Số người: 12" in text


def test_a_hold_stops_a_kind_and_is_lifted(dpo: Officer, client: Client) -> None:
    client.force_login(dpo)
    given = {"kind": "notify.inbound", "reason": "Toà án yêu cầu", "basis": "QĐ 5/2026"}
    client.post("/privacy/kept/hold", given)
    assert "inbound" not in retention.forget("notify")
    assert "Toà án yêu cầu" in client.get("/privacy/kept").content.decode()
    client.post("/privacy/kept/hold", {"lift": str(LegalHold.objects.get().pk)})
    assert "inbound" in retention.forget("notify")


@pytest.mark.parametrize(
    "given",
    [{"kind": "no.such", "reason": "a", "basis": "b"}, {"kind": "notify.inbound", "reason": "", "basis": "b"}],
)
def test_a_hold_without_a_kind_or_a_reason_is_refused(dpo: Officer, client: Client, given: dict[str, str]) -> None:
    client.force_login(dpo)
    client.post("/privacy/kept/hold", given)
    assert not LegalHold.objects.exists()


def test_an_auditor_reads_and_writes_nothing(client: Client) -> None:
    client.force_login(officer("kt", "auditor"))
    assert client.get("/privacy/breaches").status_code == 200
    assert client.post("/privacy/breaches", {}).status_code == 403
    assert client.post("/privacy/kept/hold", {}).status_code == 403
    assert not LookReview.objects.exists()


def test_taking_the_look_ups_along_is_itself_written_down(dpo: Officer, client: Client) -> None:
    looked(dpo, [1], 9, '=HYPERLINK("http://x")')
    client.force_login(dpo)
    body = client.get("/privacy/looks?csv=1&days=3").content.decode("utf-8-sig")
    assert "person:1" in body
    assert ",=HYPERLINK" not in body
    assert AuditEvent.objects.filter(action="privacy:looks:exported", by=dpo.pk).count() == 1


def test_every_table_with_personal_data_is_in_the_processing_register_once() -> None:
    listed = [table for record in register.records() for table in record.tables]
    assert sorted(listed) == sorted(set(listed))
    assert set(register.tables_with_personal_data()) - set(listed) == set()


def test_a_period_that_the_register_names_is_one_that_the_house_keeps() -> None:
    ruled = [record for record in register.records() if "." in record.kept and " " not in record.kept]
    assert len(ruled) > 5
    for record in ruled:
        assert register.term(record) is not None, record.key


def test_the_processing_file_shows_every_record_and_its_flow(dpo: Officer, client: Client) -> None:
    client.force_login(dpo)
    page = client.get("/privacy/file").content.decode()
    for record in register.records():
        assert record.purpose.vi in page
    assert page.count("<rect") == 3 * len(register.records())
