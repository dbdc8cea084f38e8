"""Our table of administrative units against the official ones. Every difference is named, with its reason.

`places_differences.toml` holds them; a difference that is not there fails, and so does one that is gone.
"""

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.contract import official_units as official
from vungxanh.core.vietnamese import toned
from vungxanh.places.table import NEW, OLD, REFORM, Unit, table
from vungxanh.places.units import ancestors, convert

pytestmark = pytest.mark.needs_data

NAMED: dict[str, Any] = tomllib.loads(Path(__file__).with_name("places_differences.toml").read_text("utf-8"))
LAST_DAY = REFORM - date.resolution


@pytest.fixture(scope="module")
def folder(data: Path) -> Path:
    return data / "places"


def ours(scheme: str, on: date, length: int) -> dict[str, Unit]:
    return {u.code: u for u in table().units if u.scheme == scheme and u.in_force(on) and len(u.code) == length}


def named(section: str) -> Any:
    """Values of all blocks of a section of the file of differences, put together."""
    blocks = NAMED[section]
    if "codes" in blocks[0]:
        return {code for block in blocks for code in block["codes"]}
    return {key: value for block in blocks for key, value in block["is"].items()}


def differing(pairs: dict[str, tuple[str, str]]) -> dict[str, list[str]]:
    return {code: [theirs, own] for code, (theirs, own) in pairs.items() if toned(theirs) != toned(own)}


def test_every_difference_has_a_reason() -> None:
    blocks = [block for section in NAMED.values() for block in section]
    assert all(len(block["reason"]) > 20 for block in blocks)


def test_counts_before_and_after_the_reform() -> None:
    assert [len(ours(OLD, LAST_DAY, size)) for size in (2, 3, 5)] == [63, 696, 10035]
    for day, kinds in ((REFORM, (2621, 687, 13)), (date(2026, 4, 30), (2611, 697, 13))):
        counted = Counter(unit.kind for unit in ours(NEW, day, 5).values())
        assert (counted["Xã"], counted["Phường"], counted["Đặc khu"]) == kinds
        assert len(ours(NEW, day, 2)) == 34


def test_old_communes_against_the_list_of_january_2025(folder: Path) -> None:
    theirs, own = official.old_list(folder), ours(OLD, LAST_DAY, 5)
    assert theirs.keys() - own.keys() == named("list_2025_01_04_only_official")
    assert own.keys() - theirs.keys() == named("list_2025_01_04_only_ours")
    both = theirs.keys() & own.keys()
    assert differing({c: (theirs[c].full_name, own[c].full_name) for c in both}) == named("list_2025_01_04_names")
    parents = {c: tuple(u.code for u in ancestors(own[c], LAST_DAY)) for c in both}
    assert {c for c in both if parents[c] != theirs[c].parents} == set()


def test_old_districts_against_the_list_of_january_2025(folder: Path) -> None:
    theirs, own = official.old_districts(folder), ours(OLD, LAST_DAY, 3)
    assert theirs.keys() == own.keys()
    names = differing({c: (name, own[c].full_name) for c, name in theirs.items()})
    assert names == named("list_2025_01_04_districts")


def test_new_units_against_the_list_of_july_2026(folder: Path) -> None:
    day = date(2026, 7, 25)
    provinces, communes = official.new_list(folder)
    own = ours(NEW, day, 5)
    assert communes.keys() == own.keys()
    assert differing({c: (u.full_name, own[c].full_name) for c, u in communes.items()}) == {}
    assert {c: (own[c].parent,) for c in own} == {c: u.parents for c, u in communes.items()}
    own_provinces = ours(NEW, day, 2)
    assert provinces.keys() == own_provinces.keys()
    assert differing({c: (name, own_provinces[c].full_name) for c, name in provinces.items()}) == {}


def test_provinces_before_and_after(folder: Path) -> None:
    found = {code: convert(code, LAST_DAY, REFORM) for code in ours(OLD, LAST_DAY, 2)}
    assert {code: answer.candidates[0].unit.code for code, answer in found.items() if answer.certain} == (
        official.provinces_63_to_34(folder)
    )


def transfers_ours() -> set[tuple[str, str]]:
    recoded = {code: alias for (scheme, alias), code in table().aliases.items() if scheme == NEW}
    return {
        (old, recoded.get(new, new))
        for old, found in table().forward.items()
        for new, _ in found
        if len(old) != 2  # provinces have a table of their own
    }


def test_transfers_against_the_official_conversion_table(folder: Path) -> None:
    theirs = {(each.old, each.new) for each in official.transfers(folder) if each.old}
    own = transfers_ours()
    assert {f"{old}>{new}" for old, new in theirs - own} == named("conversion_only_official")
    assert {f"{old}>{new}" for old, new in own - theirs} == named("conversion_only_ours")
    assert {each.new for each in official.transfers(folder) if not each.old} == named("conversion_from_no_commune")


def test_shares_against_the_notes_of_the_conversion_table(folder: Path) -> None:
    """`nhập một phần diện tích` is land alone; `toàn bộ dân số` is everybody."""
    notes = {(each.old, each.new): toned(each.note) for each in official.transfers(folder)}
    land = {pair for pair, note in notes.items() if note == toned("Nhập một phần diện tích")}
    everybody = {pair for pair, note in notes.items() if toned("toàn bộ dân số") in note}
    shares = {(old, new): share for old, found in table().forward.items() for new, share in found}
    assert {pair for pair, share in shares.items() if share == "area"} == land
    assert {f"{old}>{new}" for old, new in everybody if shares.get((old, new)) != "whole"} == named(
        "conversion_only_official"
    ) & {f"{old}>{new}" for old, new in everybody}


def test_names_of_old_communes_in_the_conversion_table(folder: Path) -> None:
    own = ours(OLD, LAST_DAY, 5)
    slips = named("conversion_only_official")
    lines = [t for t in official.transfers(folder) if t.old in own and f"{t.old}>{t.new}" not in slips]
    assert differing({t.old: (t.old_name, own[t.old].full_name) for t in lines}) == named("conversion_names")


def test_how_many_communes_need_a_question(folder: Path) -> None:
    """The table has 383 old communes with residents in several new ones, two of them by its slips alone."""
    slips = named("conversion_only_official")
    targets: dict[str, set[str]] = {}
    for each in official.transfers(folder):
        if (
            each.old
            and toned(each.note) != toned("Nhập một phần diện tích")
            and f"{each.old}>{each.new}" not in slips
        ):
            targets.setdefault(each.old, set()).add(each.new)
    ambiguous = {c for c in ours(OLD, LAST_DAY, 5) if convert(c, LAST_DAY, REFORM).ambiguous}
    assert ambiguous == {code for code, found in targets.items() if len(found) > 1}
    assert len(ambiguous) == 381


def test_same_code_other_name_after_the_reform() -> None:
    old, new = ours(OLD, LAST_DAY, 2), ours(NEW, REFORM, 2)
    assert {c for c in new if toned(new[c].name) != toned(old[c].name)} == {
        "15",
        "24",
        "44",
        "52",
        "80",
        "82",
        "91",
    }
