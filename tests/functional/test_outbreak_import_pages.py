"""Pages of lists and of likely doubles, by an officer's hands."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from tests.functional.test_outbreak_import import ROWS, SENDER, bring, workbook
from tests.outbreak_world import COMMUNE, PROVINCE, make_officer

from vungxanh.outbreak.intake import run
from vungxanh.outbreak.models import Case
from vungxanh.people import duplicates
from vungxanh.people.actions import register_person
from vungxanh.people.models import MatchCandidate, Merge, NotSamePair, Officer

pytestmark = pytest.mark.django_db
WARD = f"{PROVINCE}{COMMUNE}/"


@pytest.fixture
def officer(db: None, client: Client) -> Officer:
    made = make_officer()
    client.force_login(made)
    return made


def upload(client: Client, content: bytes, name: str = "ds.xlsx") -> int:
    file = SimpleUploadedFile(name, content)
    answer = client.post("/cases/import", {"file": file, "sender": SENDER})
    assert answer.status_code == 302, answer.content.decode()
    return int(answer["Location"].rpartition("/")[2])


def test_from_the_file_to_the_cases(client: Client, officer: Officer) -> None:
    rows = [list(row) for row in ROWS]
    rows[1][9] = "31/02/2022"
    number = upload(client, workbook(rows))
    page = client.get(f"/cases/import/{number}")
    assert {column.title: field for column, field, _why in page.context["columns"]}["Ngày khởi phát"] == "onset"
    mapping = {f"column-{column.index}": field for column, field, _why in page.context["columns"]}
    client.post(f"/cases/import/{number}", {"step": "columns", "kind": "cases", **mapping})
    page = client.get(f"/cases/import/{number}", headers={"Accept-Language": "vi"})
    assert (page.context["good"], page.context["faulty"]) == (1, 1)
    assert "Không phải ngày" in page.content.decode()
    book = load_workbook(BytesIO(client.get(f"/cases/import/{number}/marked.xlsx").content))
    comment = book.active["J3"].comment
    assert comment is not None
    assert "ngày" in comment.text
    client.post(f"/cases/import/{number}", {"step": "start"})
    assert "0/2" in client.get(f"/cases/import/{number}").content.decode()
    run.run_waiting()
    assert client.get(f"/cases/import/{number}/progress").context["faulty"] == 1
    assert Case.objects.count() == 1


def test_list_given_back_is_imported_again_without_a_change(client: Client, officer: Officer) -> None:
    first = bring(officer, workbook(ROWS))
    back = client.get(f"/cases/import/{first.pk}/list.xlsx").content
    again = bring(officer, back, sender="edited elsewhere")
    assert again.counts == {"same": 2, "links": 0, "links_missing": 1}


def test_held_line_stands_beside_its_match(client: Client, officer: Officer) -> None:
    lan = register_person(
        name="Nguyen Lan", sex=2, birth_year=1990, phones=["0912345678"], scope_path=WARD, by=officer, purpose="t"
    )
    file = bring(officer, workbook(ROWS))
    page = client.get(f"/cases/import/{file.pk}/held", headers={"Accept-Language": "vi"})
    text = page.content.decode()
    assert "Nguyễn Thị Lan" in text
    assert "Nguyen Lan" in text
    assert "cùng số điện thoại" in text
    row = page.context["rows"][0]["row"]
    client.post(f"/cases/import/{file.pk}/held", {f"row-{row.pk}": str(lan)})
    assert Case.objects.filter(person=lan).count() == 1


def test_too_large_a_file_is_refused_before_it_is_read(client: Client, officer: Officer) -> None:
    file = SimpleUploadedFile("a.csv", b"x")
    file.size = 200 * 1024 * 1024
    from vungxanh.core.errors import UserError
    from vungxanh.outbreak.intake import pages

    with pytest.raises(UserError) as error:
        pages._take_in(officer, {"file": file, "sender": SENDER})
    assert error.value.code == "exchange.file-too-large"


def test_another_province_sees_no_list(client: Client, officer: Officer) -> None:
    file = bring(officer, workbook(ROWS))
    client.force_login(make_officer("far", path="/01/"))
    assert client.get(f"/cases/import/{file.pk}").status_code == 404
    assert list(client.get("/cases/import").context["files"]) == []


def pair(officer: Officer) -> MatchCandidate:
    for name in ("Nguyen Thi Lan", "Nguyễn Thị Lan"):
        register_person(name=name, sex=2, birth_year=1990, scope_path=WARD, by=officer, purpose="t")
    duplicates.search_register()
    return MatchCandidate.objects.order_by("-pk").filter(reasons__contains=["name-marks"]).latest("newer_id")


def test_doubles_are_merged_with_their_cases_and_parted_again(client: Client, officer: Officer) -> None:
    bring(officer, workbook(ROWS))
    found = pair(officer)
    case = Case.objects.order_by("pk")[0]
    Case.objects.filter(pk=case.pk).update(person=found.newer_id)
    page = client.get("/cases/duplicates", headers={"Accept-Language": "vi"}).content.decode()
    assert "cùng họ tên, thiếu dấu" in page
    assert "Nguyễn Thị Lan" in client.get(f"/cases/duplicates/{found.pk}").content.decode()
    client.post(f"/cases/duplicates/{found.pk}", {"step": "merge", "take-name": "newer"})
    case.refresh_from_db()
    assert case.person == found.older_id
    done = Merge.objects.get()
    client.post(f"/cases/duplicates/undo/{done.pk}")
    case.refresh_from_db()
    assert case.person == found.newer_id


def test_two_open_cases_become_one_and_two_again(client: Client, officer: Officer) -> None:
    bring(officer, workbook(ROWS))
    found = pair(officer)
    one, other = Case.objects.order_by("pk")
    Case.objects.filter(pk=one.pk).update(person=found.older_id)
    Case.objects.filter(pk=other.pk).update(person=found.newer_id)
    client.post(f"/cases/duplicates/{found.pk}", {"step": "merge"})
    other.refresh_from_db()
    assert (other.status, other.person) == ("withdrawn", found.older_id)
    client.post(f"/cases/duplicates/undo/{Merge.objects.get().pk}")
    other.refresh_from_db()
    assert (other.status, other.person) == ("confirmed", found.newer_id)


def test_kept_apart_and_not_proposed_again(client: Client, officer: Officer) -> None:
    found = pair(officer)
    client.post(f"/cases/duplicates/{found.pk}", {"step": "apart"})
    assert client.get("/cases/duplicates").context["pairs"] == []
    assert NotSamePair.objects.count() == 1


def test_search_is_asked_of_the_worker(client: Client, officer: Officer) -> None:
    client.post("/cases/duplicates/search")
    assert client.get("/cases/duplicates").context["waiting"]
