"""Bad input, item by item: of documents, certificates, journeys, persons. And the faults of the form of 2020."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.functional.test_border_flow import FORM, answers, declare, officer
from tests.unit.test_codes_certificates import NOW, P256, certificate, certified

from vungxanh.border import entry_forms, imports, queries, zone
from vungxanh.border.actions import entries, lists
from vungxanh.border.certificates import judge
from vungxanh.border.models import Certificate, Draft
from vungxanh.border.schemas import Given
from vungxanh.codes import mrz, trust
from vungxanh.core.errors import UserError
from vungxanh.people.models import MatchCandidate, Officer
from vungxanh.people.queries import reveal
from vungxanh.people.schemas import DocumentIn, PersonOut

pytestmark = pytest.mark.django_db
form = entry_forms.form(FORM)


def zone_of(number: str = "B1234567", birth: str = "900215", expiry: str = "300215", name: str = "") -> str:
    """A passport's zone with every check digit right, worked out by the published rule."""
    number = number.ljust(9, "<")
    parts = [number, birth, expiry, "<" * 14]
    digits = [str(mrz.check_digit(part)) for part in parts]
    whole = "".join(part + digit for part, digit in zip(parts, digits, strict=True))
    second = f"{number}{digits[0]}VNM{birth}{digits[1]}M{expiry}{digits[2]}{'<' * 14}{digits[3]}"
    return f"{('P<VNM' + (name or 'NGUYEN<<VAN<AN')).ljust(44, '<')}\n{second}{mrz.check_digit(whole)}"


@pytest.fixture
def border() -> Officer:
    return officer("Kiểm dịch")


# ------------------------------------------------------------------ zones at the desk


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda text: text.lower(),
        lambda text: text.replace("\n", ""),
        lambda text: text[:43] + text[44:],  # one filler of the first line was lost: 43 characters
        lambda text: text[:-3] + text[-1:],  # fillers of the second line were lost
        lambda text: f"  {text}  \r\n",
    ],
)
def test_a_spoilt_zone_still_finds_its_declaration(border: Officer, spoilt: Any) -> None:
    row = declare()
    found = queries.scanned(spoilt(zone_of()), border, timezone.now())
    assert found is not None
    assert found.pk == row.pk


def test_a_letter_o_for_a_zero_is_said_and_not_guessed(border: Officer) -> None:
    declare(document="B1234067")
    text = zone_of("B1234067").replace("B1234067", "B1234O67")
    assert queries.scanned(text, border, timezone.now()) is None
    found = zone.of(text)
    assert found is not None
    assert (found.valid, found.suggestion is not None) == (False, True)


def test_diacritics_in_a_zone_are_mended_and_said() -> None:
    found = mrz.parse(zone_of().replace("NGUYEN", "NGUYỄN"), date(2026, 11, 22))
    assert (found.surname, found.valid) == ("NGUYEN", True)
    assert found.warnings


PERSON = PersonOut(1, "Nguyễn Văn An", 1, None, 1990, "VNM", [], [DocumentIn("passport", "B1234567")], "", "", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (zone_of(), []),
        (zone_of(expiry="200101"), ["expired"]),
        (zone_of(name="TRAN<<VAN<AN"), ["name"]),
        (zone_of("C7654321"), ["document"]),
        (zone_of(birth="850215"), ["birth_year"]),
        (zone_of().replace("VNM90", "LAO90"), ["nationality"]),
        (zone_of().replace("B1234567", "B1234568"), ["document", "check-digit"]),
    ],
)
def test_what_the_document_and_the_declaration_differ_in(text: str, expected: list[str]) -> None:
    found = zone.of(text)
    assert found is not None
    assert zone.differences(found, PERSON, date(2026, 11, 22)) == expected


def test_the_desk_says_what_the_document_differs_in(client: Client, border: Officer) -> None:
    declare(birth_year=1985)
    client.force_login(border)
    found = client.post(reverse("border:scan"), {"code": zone_of(expiry="200101")})
    assert "B1234567" not in found["Location"]
    page = client.get(found["Location"]).content.decode()
    assert "năm sinh, giấy tờ đã hết hạn" in page


# ------------------------------------------------------------------ certificates


GOOD = certified(P256, certificate(P256).kid)


