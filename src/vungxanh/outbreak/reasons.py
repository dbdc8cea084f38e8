"""Which part of a rule an item of evidence meets: the rows behind it, read back from the evidence."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Flag
from vungxanh.rules.condition import need
from vungxanh.rules.contact import Branch, ContactInputs, ContactRule, assumptions
from vungxanh.tracing.model import EvidenceItem

TABLES = {
    "visit": "visits",
    "roster": "rosters",
    "seat": "seats",
    "encounter": "encounters",
    "named": "encounters",
    "household": "households",
}
Rows = Mapping[tuple[str, int], Mapping[str, Any]]


def rows_behind(evidence: Evidence, items: Iterable[EvidenceItem]) -> dict[tuple[str, int], dict[str, Any]]:
    """(table, row id) -> row, for the rows and places that the items name."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for item in items:
        wanted[TABLES[item.kind]] |= {item.source_row, item.contact_row}
        if item.place is not None and item.kind != "household":
            wanted["places"].add(item.place)
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for name, ids in wanted.items():
        key = "place" if name == "places" else "row"
        table: pa.Table = getattr(evidence, name)
        column = table.column(key)
        rows = table.filter(pc.is_in(column, pa.array(ids, type=column.type))).to_pylist()
        found.update({(name, row[key]): row for row in rows})
    return found


def branches_of(rule: ContactRule, item: EvidenceItem, rows: Rows) -> list[tuple[Branch, bool]]:
    """Branches that hold for the item (True), else those that may hold (False) for want of an input."""
    inputs, about = inputs_of(item, rows), assumptions()
    values = inputs.values(about.presumed)
    met = []
    for branch in rule.branches_met(inputs, item.seconds):
        wanted = need(branch.when, values, reach_m=about.touch_reach_m, bounded=inputs.distance_is_bound)
        met.append((branch, wanted.worst <= item.seconds))
    return [pair for pair in met if pair[1]] or met


def inputs_of(item: EvidenceItem, rows: Rows) -> ContactInputs:
    """What the rows behind an item record."""
    if item.kind == "household":
        return ContactInputs("household", setting="household")
    table = TABLES[item.kind]
    mine, theirs = rows.get((table, item.source_row), {}), rows.get((table, item.contact_row), {})
    place = rows.get(("places", item.place or 0), {})
    space, setting = assumptions().of_place(place.get("kind"), place.get("space")) if place else (None, None)
    if item.contained:
        space = setting = None
    if table == "encounters":
        return _of_encounter(item, mine, space, setting)
    if item.kind == "seat":
        return _of_seat(mine, theirs, space)
    return ContactInputs(
        item.kind, space=space, setting=setting, mask_case=mine.get("mask"), mask_contact=theirs.get("mask")
    )


def _of_encounter(
    item: EvidenceItem, row: Mapping[str, Any], space: str | None, setting: str | None
) -> ContactInputs:
    first, second = ("mask_a", "mask_b") if row.get("a") == item.infector else ("mask_b", "mask_a")
    return ContactInputs(
        item.kind,
        distance_m=row.get("distance_m"),
        distance_is_bound=bool((row.get("flags") or 0) & Flag.DISTANCE_AT_MOST),
        mask_case=row.get(first),
        mask_contact=row.get(second),
        space=space,
        setting=setting,
        physical_contact=row.get("physical_contact"),
        care_giver=row.get("care_giver"),
        ppe_adequate=row.get("ppe_adequate"),
    )


def _of_seat(mine: Mapping[str, Any], theirs: Mapping[str, Any], space: str | None) -> ContactInputs:
    rows = (mine.get("seat_row"), theirs.get("seat_row"))
    apart = None if rows[0] is None or rows[1] is None else abs(rows[0] - rows[1])
    return ContactInputs(
        "seat",
        space=space or "closed_narrow",
        setting="vehicle",
        seat_row_delta=apart,
        mask_case=mine.get("mask"),
        mask_contact=theirs.get("mask"),
    )
