"""From a dispatch to the deed: drafted, corrected, in force, acknowledged, hard, answered, done."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from vungxanh.command import queries
from vungxanh.command.actions import directives as actions
from vungxanh.command.models import Charge, ChargeState, Difficulty, Directive, Receipt
from vungxanh.command.reading import read
from vungxanh.command.schemas import from_reading
from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent
from vungxanh.people.models import Assignment, Officer, Organisation

pytestmark = pytest.mark.django_db

TEXT = """UBND TỈNH MINH HỌA
Số: 412/UBND-VX
Minh Họa, ngày 06 tháng 8 năm 2026
V/v treo mã QR tại chợ
Kính gửi: UBND các xã, phường
Thực hiện Công văn số 9/KH-UBND ngày 01/8/2026 của UBND tỉnh.
1. UBND các xã, phường kiểm tra từng cổng chợ trước ngày 10/8/2026.
"""


def officer(name: str, role: str, path: str, organisation: Organisation | None = None) -> Officer:
    made = Officer.objects.create_user(name, name=name)
    Assignment.objects.create(officer=made, role=role, scope_path=path, organisation=organisation)
    return made


@pytest.fixture
def communes() -> list[Organisation]:
    return [
        Organisation.objects.create(
            code=f"c{n}",
            name=f"UBND xã {n}",
            kind="commune-committee",
            sector="government",
            scope_path=f"/19/0{n}/",
        )
        for n in range(3)
    ]


@pytest.fixture
def chairman() -> Officer:
    return officer("chairman", "chairman", "/19/")


@pytest.fixture
def local(communes: list[Organisation]) -> Officer:
    return officer("local", "chairman", "/19/00/", communes[0])


def in_force(chairman: Officer, communes: list[Organisation]) -> Directive:
    made = actions.draft(
        given=from_reading(read(TEXT), TEXT),
        scope_path="/19/",
        scope_org=None,
        scope_sector="government",
        by=chairman,
    )
    duties = {duty.pk: [unit.pk for unit in communes] for duty in made.duties.all()}
    assert actions.confirm(directive=made, sent_to=duties, by=chairman) == 3
    return made


def test_nothing_is_in_force_before_a_named_official_confirms(chairman: Officer) -> None:
    made = actions.draft(
        given=from_reading(read(TEXT), TEXT),
        scope_path="/19/",
        scope_org=None,
        scope_sector="government",
        by=chairman,
    )
    assert (made.state, made.confirmed_by) == ("draft", None)
    assert Receipt.objects.count() == 0
    assert made.duties.get().place_kinds == ["market"]
    assert made.day == date(2026, 8, 6)


def test_a_duty_to_nobody_is_refused_and_leaves_the_draft(chairman: Officer) -> None:
    made = actions.draft(
        given=from_reading(read(TEXT), TEXT),
        scope_path="/19/",
        scope_org=None,
        scope_sector="government",
        by=chairman,
    )
    with pytest.raises(UserError) as caught:
        actions.confirm(directive=made, sent_to={made.duties.get().pk: []}, by=chairman)
    assert caught.value.code == "command.duty-to-nobody"
    made.refresh_from_db()
    assert made.state == "draft"


def test_units_acknowledge_report_and_the_issuer_sees_who_is_silent(
    chairman: Officer, local: Officer, communes: list[Organisation]
) -> None:
    made = in_force(chairman, communes)
    receipt = Receipt.objects.get(directive=made, organisation=communes[0])
    actions.report(charge=receipt.charges.get(), state=ChargeState.DONE, note="4 cổng", by=local)
    board = queries.board(made)
    assert (board.units, board.acknowledged, board.charges, board.done) == (3, 1, 3, 1)
    silent = queries.receipts(made, chairman, silent=True)
    assert {row.organisation_id for row in silent} == {communes[1].pk, communes[2].pk}
    assert actions.remind(directive=made, by=chairman) == 2


def test_a_difficulty_is_answered_once_by_a_named_person(
    chairman: Officer, local: Officer, communes: list[Organisation]
) -> None:
    made = in_force(chairman, communes)
    receipt = Receipt.objects.get(directive=made, organisation=communes[0])
    asked = actions.ask(receipt=receipt, duty=None, text="Chợ có 5 cổng, 1 máy quét", by=local)
    assert asked.answerer == chairman
    assert (asked.answer_due - asked.asked_at).total_seconds() == 24 * 3600
    actions.answer(difficulty=asked, text="Cấp thêm 2 máy", by=chairman)
    with pytest.raises(UserError):
        actions.answer(difficulty=asked, text="Cấp thêm 3 máy", by=chairman)
    assert Difficulty.objects.get().answer == "Cấp thêm 2 máy"


def test_a_circular_line_is_refused(chairman: Officer, communes: list[Organisation]) -> None:
    made = in_force(chairman, communes[:1] + communes[1:])
    top = Receipt.objects.get(directive=made, organisation=communes[0])
    village = Organisation.objects.create(
        code="v", name="Thôn", kind="village", sector="government", scope_path="/19/00/"
    )
    assert actions.pass_down(receipt=top, units=[village.pk], by=chairman) == 1
    below = Receipt.objects.get(organisation=village)
    assert Charge.objects.filter(receipt=below).count() == 1
    with pytest.raises(UserError) as caught:
        actions.pass_down(receipt=below, units=[communes[0].pk], by=chairman)
    assert caught.value.code == "command.circular"


def test_the_same_number_twice_is_refused(chairman: Officer, communes: list[Organisation]) -> None:
    in_force(chairman, communes)
    with pytest.raises(UserError) as caught:
        in_force(chairman, communes)
    assert caught.value.code == "command.same-number"


def test_every_step_leaves_its_event(chairman: Officer, communes: list[Organisation]) -> None:
    made = in_force(chairman, communes)
    actions.withdraw(directive=made, by=chairman)
    trail = list(
        AuditEvent.objects.filter(subject=f"directive:{made.pk}").order_by("seq").values_list("action", flat=True)
    )
    assert trail == ["command:directive:drafted", "command:directive:confirmed", "command:directive:withdrawn"]


def test_another_commune_sees_nothing_of_it(
    client: Client, chairman: Officer, local: Officer, communes: list[Organisation]
) -> None:
    made = in_force(chairman, communes)
    other = Receipt.objects.get(directive=made, organisation=communes[1])
    client.force_login(local)
    assert client.get(reverse("command:receipt", args=[other.pk])).status_code == 404
    assert client.get(reverse("command:directive", args=[made.pk])).status_code == 404
    assert client.get(reverse("command:home")).status_code == 200


def test_a_stranger_is_asked_to_log_in(client: Client) -> None:
    answer = client.get(reverse("command:home"))
    assert answer.status_code == 302
    assert "login" in answer["Location"]
