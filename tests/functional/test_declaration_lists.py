"""Lists of returnees in and out, the team's shares, two records judged, what the law asks of returnees by date."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.functional.test_declarations import begin, list_area, officer, returnee, send, walk

from vungxanh.core.errors import UserError
from vungxanh.declarations import list_actions, returnees, transfers
from vungxanh.declarations.models import ListIn, ListOut, ListOutRow
from vungxanh.people.actions import bulk_register, make_household
from vungxanh.people.models import MatchCandidate, Merge, NotSamePair, Person
from vungxanh.people.schemas import PersonIn
from vungxanh.work import actions as work
from vungxanh.work.models import Beat, WorkItem

pytestmark = pytest.mark.django_db
HERE = "/19/05467/"

CSV = (
    "STT;Họ và tên;Năm sinh;Giới tính;SĐT;Số CCCD;Địa chỉ;Về từ;Biển số;Ngày về\n"
    "1;Ma Văn Tiến;1950;Nam;0944713701;;Xóm 2;TP. Hồ Chí Minh;20B-123.45;20/11/2026\n"
    "2;Nông Thị Lan;1990;Nữ;01694713700;;Tổ 5;Bình Dương;;\n"
    "3;;1990;Nữ;0944713702;;Tổ 5;Bình Dương;;\n"
    "4;Y Blô;1990;Nam;12;;Tổ 5;;;\n"
    "5;Danh Út;3020;Nam;0944713705;;Tổ 5;;;\n"
)


@pytest.fixture
def station(client: Client) -> Client:
    client.force_login(officer("commune-health", HERE))
    return client


def take(client: Client, text: str = CSV, source: str = "police") -> Any:
    file = SimpleUploadedFile("ds.csv", text.encode("utf-8-sig"), "text/csv")
    return client.post("/declare/desk/lists/take", {"source": source, "giver": "Công an phường", "file": file})


def test_each_line_of_a_list_gets_its_answer(station: Client) -> None:
    reply = take(station)
    row = ListIn.objects.get()
    assert reply.url == f"/declare/desk/lists/in/{row.pk}"
    states = list(row.rows.order_by("line").values_list("state", "code"))
    assert [state for state, _code in states] == ["taken", "taken", "refused", "refused", "refused"]
    assert [code for _state, code in states[2:]] == [
        "forms.bad-name",
        "codes.bad-phone",
        "exchange.cell-date-ahead",
    ]
    items = WorkItem.objects.order_by("pk")
    assert [item.kind for item in items] == ["returnee.visit", "returnee.visit"]
    assert "Công an báo: TP. Hồ Chí Minh, 20B-123.45" in items[0].reason
    assert items[0].scope_path == HERE
    assert Person.objects.get(pk=items[1].person).phones.get().number.open() == "+84394713700"
    assert "Ma" not in station.get(reply.url).content.decode()


def test_the_same_file_twice_is_one_list(station: Client) -> None:
    take(station)
    take(station)
    assert ListIn.objects.count() == 1
    assert WorkItem.objects.count() == 2


def test_a_neighbours_call_is_one_line(station: Client) -> None:
    fields = {"source": "neighbour", "giver": "Tổ dân phố 5", "name": "Danh Út", "from_place": "Hà Nội"}
    station.post("/declare/desk/lists/take", fields)
    assert "Hàng xóm, tổ dân phố báo: Hà Nội" in WorkItem.objects.get().reason


def test_somebody_who_declared_already_is_marked_and_judged_once(client: Client) -> None:
    begin(client)
    walk(client, fever="yes")
    send(client)
    client.force_login(officer("commune-health", HERE))
    text = "Họ và tên;Năm sinh;SĐT\nNông Thị Lan;1990;0944713700\n"
    take(client, text, "hotel")
    assert ListIn.objects.get().rows.get().state == "known"
    assert reverse("outbreak:doubles") in client.get("/declare/desk/lists").content.decode()
    page = client.get(reverse("outbreak:doubles")).content.decode()
    assert "N. T. Lan, nữ, 1990" in page
    pair = MatchCandidate.objects.get()
    before = set(WorkItem.objects.filter(state="open").values_list("kind", "person"))
    client.post(reverse("outbreak:compare", args=[pair.pk]), {"step": "merge"})
    assert {item.person for item in WorkItem.objects.filter(state="open")} == {pair.older_id}
    client.post(reverse("outbreak:undo-merge", args=[Merge.objects.get().pk]))
    assert set(WorkItem.objects.filter(state="open").values_list("kind", "person")) == before


def test_not_the_same_is_remembered(client: Client) -> None:
    begin(client)
    walk(client)
    send(client)
    client.force_login(officer("commune-health", HERE))
    text = "Họ và tên;Năm sinh;SĐT\nNông Thị Lan;1990;0944713700\n"
    take(client, text, "hotel")
    client.post(reverse("outbreak:compare", args=[MatchCandidate.objects.get().pk]), {"step": "apart"})
    take(client, text + "\n", "school")
    assert NotSamePair.objects.count() == 1
    apart = NotSamePair.objects.get()
    open_pairs = MatchCandidate.objects.filter(decided_at=None)
    assert (apart.low_id, apart.high_id) not in open_pairs.values_list("older", "newer")


def sent(client: Client, **changes: Any) -> Any:
    items = WorkItem.objects.values_list("pk", flat=True)
    fields = {
        "to": "police", "recipient_name": "Công an phường Gia Sàng", "basis": "Luật 91/2025/QH15",
        "fields": ["name", "birth_year", "address"], "item": list(items), **changes,
    }  # fmt: skip
    return client.post("/declare/desk/lists/send", fields)


def test_a_list_that_leaves_has_a_number_a_basis_a_receipt_and_only_its_fields(station: Client) -> None:
    take(station)
    sent(station)
    row = ListOut.objects.get()
    assert str(row) == f"1/{timezone.localdate().year}/DS-YT"
    station.post(f"/declare/desk/lists/out/{row.pk}", {"receipt": "Thượng uý A"})
    book = openpyxl.load_workbook(BytesIO(station.get(f"/declare/desk/lists/out/{row.pk}/file").content))
    cells = [[cell.value for cell in line] for line in book.active.iter_rows()]  # type: ignore[union-attr]
    head = next(line for line in cells if line[0] == "STT")
    assert head == ["STT", "Họ và tên", "Năm sinh", "Địa chỉ", "Kết quả tìm"]
    assert cells[cells.index(head) + 1][1] == "Ma Văn Tiến"
    assert "0944" not in str(cells)
    row.refresh_from_db()
    assert row.received_at is not None


def test_what_the_police_found_comes_back_to_the_work_list_and_it_stays_open(station: Client) -> None:
    take(station)
    sent(station)
    line = ListOutRow.objects.order_by("line").first()
    assert line is not None
    url = f"/declare/desk/lists/out/{line.list_id}/{line.line}"
    station.post(url, {"outcome": "moved", "note": "về Định Hoá"})
    assert "Công an: đã chuyển đi. về Định Hoá" in station.get("/work/").content.decode()
    assert WorkItem.objects.filter(state="open").count() == 2
    assert station.post(url, {"outcome": "arrested"}).status_code == 422


def came_back(client: Client, row: ListOut, results: list[str]) -> Any:
    """The workbook that was downloaded, with the column of results filled in by hand."""
    book = openpyxl.load_workbook(BytesIO(client.get(f"/declare/desk/lists/out/{row.pk}/file").content))
    page = book.active
    assert page is not None
    head = next(line for line in page.iter_rows() if line[0].value == "STT")
    for number, said in enumerate(results, head[0].row + 1):
        page.cell(number, len(head), said)
    target = BytesIO()
    book.save(target)
    return SimpleUploadedFile("tra-loi.xlsx", target.getvalue(), "application/octet-stream")


def answers_in(content: bytes) -> list[Any]:
    page = openpyxl.load_workbook(BytesIO(content)).active
    assert page is not None
    lines = [[cell.value for cell in line] for line in page.iter_rows()]
    at = next(n for n, line in enumerate(lines) if line[0] == "STT")
    assert lines[at][-1] == "Hệ thống trả lời"
    return [line[-1] for line in lines[at + 1 :]]


def test_a_list_comes_back_as_a_file_and_every_line_has_its_answer_in_it(station: Client) -> None:
    take(station)
    sent(station)
    row = ListOut.objects.get()
    url = f"/declare/desk/lists/out/{row.pk}/outcomes"
    reply = station.post(url, {"file": came_back(station, row, ["Không thấy", "ở nhà bạn"])})
    assert answers_in(reply.content) == [
        "Đã ghi.",
        "Chưa ghi: không rõ kết quả. Hãy viết: thấy, đã chuyển đi, hoặc không thấy.",
    ]
    assert list(row.rows.order_by("line").values_list("outcome", flat=True)) == ["not-found", ""]
    again = station.post(url, {"file": came_back(station, row, ["Đã thấy", "đã chuyển đi"])})
    assert answers_in(again.content) == ["Chưa ghi: trước đó đã có kết quả khác. Hãy hỏi lại.", "Đã ghi."]
    assert list(row.rows.order_by("line").values_list("outcome", flat=True)) == ["not-found", "moved"]
    same = station.post(url, {"file": came_back(station, row, ["không thấy", ""])})
    assert answers_in(same.content) == ["Đã ghi từ trước, giống nhau.", "Chưa có kết quả."]
    assert "Công an: đã chuyển đi" in station.get("/work/").content.decode()
    other = SimpleUploadedFile("x.csv", b"Name;Age\nA;3\n", "text/csv")
    assert station.post(url, {"file": other}).status_code == 422


def test_police_are_never_given_what_is_not_theirs(station: Client) -> None:
    take(station)
    assert sent(station, fields=["name", "result"]).status_code == 422
    assert not ListOut.objects.exists()
    allowed = {name for one in transfers.recipients().values() for name in one.fields}
    assert allowed == {"name", "birth_year", "sex", "address", "commune", "phone", "from_place", "arrived"}


def test_no_list_leaves_without_a_basis(station: Client) -> None:
    take(station)
    assert sent(station, basis=" ").status_code == 422


def test_each_transfer_is_in_the_public_count(station: Client) -> None:
    take(station)
    sent(station)
    page = Client().get("/declare/transfers").content.decode()
    assert "Công an xã, phường" in page
    assert "Luật 91/2025/QH15" in page
    assert "Ma Văn" not in page


def test_a_neighbouring_station_sees_no_list(station: Client) -> None:
    take(station)
    sent(station)
    other = Client()
    other.force_login(officer("commune-health", "/19/05443/"))
    assert other.get(f"/declare/desk/lists/in/{ListIn.objects.get().pk}").status_code == 404
    assert other.get(f"/declare/desk/lists/out/{ListOut.objects.get().pk}/file").status_code == 404


def households(count: int) -> None:
    people = bulk_register([PersonIn(name="Danh Út", scope_path=HERE) for _ in range(count)], by=None, purpose="x")
    for person in people:
        make_household(members=[person], scope_path=HERE, by=None)
    for person in people:
        work.put(
            kind="returnee.visit", due=timezone.now() + timedelta(hours=9), source=f"t:{person}", person=person,
            scope_path=HERE, by=None,
        )  # fmt: skip


def test_the_team_shares_households_and_keeps_them(station: Client) -> None:
    one, two = officer("community-team", HERE), officer("community-team", HERE + "x/")
    households(7)
    station.post("/work/share-out", {"officer": [one.pk, two.pk]})
    assert sorted(Beat.objects.filter(officer=o).count() for o in (one, two)) == [3, 4]
    assert not WorkItem.objects.filter(assigned_to=None).exists()
    item = WorkItem.objects.first()
    assert item is not None
    later = work.put(
        kind="symptom.call", due=timezone.now(), source="x", person=item.person, scope_path=HERE, by=None
    )
    assert WorkItem.objects.get(pk=later).assigned_to == item.assigned_to


def test_nobody_gets_more_than_fifty_households(station: Client) -> None:
    one = officer("community-team", HERE)
    households(55)
    station.post("/work/share-out", {"officer": [one.pk]})
    assert Beat.objects.filter(officer=one).count() == 50
    assert WorkItem.objects.filter(assigned_to=None).count() == 5


def test_what_nobody_acknowledged_goes_up_a_level_before_it_is_due(station: Client) -> None:
    households(2)
    first, second = WorkItem.objects.order_by("pk")
    work.acknowledge(items=[second.pk], by=officer("community-team", HERE))
    assert work.escalate(now=timezone.now() + timedelta(hours=3, minutes=59)) == 0
    assert work.escalate(now=timezone.now() + timedelta(hours=4, minutes=1)) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.escalation, second.escalation) == (1, 0)


@pytest.mark.parametrize(
    ("arrived", "rule", "tests"),
    [
        (date(2021, 9, 1), "vn.covid19.returnee.6386", [1, 7]),
        (date(2021, 10, 10), "vn.covid19.returnee.8318", []),
        (date(2021, 11, 1), "vn.covid19.returnee.8718", [1]),
        (date(2026, 11, 1), "vn.2026.returnee", []),
    ],
)
def test_what_a_returnee_owes_goes_by_the_day_of_arrival(arrived: date, rule: str, tests: list[int]) -> None:
    found = returnees.in_force(arrived)
    assert found is not None
    assert (found.id, found.sure_tests) == (rule, tests)


def test_no_rule_was_in_force_between_the_two_laws() -> None:
    assert returnees.in_force(date(2024, 1, 1)) is None


def test_a_returnee_stands_on_the_list_with_from_where_when_by_what_and_the_rule(client: Client) -> None:
    list_area("26740", 10)
    returnee(client, "Bến Nghé, Thành phố Hồ Chí Minh", 5)
    item = WorkItem.objects.get()
    assert "Phường Sài Gòn" in item.reason
    assert "Đi bằng xe khách" in item.reason
    assert "NĐ 165/2026/NĐ-CP" in item.reason
    assert item.clock == "vn.2026.returnee"


def test_a_list_of_nobody_is_refused(station: Client) -> None:
    with pytest.raises(UserError) as refused:
        list_actions.send_list(
            recipient="police", recipient_name="A", basis="B", fields=["name"], items={}, scope_path=HERE,
            by=officer("cdc-officer", HERE),
        )  # fmt: skip
    assert refused.value.code == "declarations.list-empty"
