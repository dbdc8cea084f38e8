"""Machine-readable zones: the specimens of Doc 9303, Vietnamese cards, and every single-character change."""

import json
from datetime import date
from pathlib import Path

import pytest

from vungxanh.codes import mrz
from vungxanh.core.errors import UserError

TODAY = date(2026, 11, 22)
# The specimens printed in ICAO Doc 9303 parts 4 to 7.
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
MRVA = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<"
MRVB = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<"
CARD = "IDVNM0900000177001090000017<<8\n9002155M3002153VNM<<<<<<<<<<<2\nNGUYEN<<VAN<A<<<<<<<<<<<<<<<<<"
SPECIMENS = {"TD3": TD3, "TD1": TD1, "TD2": TD2, "MRV-A": MRVA, "MRV-B": MRVB}


@pytest.mark.parametrize(("kind", "text"), SPECIMENS.items())
def test_specimens(kind: str, text: str) -> None:
    read = mrz.parse(text, TODAY)
    assert (read.format, read.valid, read.surname, read.given) == (kind, True, "ERIKSSON", "ANNA MARIA")
    assert read.issuer == "UTO"


def test_fields_of_the_passport_specimen() -> None:
    read = mrz.parse(TD3, TODAY)
    assert (read.number, read.nationality, read.sex) == ("L898902C3", "UTO", "F")
    assert (read.birth, read.expiry, read.optional) == (date(1974, 8, 12), date(2012, 4, 15), "ZE184226B")
    assert [item.code for item in read.warnings] == ["mrz-expired"]


@pytest.mark.needs_data
def test_vietnamese_cards(data: Path) -> None:
    vectors = json.loads((data / "identity" / "cccd_td1_synthetic.json").read_text())["vectors"]
    assert len(vectors) == 5
    for vector in vectors:
        read = mrz.parse("\n".join(vector["lines"]), TODAY)
        checks = dict(read.checks)
        for ours, theirs in (("number", "doc"), ("birth", "dob"), ("expiry", "exp"), ("composite", "comp")):
            assert checks[ours] == vector["check"][theirs], (vector["id"], ours)
        assert read.personal_number == vector["id"]
        assert read.valid == ("expect" not in vector)
        assert checks["personal_number"] == ("expect" not in vector)


def test_card_without_an_end_expires_in_2099() -> None:
    text = "IDVNM0661234569092066123456<<8\n6611019M9912315VNM<<<<<<<<<<<8\nPHAM<<HUNG<<<<<<<<<<<<<<<<<<<<"
    assert mrz.parse(text, TODAY).expiry == date(2099, 12, 31)


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        ("261122", date(2026, 11, 22)),
        ("261123", date(1926, 11, 23)),
        ("000229", date(2000, 2, 29)),
        ("740230", None),
    ],
)
def test_birth_is_never_in_the_future(birth: str, expected: date | None) -> None:
    text = TD3[:58] + birth + str(mrz.check_digit(birth)) + TD3[65:]
    assert mrz.parse(text, TODAY).birth == expected


def test_a_long_number_goes_on_in_the_optional_field() -> None:
    # Doc 9303-5: D23145890734 with check digit 9 stands as D23145890 < 7349
    text = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
    read = mrz.parse(text, TODAY)
    assert (read.number, read.valid) == ("D23145890734", True)


def test_truncated_and_single_names() -> None:
    cut = "P<UTONILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K" + TD3[44:]
    assert mrz.parse(cut, TODAY).truncated
    one = "P<UTOARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<" + TD3[44:]
    read = mrz.parse(one, TODAY)
    assert (read.surname, read.given, read.truncated) == ("ARKFREITH", "", False)


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (TD3.lower(), "mrz-lower-case"),
        (TD3.replace("ERIKSSON", "ÉRIKSSÖN"), "mrz-diacritics"),
        (TD3.replace("<<<\nL", "\nL"), "mrz-filler"),
        (TD3.replace("<<<<<10", "<<<<10"), "mrz-filler"),
        (TD3.replace("P<UTO", "P<QQQ"), "mrz-country"),
    ],
)
def test_typing_faults_are_mended_and_said(text: str, warning: str) -> None:
    read = mrz.parse(text, TODAY)
    assert read.valid
    assert warning in [item.code for item in read.warnings]


