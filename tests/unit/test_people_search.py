"""Finding people: any order, with or without marks, one word or four, by number, and only within the scope."""

import pytest

from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent
from vungxanh.core.scope import path_of
from vungxanh.core.vietnamese import toned
from vungxanh.people.actions import bulk_register
from vungxanh.people.names import folded_words, trigrams
from vungxanh.people.queries import search
from vungxanh.people.schemas import DocumentIn, Found, PersonIn
from vungxanh.people.scope import SYSTEM

pytestmark = pytest.mark.django_db

NAMES = [
    "Nguyễn Thị Lan", "Nguyễn Thị Lân", "Nguyễn Văn Lan", "Trần Thị Lan Anh", "Y Blô", "Y Blơ Niê", "K'Brếp",
    "Danh Út", "Út", "H'Hen Niê", "Đỗ Đức Độ", "Nguyễn Đình Đại", "Lý A Páo", "Hoàng Thuý", "Hoàng Thúy",
]  # fmt: skip


@pytest.fixture
def ids() -> dict[str, int]:
    made = bulk_register([PersonIn(name=name, birth_year=1990) for name in NAMES], by=None, purpose="test")
    return dict(zip(NAMES, made, strict=True))


def first(text: str) -> Found:
    return search(text, by=SYSTEM, purpose="test")[0]


@pytest.mark.parametrize("name", NAMES)
def test_everybody_is_found_first_by_their_own_name(ids: dict[str, int], name: str) -> None:
    equal = {other for other in NAMES if toned(other) == toned(name)}
    assert first(name).id in {ids[other] for other in equal}


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("NGUYEN THI LAN", "Nguyễn Thị Lan"),
        ("Lan Nguyễn Thị", "Nguyễn Thị Lan"),
        ("nguyễn thị lân", "Nguyễn Thị Lân"),
        ("N. T. Lân", "Nguyễn Thị Lan"),
        ("Nguyen Thi Lna", "Nguyễn Thị Lan"),
        ("y blo", "Y Blô"),
        ("Kbrep", "K'Brếp"),
        ("K’Brêp", "K'Brếp"),
        ("K'Brep'", "K'Brếp"),
        ("ut", "Út"),
        ("do duc do", "Đỗ Đức Độ"),
        ("Ly A Pao", "Lý A Páo"),
        ("h hen nie", "H'Hen Niê"),
        ("HHen Nie", "H'Hen Niê"),
    ],
)
def test_other_spellings_find_the_person(ids: dict[str, int], asked: str, name: str) -> None:
    found = [item.id for item in search(asked, by=SYSTEM, purpose="test")]
    assert ids[name] in found[:3]


def test_the_same_marks_stand_before_other_marks(ids: dict[str, int]) -> None:
    order = [item.id for item in search("Nguyễn Thị Lân", by=SYSTEM, purpose="test")]
    assert order[:2] == [ids["Nguyễn Thị Lân"], ids["Nguyễn Thị Lan"]]


def test_answers_are_masked(ids: dict[str, int]) -> None:
    assert first("Y Blô").masked.startswith("Y. Blô, ")


@pytest.mark.parametrize("text", ["0944 713 700", "+84944713700", "019190000123", "019.190.000.123", "c1234567"])
def test_numbers_find_their_holder_exactly(text: str) -> None:
    documents = [DocumentIn("cccd", "019190000123"), DocumentIn("passport", "C1234567")]
    record = PersonIn(name="Danh Út", phones=["0944713700"], documents=documents)
    person = bulk_register([PersonIn(name="Út", phones=["0944713701"]), record], by=None, purpose="test")[1]
    found = search(text, by=SYSTEM, purpose="test")
    assert [item.id for item in found] == [person]
    assert found[0].score == 100


def test_nobody_outside_the_scope_is_found(ids: dict[str, int]) -> None:
    from vungxanh.people.models import Assignment, Officer

    by = Officer.objects.create_user("tram", name="Trạm")
    Assignment.objects.create(officer=by, role="commune-health", scope_path=path_of("19"))
    assert search("Y Blô", by=by, purpose="test") == []
    here = bulk_register([PersonIn(name="Y Blô", scope_path=path_of("19", "05710"))], by=None, purpose="test")
    assert [item.id for item in search("Y Blô", by=by, purpose="test")] == here


def test_a_search_is_recorded_without_its_text(ids: dict[str, int]) -> None:
    search("K'Brếp", by=SYSTEM, purpose="gọi lại người báo")
    event = AuditEvent.objects.get(action="people:person:searched")
    assert (event.purpose, event.facts) == ("gọi lại người báo", {"found": [ids["K'Brếp"]]})


def test_a_search_needs_a_purpose() -> None:
    with pytest.raises(UserError) as caught:
        search("Lan", by=SYSTEM, purpose=" ")
    assert caught.value.code == "core.purpose-needed"


@pytest.mark.parametrize("text", ["", "  ", "...", "%", "'; DROP TABLE people_person; --", "🙂"])
def test_nonsense_finds_nobody(ids: dict[str, int], text: str) -> None:
    assert search(text, by=SYSTEM, purpose="test") == []


def test_short_words_have_trigrams_too() -> None:
    assert trigrams(folded_words("Út")) == {"^ut", "ut$"}
    assert trigrams(folded_words("Y Blô")) == {"^y$", "^bl", "blo", "lo$"}
