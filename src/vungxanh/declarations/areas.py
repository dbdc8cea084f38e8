"""Places somebody has been to, against the dated list of epidemic areas, across changes of boundaries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from vungxanh.core.errors import UserError
from vungxanh.declarations.models import EpidemicArea
from vungxanh.forms.definition import Form
from vungxanh.places.units import ancestors, convert, find


@dataclass(frozen=True, slots=True)
class Stay:
    """A declared stay in a commune of today, both days inclusive."""

    code: str
    name: str
    begin: date
    end: date
    how: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A stay in a listed area. `possible`: only part of the commune is listed, so somebody must ask."""

    stay: Stay
    area: EpidemicArea
    possible: bool

    @property
    def params(self) -> dict[str, str]:
        return {
            "place": self.stay.name,
            "from": f"{self.stay.begin:%d/%m}",
            "to": f"{self.stay.end:%d/%m}",
            "basis": self.area.basis,
            "how": self.stay.how,
        }


def stays(form: Form, answers: Mapping[str, Any], today: date) -> list[Stay]:
    """The itinerary, and for a journey the commune it began in until the day of departure."""
    rows = [
        (row["place"], date.fromisoformat(row["from"]), date.fromisoformat(row["to"]), _how(row))
        for question in form.questions
        if question.type == "places"
        for row in answers.get(question.id, [])
    ]
    if "from_commune" in answers and "departed" in answers:
        left = date.fromisoformat(answers["departed"])
        how = _how({"vehicle": answers.get("vehicle", ""), "seat": answers.get("seat", ""), **_means(answers)})
        rows.append((answers["from_commune"], left - timedelta(days=form.window_days), left, how))
    return [Stay(place["code"], _named(place["code"], today), begin, end, how) for place, begin, end, how in rows]


#: as a visitor of the community team reads it
MEANS = {
    "coach": "xe khách",
    "car": "ô tô",
    "motorbike": "xe máy",
    "train": "tàu hoả",
    "plane": "máy bay",
    "boat": "tàu thuỷ",
    "other": "phương tiện khác",
}


def _means(answers: Mapping[str, Any]) -> dict[str, str]:
    found = answers.get("means", "")
    return {"means": found if isinstance(found, str) else ""}


def _how(row: Mapping[str, Any]) -> str:
    """By what: `xe khách 20B-123.45, ghế 12`."""
    parts = [MEANS.get(row.get("means", ""), ""), str(row.get("vehicle", "") or "")]
    seat = f", ghế {row['seat']}" if row.get("seat") else ""
    return " ".join(part for part in parts if part) + seat


def _named(code: str, today: date) -> str:
    unit = find(code, today)
    return unit.full_name if unit else code


def hits(form: Form, found: Sequence[Stay], today: date) -> list[Hit]:
    """Stays within the form's window in areas listed for its disease in those days."""
    if not found:
        return []
    first = today - timedelta(days=form.window_days)
    listed = [*EpidemicArea.objects.filter(disease=form.disease, since__lte=today), *_named_by(form, today)]
    return [
        hit
        for stay in found
        if stay.end >= first
        for hit in _first(_in_area(stay, area, today) for area in listed if _overlap(stay, area))
    ]


def _named_by(form: Form, today: date) -> list[EpidemicArea]:
    """Areas that the order itself names, from its first day on."""
    order = form.latest_order(today)
    if order is None:
        return []
    units = [unit for code in form.areas if (unit := find(code, order.valid_from))]
    return [
        EpidemicArea(
            disease=form.disease,
            code=unit.code,
            scheme=unit.scheme,
            name=unit.full_name,
            since=order.valid_from,
            basis=order.basis.doc,
        )
        for unit in units
    ]


def _overlap(stay: Stay, area: EpidemicArea) -> bool:
    return area.since <= stay.end and (area.until is None or stay.begin <= area.until)


def _first(found: Iterable[Hit | None]) -> list[Hit]:
    """One hit a stay: a certain one before a possible one."""
    real = [hit for hit in found if hit]
    return sorted(real, key=lambda hit: hit.possible)[:1]


def _in_area(stay: Stay, area: EpidemicArea, today: date) -> Hit | None:
    """The commune of today, taken back to the day of the listing: inside, outside, or only in part."""
    try:
        then = convert(stay.code, today, area.since)
    except UserError:
        return None
    parts = [candidate.unit for candidate in then.candidates]
    inside = [area.code in {part.code, *(above.code for above in ancestors(part, area.since))} for part in parts]
    return Hit(stay, area, possible=not all(inside)) if any(inside) else None
