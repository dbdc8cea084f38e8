"""Reads the official tables of administrative units, independently of the code under test."""

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Listed:
    """A commune as an official list has it."""

    code: str
    full_name: str
    parents: tuple[str, ...]


@dataclass(frozen=True)
class Transfer:
    """A line of the official conversion table."""

    old: str
    old_name: str
    new: str
    new_name: str
    note: str


def squeezed(text: str) -> str:
    return " ".join(text.split())


def old_list(folder: Path) -> dict[str, Listed]:
    """Communes of the list of 2025-01-04."""
    with (folder / "nso_units_3level_2025-01-04.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [[squeezed(cell) for cell in row] for row in csv.reader(file)][1:]
    return {row[5]: Listed(row[5], row[4], (row[3], row[1])) for row in rows if row[5]}


def old_districts(folder: Path) -> dict[str, str]:
    with (folder / "nso_units_3level_2025-01-04.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [[squeezed(cell) for cell in row] for row in csv.reader(file)][1:]
    return {row[3]: row[2] for row in rows}


def new_list(folder: Path) -> tuple[dict[str, str], dict[str, Listed]]:
    """Provinces and communes of the list of 2026-07-25."""
    provinces = json.loads((folder / "units_2level_2026-07-25.json").read_text("utf-8"))
    communes = {
        ward["Code"]: Listed(ward["Code"], ward["FullName"], (province["Code"],))
        for province in provinces
        for ward in province["Wards"]
    }
    return {province["Code"]: province["FullName"] for province in provinces}, communes


def transfers(folder: Path) -> list[Transfer]:
    """Lines of the conversion table that name a new commune; an island district stands by its own code."""
    with (folder / "nso_conversion_old_to_new_2025-07-01.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [[squeezed(cell) for cell in row] for row in csv.reader(file)][2:]
    found = []
    for _, new_name, new, old_name, old, note, district, *_ in rows:
        code = re.search(r"\((\d+)\)", district)
        note = note.replace("Nhâp", "Nhập")  # one line lacks the dot
        if new:
            found.append(
                Transfer(old or (code[1] if code and not old_name else ""), old_name, new, new_name, note)
            )
    return found


def provinces_63_to_34(folder: Path) -> dict[str, str]:
    with (folder / "province_old63_to_new34.csv").open(encoding="utf-8", newline="") as file:
        return {row["old_code"]: row["new_code"] for row in csv.DictReader(file)}
