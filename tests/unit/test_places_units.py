"""What codes and names mean on a day; the expected units are facts of the reform, looked up by hand."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from vungxanh.cli import cli
from vungxanh.core.errors import UserError
from vungxanh.places.search import bare, search
from vungxanh.places.units import ancestors, children, convert, find, resolve

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("15", "Tỉnh Yên Bái", "Tỉnh Lào Cai"),
        ("24", "Tỉnh Bắc Giang", "Tỉnh Bắc Ninh"),
        ("44", "Tỉnh Quảng Bình", "Tỉnh Quảng Trị"),
        ("52", "Tỉnh Bình Định", "Tỉnh Gia Lai"),
        ("80", "Tỉnh Long An", "Tỉnh Tây Ninh"),
        ("82", "Tỉnh Tiền Giang", "Tỉnh Đồng Tháp"),
        ("91", "Tỉnh Kiên Giang", "Tỉnh An Giang"),
    ],
)
def test_a_province_code_changes_meaning_overnight(code: str, before: str, after: str) -> None:
    assert resolve(code, BEFORE).full_name == before
    assert resolve(code, AFTER).full_name == after


def test_dong_nai_becomes_a_city_and_its_communes_wards() -> None:
    assert resolve("75", date(2026, 4, 29)).full_name == "Tỉnh Đồng Nai"
    assert resolve("75", date(2026, 4, 30)).full_name == "Thành phố Đồng Nai"
    assert resolve("26368", date(2026, 4, 29)).full_name == "Xã Long Thành"
    assert resolve("26368", date(2026, 4, 30)).full_name == "Phường Long Thành"


def test_years_without_an_official_table_are_not_verified() -> None:
    assert not resolve("15", date(2021, 5, 3)).verified(date(2021, 5, 3))
    assert resolve("15", date(2025, 3, 1)).verified(date(2025, 3, 1))
    assert resolve("15", AFTER).verified(AFTER)


def test_hue_before_it_was_a_city() -> None:
    assert resolve("46", date(2024, 12, 31)).full_name == "Tỉnh Thừa Thiên Huế"
    assert resolve("46", date(2025, 1, 1)).full_name == "Thành phố Huế"


def test_another_spelling_of_a_code_is_followed() -> None:
    assert resolve("06970", AFTER).code == "06978"
    assert resolve("06970", BEFORE).full_name == "Thị trấn Ba Chẽ"


def test_an_unknown_code_says_what_it_means_elsewhere() -> None:
    with pytest.raises(UserError) as caught:
        resolve("001", AFTER)
    assert caught.value.code == "places.unknown-code"
    assert "Quận Ba Đình" in caught.value.text("vi")
    assert find("00000", AFTER) is None


def test_above_and_below() -> None:
    commune = resolve("05443", BEFORE)
    assert [unit.full_name for unit in ancestors(commune, BEFORE)] == ["Thành phố Thái Nguyên", "Tỉnh Thái Nguyên"]
    assert [len(children("", day)) for day in (BEFORE, AFTER)] == [63, 34]
    assert "00004" in {unit.code for unit in children("01", AFTER)}
    assert children("498", BEFORE) == []  # Hoàng Sa had no commune


def test_a_whole_commune_moves() -> None:
    answer = convert("00013", BEFORE, AFTER)
    assert answer.certain
    assert answer.certain.full_name == "Phường Ba Đình"
    assert answer.candidates[0].share == "whole"


def test_an_ambiguous_split_lists_its_candidates() -> None:
    """Ngọc Hà went to the wards of Ba Đình and Ngọc Hà, part by part."""
    answer = convert("00016", BEFORE, AFTER)
    assert answer.ambiguous
    assert answer.certain is None
    assert {(c.unit.full_name, c.share) for c in answer.candidates} == {
        ("Phường Ba Đình", "part"),
        ("Phường Ngọc Hà", "part"),
    }


def test_land_without_residents_moves_nobody() -> None:
    """Hòa Bình of Kim Thành: all residents to Kim Thành, a strip of land to Hà Nam."""
    answer = convert("10798", BEFORE, AFTER)
    assert [c.unit.full_name for c in answer.candidates] == ["Xã Kim Thành"]
    assert [c.unit.full_name for c in answer.area_only] == ["Xã Hà Nam"]
    assert not answer.ambiguous


def test_backwards_a_new_commune_has_its_parents() -> None:
    answer = convert("26732", AFTER, BEFORE)
    assert [c.unit.full_name for c in answer.candidates] == ["Huyện Côn Đảo"]
    assert convert("00004", AFTER, BEFORE).ambiguous


def test_districts_and_provinces_convert() -> None:
    assert {c.unit.full_name for c in convert("80", BEFORE, AFTER).candidates} == {"Tỉnh Tây Ninh"}
    assert {c.unit.full_name for c in convert("80", AFTER, BEFORE).candidates} == {"Tỉnh Tây Ninh", "Tỉnh Long An"}
    assert [c.unit.full_name for c in convert("498", BEFORE, AFTER).candidates] == ["Đặc khu Hoàng Sa"]
    assert convert("001", BEFORE, AFTER).ambiguous


def test_within_one_scheme_a_code_stays() -> None:
    answer = convert("26368", AFTER, date(2026, 5, 1))
    assert answer.certain
    assert answer.certain.full_name == "Phường Long Thành"


@pytest.mark.parametrize(
    "written",
    [
        "Phường Hoà Bình",
        "phuong hoa binh",
        "P. Hòa  Bình",
        "P.HOÀ BÌNH",
        "hòa bình, phú thọ",
        "Hoà Bình, Hòa Bình",
    ],
)
def test_a_name_in_any_spelling(written: str) -> None:
    found = [m.unit for m in search(written, date(2026, 1, 1)) if m.unit.code == "04795"]
    assert [unit.full_name for unit in found] == ["Phường Hòa Bình"]


def test_an_old_name_says_what_it_is_now() -> None:
    match = search("Phường Quán Thánh", date(2026, 1, 1))[0]
    assert match.unit.until == AFTER
    assert match.today
    assert match.today.certain
    assert match.today.certain.full_name == "Phường Ba Đình"


def test_units_in_force_stand_before_those_gone() -> None:
    day = date(2026, 1, 1)
    in_force = [m.unit.in_force(day) for m in search("Tân An", day)]
    assert in_force == sorted(in_force, reverse=True)
    assert in_force[0]


@pytest.mark.parametrize(
    ("written", "kept"),
    [("Q.10", "10"), ("P01", "1"), ("TP. Thủ Đức", "thu duc"), ("xã Xà Phiên", "xa phien"), ("Quận", "quan")],
)
def test_the_word_for_the_kind_is_left_out(written: str, kept: str) -> None:
    assert bare(written) == kept


def test_quarters_of_a_city_are_narrowed_by_what_is_above_them() -> None:
    found = search("phuong 10, q.10, tp hcm", BEFORE)
    assert [(m.unit.full_name, m.unit.code) for m in found] == [("Phường 10", "27178")]
    assert {m.unit.full_name for m in search("Quận 1, Sài Gòn", BEFORE)} >= {"Quận 1"}


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(UserError):
        search("  ,  ")


def run(*args: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["places", "resolve", *args])
    return done.exit_code, done.stdout


def test_command_answers_by_date() -> None:
    before = json.loads(run("--code", "15", "--on", "2024-01-01")[1])
    after = json.loads(run("--code", "15", "--on", "2026-01-01")[1])
    assert (before["name"], before["scheme"], before["verified"]) == ("Yên Bái", "vn-2004", False)
    assert (after["name"], after["scheme"], after["verified"]) == ("Lào Cai", "vn-2025", True)


def test_command_converts() -> None:
    answer = json.loads(run("--code", "00016", "--on", "2025-01-05", "--to", "2026-01-01")[1])
    assert answer["to"]["ambiguous"] is True
    assert {c["code"] for c in answer["to"]["candidates"]} == {"00004", "00008"}


def test_command_wants_a_code_or_a_name() -> None:
    assert run()[0] == 2
    assert run("--code", "15", "--name", "x")[0] == 2