@pytest.mark.parametrize(
    "text",
    [
        GOOD[: len(GOOD) // 2],
        "HC2:" + GOOD[4:],
        "HC1:",
        "HC1:" + "A" * 19_000,
        "not a certificate",
        '{"data":',
    ],
)
def test_a_broken_certificate_does_not_stop_the_declaration(client: Client, text: str) -> None:
    draft = entries.start(form=FORM, answers=answers())
    response = client.post(reverse("border:check", args=[draft.token]), {"certificate": text})
    assert response.status_code == 302
    assert Certificate.objects.count() == 0


def test_a_bomb_is_refused_before_it_unfolds() -> None:
    import zlib

    import base45

    bomb = "HC1:" + base45.b45encode(zlib.compress(b"\0" * 50_000_000, 9)).decode()
    with pytest.raises(UserError):
        judge(bomb, trust.TrustList(), NOW)


def test_a_certificate_of_the_future_is_not_valid_yet() -> None:
    signer = certificate(P256)
    early = NOW - timedelta(days=30)
    assert judge(certified(P256, signer.kid), trust.of([signer]), early).verdict == "not-yet-valid"
    assert judge(certified(P256, signer.kid), trust.of([signer]), NOW).verdict == "valid"


def test_unknown_codes_of_the_value_sets_are_warned_about_and_kept() -> None:
    signer = certificate(P256)
    found = judge(certified(P256, signer.kid, {"mp": "EU/0/0"}), trust.of([signer]), NOW)
    assert (found.verdict, len(found.warnings) > 0) == ("valid", True)


# ------------------------------------------------------------------ journeys and persons


def test_the_flight_of_another_date_differs_in_its_day(border: Officer) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    row = declare(entry_on=tomorrow.isoformat())
    content = b"Name,Passport,DOB,Seat\nNGUYEN VAN AN,B1234567,15/02/1990,12A\n"
    taken = lists.take(content=content, file_name="a.csv", gate="HAN", flight="VN36",
                       entry_on=timezone.localdate(), by=border)  # fmt: skip
    (line,) = queries.lines(taken, border)
    assert (line.state, line.differences, line.declaration_id) == ("differs", ["day"], row.pk)


@pytest.mark.parametrize("seat", ["00A", "0", "A12", "12I", "123A"])
def test_a_seat_that_no_aeroplane_has_stops_at_its_question(seat: str) -> None:
    found = entry_forms.checked(form, answers(seat=seat), timezone.localdate()).problems
    assert [(one.question, one.code) for one in found] == [("seat", "bad-seat")]


def test_born_tomorrow_is_refused_in_a_form_and_in_a_list() -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    found = entry_forms.checked(form, answers(birth_year=tomorrow.year + 1), timezone.localdate()).problems
    assert [one.question for one in found] == ["birth_year"]
    raw = f"Name,DOB\nAN,{tomorrow:%d/%m/%Y}\n".encode()
    (line,), _ = imports.passengers(raw, timezone.localdate())
    assert line.fault.startswith("exchange.")


def test_one_person_under_two_passports_is_two_records_that_somebody_judges() -> None:
    one, other = declare(), declare(document="C7654321")
    assert one.person != other.person
    pairs = {frozenset((pair.older_id, pair.newer_id)) for pair in MatchCandidate.objects.all()}
    assert frozenset((one.person, other.person)) in pairs


# ------------------------------------------------------------------ faults of the form of 2020


@pytest.mark.parametrize("name", [one.id for one in form.questions if one.required and not one.enabled_when])
def test_every_required_question_that_is_missing_is_named(name: str) -> None:
    """Completeness was counted wrongly and never stopped anybody; the message did not say which field."""
    told = {key: value for key, value in answers().items() if key != name}
    problems = entry_forms.checked(form, told, timezone.localdate()).problems
    assert name in {one.question for one in problems}
    with pytest.raises(UserError) as caught:
        entries.declare(given=Given(FORM, told))
    assert caught.value.code == "border.not-complete"


def test_no_page_comes_with_an_answer_already_chosen(client: Client) -> None:
    first = client.post(reverse("border:begin"))["Location"]
    for page in form.pages:
        shown = client.get(first.replace("/gate", f"/{page.id}")).content.decode()
        assert " checked" not in shown
        assert " selected" not in shown


def test_typed_text_is_in_the_draft_too(client: Client) -> None:
    draft = entries.start(form=FORM)
    client.post(
        reverse("border:ask", args=[draft.token, "name"]), {"full_name": "Lê Thị C", "shown": ["full_name"]}
    )
    kept = entries.answers_of(Draft.objects.get(pk=draft.pk))
    assert kept["full_name"] == "Lê Thị C"


def test_the_day_of_a_test_is_never_filled_in_by_the_form() -> None:
    found = entry_forms.checked(form, answers(tested="negative"), timezone.localdate())
    assert ([one.question for one in found.problems], "tested_on" in found.answers) == (["tested_on"], False)


def test_a_correction_keeps_what_stood_before(border: Officer) -> None:
    first = declare()
    second = entries.declare(given=Given(FORM, answers(near_ill=True)), corrects=first)
    first.refresh_from_db()
    assert (first.answers["near_ill"], second.answers["near_ill"]) == (False, True)
    assert reveal([first.person], by=border, purpose="test")[first.person].name == "Nguyễn Văn An"
