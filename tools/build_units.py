"""Makes src/vungxanh/places/data/*.csv.gz from the data files of vietnamadminunits 1.0.4 (MIT) and overrides.toml.

    python tools/build_units.py [WHEEL]

Without WHEEL the package is fetched by `pip download --no-deps` into a temporary folder. It is read as data and
never imported: it pulls in a GPL package, and its converter calls an online geocoder.
"""

import csv
import gzip
import io
import json
import sqlite3
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
from vungxanh.core.vietnamese import clean

DATA = Path(__file__).resolve().parent.parent / "src" / "vungxanh" / "places" / "data"
PACKAGE = "vietnamadminunits==1.0.4"
OLD, NEW = "vn-2004", "vn-2025"
REFORM = "2025-07-01"
#: the oldest official list that the old table was held against
OLD_VERIFIED_FROM = "2025-01-04"
UNIT_COLUMNS = ["scheme", "code", "parent", "kind", "name", "from", "until", "verified_from", "lat", "lon"]
KINDS = ("Thành phố", "Thị xã", "Thị trấn", "Đặc khu", "Tỉnh", "Quận", "Huyện", "Phường", "Xã")

Row = dict[str, Any]
Pair = tuple[str, str]


def fetch(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", str(folder), PACKAGE]
    subprocess.run(command, check=True)
    return next(folder.glob("vietnamadminunits-*.whl"))


def read(wheel: Path, folder: Path) -> tuple[list[Row], list[Row], dict[str, Any]]:
    """Old rows, new rows, conversion keys."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extract("vietnamadminunits/data/dataset.db", folder)
        keys = json.loads(archive.read("vietnamadminunits/data/converter_2025.json"))
    db = sqlite3.connect(folder / "vietnamadminunits/data/dataset.db")
    db.row_factory = sqlite3.Row
    tables = [
        [dict(row) for row in db.execute(f"SELECT * FROM {name}")]
        for name in ("admin_units_legacy", "admin_units")
    ]
    db.close()
    return tables[0], tables[1], keys


def unit(scheme: str, code: str, parent: str, full: str, lat: float, lon: float) -> Row:
    full = clean(full)
    kind = next(kind for kind in KINDS if full.lower().startswith(kind.lower() + " "))
    old = scheme == OLD
    return {
        "scheme": scheme, "code": code, "parent": parent, "kind": kind, "name": full[len(kind) + 1 :],
        "from": "" if old else REFORM, "until": REFORM if old else "",
        "verified_from": OLD_VERIFIED_FROM if old else REFORM, "lat": f"{lat:.4f}", "lon": f"{lon:.4f}",
    }  # fmt: skip


def units(old: list[Row], new: list[Row]) -> dict[tuple[str, str], Row]:
    """(scheme, code) -> unit, provinces and districts included."""
    found: dict[tuple[str, str], Row] = {}

    def add(scheme: str, level: str, row: Row, parent: str) -> None:
        code = row[f"{level}Code"]
        if code:
            made = unit(scheme, code, parent, row[level], row[f"{level}Lat"], row[f"{level}Lon"])
            found.setdefault((scheme, code), made)

    for row in old:
        add(OLD, "province", row, "")
        add(OLD, "district", row, row["provinceCode"])
        add(OLD, "ward", row, row["districtCode"])
    for row in new:
        add(NEW, "province", row, "")
        add(NEW, "ward", row, row["provinceCode"])
    return found


def recode(found: dict[tuple[str, str], Row], overrides: Row) -> list[list[str]]:
    """Put right the codes of the source; returns [scheme, alias, code]."""
    aliases = []
    for block in overrides["recode"]:
        row = found.pop((block["scheme"], block["was"]))
        row["code"] = block["code"]
        found[(block["scheme"], block["code"])] = row
        aliases.append([block["scheme"], block["was"], block["code"]])
    return aliases


def change(found: dict[tuple[str, str], Row], overrides: Row) -> list[Row]:
    """Apply changes of name and kind; a dated one makes two rows of one."""
    rows = [row for _, row in sorted(found.items())]
    for block in overrides["change"]:
        for row in [row for row in rows if row["scheme"] == block["scheme"] and row["code"] in block["codes"]]:
            if "from" in block:
                day = block["from"].isoformat()
                rows.append(row | block["before"] | {"until": day})
                row["from"] = day
            row.update(block.get("after", {}))
    for block in overrides["verified_from"]:
        for row in rows:
            if row["scheme"] == OLD and row["code"] in block["codes"]:
                row["verified_from"] = block["date"].isoformat()
    for row in rows:  # an official list stands behind a row from its own beginning at the earliest
        row["verified_from"] = min(max(row["verified_from"], row["from"]), row["until"] or "9999")
    return sorted(rows, key=lambda row: (row["scheme"], row["code"], row["from"]))


def key_pairs(old: list[Row], new: list[Row], keys: dict[str, Any]) -> set[Pair]:
    """Old code, new code of every transfer the source knows."""
    olds = {
        f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}": row["wardCode"] or row["districtCode"]
        for row in old
    }
    news = {(row["provinceKey"], row["wardKey"]): row["wardCode"] for row in new}
    pairs: set[Pair] = set()
    for province, wards in keys["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        pairs |= {(olds[name], news[province, ward]) for ward, names in wards.items() for name in names}
    for province, divided in keys["DICT_PROVINCE_WARD_DIVIDED"].items():
        pairs |= {
            (olds[name], news[province, ward["newWardKey"]]) for name, wards in divided.items() for ward in wards
        }
    return pairs


def pairs_of(overrides: Row, name: str) -> set[Pair]:
    found = (pair.split(">") for block in overrides[name] for pair in block["pairs"])
    return {(old, new) for old, new in found}


def conversions(pairs: set[Pair], overrides: Row) -> list[list[str]]:
    """[old, new, share]: `whole` all residents move, `part` some of them, `area` land without residents."""
    recoded = {block["was"]: block["code"] for block in overrides["recode"]}
    area = pairs_of(overrides, "area_only")
    kept = {(old, recoded.get(new, new)) for old, new in (pairs - pairs_of(overrides, "not_converted")) | area}
    settled: dict[str, int] = defaultdict(int)
    for old, _ in kept - area:
        settled[old] += 1

    def share(pair: Pair) -> str:
        return "area" if pair in area else "whole" if settled[pair[0]] == 1 else "part"

    return [[*pair, share(pair)] for pair in sorted(kept)]


def provinces(old: list[Row], new: list[Row], keys: dict[str, Any]) -> list[list[str]]:
    olds = {row["provinceKey"]: row["provinceCode"] for row in old}
    news = {row["provinceKey"]: row["provinceCode"] for row in new}
    pairs = ((olds[o], news[n]) for n, names in keys["DICT_PROVINCE"].items() for o in names)
    return [[o, n, "whole"] for o, n in sorted(pairs)]


def write(name: str, head: list[str], rows: list[list[str]]) -> None:
    """The same bytes for the same rows: no file name, no time in the gzip head."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *rows])
    raw = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=9) as out:
        out.write(text.getvalue().encode())
    (DATA / name).write_bytes(raw.getvalue())
    print(f"{name}: {len(rows)} rows, {len(raw.getvalue()):,} bytes")


def main() -> None:
    overrides = tomllib.loads((DATA / "overrides.toml").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as temp:
        folder = Path(temp)
        wheel = Path(sys.argv[1]) if len(sys.argv) > 1 else fetch(folder)
        old, new, keys = read(wheel, folder)
    found = units(old, new)
    aliases = recode(found, overrides)
    rows = [[str(row[column]) for column in UNIT_COLUMNS] for row in change(found, overrides)]
    for block in overrides["alias"]:
        aliases += [["", name, block["code"]] for name in block["names"]]
    write("units.csv.gz", UNIT_COLUMNS, rows)
    write("aliases.csv.gz", ["scheme", "alias", "code"], aliases)
    moved = conversions(key_pairs(old, new, keys), overrides) + provinces(old, new, keys)
    write("conversions.csv.gz", ["old", "new", "share"], moved)


if __name__ == "__main__":
    main()