def test_one_long_line_and_spaces_are_read() -> None:
    assert mrz.parse(TD3.replace("\n", ""), TODAY).valid
    assert mrz.parse(" P < U T O" + TD3[5:], TODAY).valid


def test_letter_o_for_zero_is_suggested_and_not_applied() -> None:
    read = mrz.parse(TD3.replace("1204159", "12O4159"), TODAY)
    assert (read.valid, read.suggestion) == (False, TD3)
    assert read.expiry is None
    assert "mrz-suggestion" in [item.code for item in read.warnings]
    read = mrz.parse(TD3.replace("L898902C3", "L8989O2C3"), TODAY)
    assert (read.valid, read.suggestion) == (False, TD3)


@pytest.mark.parametrize("text", ["", "P<UTO", TD3[:60], TD3 + "\n" + TD3, "xin chào", TD3[:44]])
def test_what_is_no_zone(text: str) -> None:
    with pytest.raises(UserError):
        mrz.parse(text, TODAY)


def test_a_letter_that_no_zone_has_is_named_with_its_place() -> None:
    with pytest.raises(UserError) as caught:
        mrz.parse(TD3.replace("ERIKSSON", "ERIK$SON"), TODAY)
    assert caught.value.params == {"line": 1, "place": 10, "letter": "$"}


# ------------------------------------------------------------------ every single-character change

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"


def worth(letter: str) -> int:
    """Value under the check digit, written out apart from the code under test."""
    return 0 if letter == "<" else LETTERS.index(letter) + 10 if letter.isalpha() else int(letter)


def blind(text: str, covered: range, digits: set[int]) -> set[tuple[int, str]]:
    """Changes that 7-3-1 cannot see: values that differ by a multiple of ten, as 7, 3 and 1 are prime to it."""
    spots = set()
    for place in covered:
        if place not in digits:
            alike = {x for x in LETTERS if (worth(x) - worth(text[place])) % 10 == 0} - {text[place]}
            spots |= {(place, x) for x in alike}
    return spots


@pytest.mark.parametrize(
    ("text", "covered", "digits", "alphanumeric"),
    [
        # second line: number 0-8, check 9, birth 13-19, expiry 21-27, optional 28-41, checks 42 and 43
        (TD3, [*range(45, 55), *range(58, 65), *range(66, 89)], {54, *range(58, 65), *range(66, 73), 87, 88}, 23),
        # first line from 5, check 14; second line: birth 0-6, expiry 8-14, optional 18-28, check 29
        (
            TD1,
            [*range(5, 30), *range(31, 38), *range(39, 46), *range(49, 61)],
            {14, *range(31, 38), *range(39, 46), 60},
            35,
        ),
    ],
)
def test_every_single_change_is_found_but_the_blind_spots(
    text: str, covered: list[int], digits: set[int], alphanumeric: int
) -> None:
    assert len([place for place in covered if place not in digits]) == alphanumeric
    missed = set()
    for place in covered:
        for letter in LETTERS.replace(text[place], ""):
            if mrz.parse(text[:place] + letter + text[place + 1 :], TODAY).valid:
                missed.add((place, letter))
    expected = set()
    for place in covered:
        expected |= blind(text, range(place, place + 1), digits)
    assert missed == expected
    # By hand: residue 0 has five letters, 0 A K U <, so 4 changes are blind; residues 1-5 have four letters
    # (3 blind), 6-9 three (2 blind). TD3: L898902C3 gives 3+2+2+2+2+4+3+3+3 = 24, ZE184226B 25, five < 20.
    # TD1: D23145890 gives 26, fifteen < give 60, eleven < give 44.
    tried = len(covered) * (len(LETTERS) - 1)
    assert (len(missed), tried) == ({23: 69, 35: 130}[alphanumeric], {23: 1440, 35: 1836}[alphanumeric])
