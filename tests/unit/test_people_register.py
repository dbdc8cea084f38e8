"""Registering people: strangers stay strangers, the same verified document is the same person."""

import pytest

from vungxanh.core.errors import UserError
from vungxanh.core.models import AuditEvent
from vungxanh.people.actions import bulk_register, register_person
from vungxanh.people.merge_actions import keep_apart, merge
from vungxanh.people.models import MatchCandidate, NotSamePair, Person, Phone
from vungxanh.people.queries import canonical, masked
from vungxanh.people.schemas import DocumentIn, PersonIn

pytestmark = pytest.mark.django_db

CARD = DocumentIn("cccd", "019 190 000 123", verified=True)
TYPED = DocumentIn("cccd", "019190000123")


def lan(**more: object) -> int:
    facts: dict[str, object] = {
        "name": "Nguyễn Thị Lan",
        "sex": 2,
        "birth_year": 1990,
        "by": None,
        "purpose": "test",
    }
    return register_person(**(facts | more))  # type: ignore[arg-type]


def test_a_name_is_not_readable_in_the_table() -> None:
    person = Person.objects.get(pk=lan(address="Tổ 5"))
    assert b"Lan" not in person.name.raw
    assert person.name.open() == "Nguyễn Thị Lan"
    assert str(person.name) == "•••"


def test_same_verified_document_is_one_person() -> None:
    first = lan(documents=[CARD])
    again = register_person(
        name="NGUYEN THI LAN", documents=[CARD], phones=["0944713700"], by=None, purpose="test"
    )
    assert again == first
    assert Person.objects.count() == 1
    assert Phone.objects.get().person_id == first


def test_same_verified_document_twice_in_one_list_is_one_person() -> None:
    record = PersonIn(name="Nguyễn Thị Lan", birth_year=1990, documents=[CARD])
    ids = bulk_register([record, PersonIn(name="Y Blô"), record], by=None, purpose="test")
    assert ids[0] == ids[2] != ids[1]
    assert Person.objects.count() == 2


def test_a_typed_number_joins_nobody_and_is_a_candidate() -> None:
    first, second = lan(documents=[CARD]), lan(documents=[TYPED])
    assert first != second
    pair = MatchCandidate.objects.get()
    assert (pair.older_id, pair.newer_id, pair.reason) == (first, second, "typed-document")


def test_phone_name_and_year_make_a_candidate_that_a_person_judges() -> None:
    first = lan(phones=["0123 456 7890"])
    second = lan(phones=["+84834567890"])
    assert first != second
    pair = MatchCandidate.objects.get()
    assert pair.reason == "phone-name-year"
    merge(kept=first, given_up=second, by=None)
    assert canonical([first, second]) == {first: first, second: first}
    with pytest.raises(UserError) as caught:
        merge(kept=first, given_up=second, by=None)
    assert caught.value.code == "people.merge-chain"


@pytest.mark.parametrize(
    "other",
    [{"name": "Nguyễn Thị Hoa"}, {"birth_year": 1960}, {"birth_year": None}],
    ids=["one family phone", "mother and daughter", "year unknown"],
)
def test_one_family_phone_joins_nobody(other: dict[str, object]) -> None:
    lan(phones=["0944713700"])
    lan(phones=["0944713700"], **other)
    assert Person.objects.count() == 2
    assert MatchCandidate.objects.count() == 0


def test_namesakes_without_a_common_phone_are_strangers() -> None:
    lan(phones=["0944713700"])
    lan(phones=["0944713701"])
    assert MatchCandidate.objects.count() == 0


def test_judged_apart_is_never_proposed_again() -> None:
    first, second = lan(phones=["0944713700"]), lan(phones=["0944713700"])
    keep_apart(one=second, other=first, by=None)
    MatchCandidate.objects.all().delete()
    assert NotSamePair.objects.filter(low=first, high=second).exists()
    bulk_register([PersonIn(name="K'Brếp", phones=["0944713700"])], by=None, purpose="test")
    lan(phones=["0944713700"])
    assert not MatchCandidate.objects.filter(older=first, newer=second).exists()


def test_two_documents_of_two_people_are_told() -> None:
    first = lan(documents=[CARD])
    passport = DocumentIn("passport", "C1234567", verified=True)
    second = register_person(name="Nguyễn Thị Lan", documents=[passport], by=None, purpose="test")
    got = lan(documents=[CARD, passport])
    assert got == first
    assert MatchCandidate.objects.get(reason="two-documents").newer_id == second


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (PersonIn(name="  "), "people.name-missing"),
        (PersonIn(name="12345"), "people.name-odd"),
        (PersonIn(name="a" * 121), "people.name-too-long"),
        (PersonIn(name="Út", sex=9), "people.sex-unknown"),
        (PersonIn(name="Út", birth_year=1700), "people.birth-year-impossible"),
        (PersonIn(name="Út", documents=[DocumentIn("cccd", "123")]), "people.document-shape"),
        (PersonIn(name="Út", documents=[DocumentIn("card", "123")]), "people.document-kind"),
        (PersonIn(name="Út", phones=["12"]), "codes.bad-phone"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_half_written(record: PersonIn, code: str) -> None:
    with pytest.raises(UserError) as caught:
        bulk_register([PersonIn(name="Danh Út"), record], by=None, purpose="test")
    assert caught.value.code == code
    assert Person.objects.count() == 0
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Nguyễn Thị Lan", "N. T. Lan"), ("Y Blô", "Y. Blô"), ("K'Brếp", "K…"), ("Danh Út", "D. Út"), ("Út", "Ú…")],
)
def test_names_are_masked(name: str, shown: str) -> None:
    person = register_person(name=name, sex=2, birth_year=1990, by=None, purpose="test")
    assert masked([person, 10**12], "vi") == {person: f"{shown}, nữ, 1990"}
