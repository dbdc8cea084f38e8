"""What a gate takes for a person, how strong that is, and what it refuses."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from PIL import Image

from tests.unit.test_codes_certificates import certified
from vungxanh.codes.signed import Kind, short, step_at
from vungxanh.codes.template import FIELDS, Template, checked, fill
from vungxanh.core.errors import UserError
from vungxanh.people.actions import register_person
from vungxanh.people.models import IdentityDocument, MatchCandidate, Person
from vungxanh.places.actions import create_place
from vungxanh.places.models import Place
from vungxanh.places.schemas import NewPlace
from vungxanh.venues.badges import bind_card, key, unbind_card
from vungxanh.venues.evidence_class import Strength
from vungxanh.venues.ingest import Outcome, Sender, take
from vungxanh.venues.links import tag_keys
from vungxanh.venues.models import Badge, CodeTemplate, ScanRecord, Visit
from vungxanh.venues.personal import PERSON_EVERY
from vungxanh.venues.queries import shown
from vungxanh.venues.schemas import Guest, ScanIn

pytestmark = pytest.mark.django_db

LAN = "019190000123||Nguyễn Thị Lan|01011990|Nữ|Tổ 5, Phan Đình Phùng, Thái Nguyên|01052021"
#: ICAO Doc 9303 part 4, the specimen of Utopia
PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


def place(name: str = "Chợ Thái", kind: str = "market") -> Place:
    return create_place(
        by=None, new=NewPlace(kind=kind, name=name, commune_code="05443", commune_on=date(2026, 1, 1))
    )


@pytest.fixture
def market() -> Place:
    return place()


def scan(own: str, code: str = "", minutes_ago: float = 1, **more: Any) -> ScanIn:
    return ScanIn(id=own, at=timezone.now() - timedelta(minutes=minutes_ago), code=code, **more)


def one(record: ScanIn, at: Place, gate: str = "gate:1") -> tuple[str, str]:
    verdict = take([record], sender=Sender(gate, at)).verdicts[0]
    return verdict.status, verdict.reason


def person_of(outcome: Outcome) -> int:
    assert outcome.people[0]
    return outcome.people[0]


def test_a_card_s_code_is_no_verified_document_and_joins_nobody(market: Place) -> None:
    known = register_person(
        name="Nguyễn Thị Lan", documents=[], by=None, purpose="test", birth_year=1990, sex=2, phones=[]
    )
    IdentityDocument.objects.all().delete()
    take([scan("a", LAN)], sender=Sender("gate:1", market))
    assert ScanRecord.objects.get().strength == Strength.SCANNED_CARD
    assert Visit.objects.get().strength == Strength.SCANNED_CARD
    assert list(IdentityDocument.objects.values_list("verified", flat=True)) == [False]
    assert ScanRecord.objects.get().person != known


def test_the_same_number_typed_elsewhere_is_a_candidate_for_a_person_to_judge(market: Place) -> None:
    from vungxanh.people.schemas import DocumentIn

    register_person(
        name="Nguyễn Thị Lan", birth_year=1990, sex=2, by=None, purpose="test",
        documents=[DocumentIn("cccd", "019190000123")],
    )  # fmt: skip
    take([scan("a", LAN)], sender=Sender("gate:1", market))
    assert Person.objects.filter(same_as=None).count() == 2
    assert MatchCandidate.objects.get().reason == "typed-document"


def test_a_passport_s_zone_is_a_person(market: Place) -> None:
    outcome = take([scan("a", PASSPORT)], sender=Sender("gate:1", market))
    assert shown(person_of(outcome)) == "E. A. M., nữ, 1974"
    assert ScanRecord.objects.get().strength == Strength.SCANNED_CARD
    wrong = PASSPORT.replace("L898902C36", "L898902C37")
    assert one(scan("b", wrong), market) == ("refused", "venues.read-again")


def test_a_printed_card_and_a_lost_one(market: Place) -> None:
    person = register_person(name="Danh Út", birth_year=1950, sex=1, by=None, purpose="test")
    card = bind_card(77, person)
    code = short(Kind.CARD, 77, tag_keys()[-1])
    outcome = take([scan("a", code)], sender=Sender("gate:1", market))
    assert (person_of(outcome), ScanRecord.objects.get().strength) == (person, Strength.SIGNED_CODE)
    unbind_card(card, timezone.now())
    assert one(scan("b", code), market) == ("refused", "venues.declare-first")


def rotating(number: int, person: int, minutes_ago: float = 0) -> str:
    Badge.objects.get_or_create(key=key("phone-code", str(number)), defaults={"person_id": person})
    second = (timezone.now() - timedelta(minutes=minutes_ago)).timestamp()
    return short(Kind.PERSON, number, tag_keys()[-1], step_at(second, PERSON_EVERY))


def test_a_rotating_code_counts_once_and_soon(market: Place) -> None:
    person = register_person(name="Lò Thị Mai", birth_year=1980, sex=2, by=None, purpose="test")
    code = rotating(5, person)
    assert one(scan("a", code, 0), market) == ("accepted", "")
    # a photograph of it, at another place within the minute, and an old one
    assert one(scan("b", code, 0), place("Quán", "cafe"), "gate:2") == ("refused", "venues.code-used")
    assert one(scan("c", rotating(5, person, 10), 0), market) == ("refused", "venues.code-old")


def test_a_rotating_code_read_offline_is_judged_by_the_time_of_reading(market: Place) -> None:
    person = register_person(name="Lò Thị Mai", birth_year=1980, sex=2, by=None, purpose="test")
    assert one(scan("a", rotating(5, person, 600), 600), market) == ("accepted", "")


def test_four_digits_and_a_year_are_somebody_until_the_day_is_over(market: Place) -> None:
    noon = (timezone.localtime() - timedelta(days=1)).replace(hour=12, minute=0)
    ago = (timezone.now() - noon).total_seconds() / 60  # one day for all, whatever the hour of the test
    first = take([scan("a", "0123 1990", ago + 30)], sender=Sender("gate:1", market))
    again = take([scan("b", "0123 1990", ago + 10)], sender=Sender("gate:1", market))
    elsewhere = take([scan("c", "0123 1990", ago + 10)], sender=Sender("gate:2", place("Quán", "cafe")))
    typed = take(
        [scan("d", minutes_ago=ago, guest=Guest(tail="0123", birth_year=1990))], sender=Sender("gate:1", market)
    )
    assert person_of(first) == person_of(again) == person_of(typed) != person_of(elsewhere)
    assert shown(person_of(first)) == "T. …0123, 1990"
    assert set(ScanRecord.objects.values_list("strength", flat=True)) == {Strength.TYPED}


def test_a_card_of_an_unknown_layout_asks_for_the_digits(market: Place) -> None:
    new_card = "Nguyễn Thị Lan|x1|019190000123|a|b|c|d|e"
    assert one(scan("a", new_card), market) == ("refused", "venues.type-the-card")
    CodeTemplate.objects.create(
        name="Thẻ căn cước 2024", separator="|", fields=["name", "-", "cccd", "-", "-", "-", "-", "-"]
    )
    outcome = take([scan("b", new_card)], sender=Sender("gate:1", market))
    assert shown(person_of(outcome)) == "N. T. L."
    typed = take([scan("c", "019190000123")], sender=Sender("gate:1", market))
    assert typed.people == outcome.people


def test_a_template_guesses_nothing() -> None:
    whole = Template("App", "|", ("qid", "name", "birth", "sex", "issued"), prefix="APP:", declares=True)
    found = fill("APP:88|TRAN AN|1987-01-18|1|2026-11-20T08:00", [whole])
    assert found
    assert (found.qid, found.name, found.birth_year, found.sex) == ("88", "TRAN AN", 1987, "M")
    assert found.issued
    assert found.issued.isoformat() == "2026-11-20T08:00:00+07:00"
    assert fill("88|TRAN AN|1987-01-18|1|2026-11-20", [whole]) is None
    assert fill("APP:88|TRAN AN|1987-01-18|1", [whole]) is None
    number = Template("Card", "|", ("cccd", "name"))
    assert fill("01919000012|TRAN AN", [number]) is None


@pytest.mark.parametrize(
    "wrong",
    [
        Template("a", "|", ("name", "birth")),
        Template("a", "ab", ("cccd", "name")),
        Template("a", "|", ("cccd", "cccd")),
        Template("a", "|", ("cccd", "colour")),
    ],
)
def test_a_template_that_says_nobody_is_refused(wrong: Template) -> None:
    with pytest.raises(UserError) as refused:
        checked(wrong)
    assert refused.value.code == "codes.bad-template"
    assert "-" in FIELDS


def test_an_insurance_card_keeps_its_person_when_its_prefix_changes(market: Place) -> None:
    def card(number: str) -> str:
        name, where = "Lò Thị Mai".encode().hex(), "Tổ 5".encode().hex()
        return f"{number}|{name}|18/01/1970|2|{where}|01 - 061|01/01/2026|31/12/2026|01/01/2026|01061|-|4|x|y|$"

    first = take([scan("a", card("HS4010120878821"))], sender=Sender("gate:1", market))
    second = take([scan("b", card("GD4190120878821"), 0)], sender=Sender("gate:1", market))
    assert first.people == second.people
    assert set(IdentityDocument.objects.values_list("verified", flat=True)) == {False}


def test_a_european_certificate_names_its_holder(market: Place) -> None:
    text = certified(ec.generate_private_key(ec.SECP256R1()), b"12345678")
    outcome = take([scan("a", text)], sender=Sender("gate:1", market))
    assert outcome.verdicts[0].status == "accepted"
    assert ScanRecord.objects.get().strength == Strength.SHOWN_CODE  # nobody vouches for its signer here


def test_a_card_is_printed_and_read_back() -> None:
    from vungxanh.venues.cards import Card, draw

    code = short(Kind.CARD, 77, tag_keys()[-1])
    png = draw([Card("D. Ú., nam, 1950", "VX-C-77", code)], language="vi", picture="png")
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    assert [one.text for one in found] == [code]
