"""What a column of a passenger list means. Any layout: CSV, Excel, the traveller feeds of border agencies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from vungxanh.border import journeys
from vungxanh.core.errors import UserError
from vungxanh.exchange import cells, heads, tables
from vungxanh.exchange.safe import Value

FIELDS = ("name", "surname", "given", "document", "passport", "birth", "birth_year", "sex", "nationality", "seat")
_SEX = {"M": 1, "F": 2, "X": 3}


@dataclass(frozen=True, slots=True)
class Line:
    """One passenger. `number` is the line in the sender's file; `fault` names what is wrong, empty if nothing."""

    number: int
    name: str
    document: str = ""
    birth_year: int | None = None
    sex: int = 3
    nationality: str = ""
    seat: str = ""
    fault: str = ""


def passengers(content: bytes, today: date) -> tuple[list[Line], dict[str, str]]:
    """Lines of the first sheet that names people, and which column was taken for which field.

    Raises UserError of `exchange`, `border.no-name-column`.
    """
    for table in tables.read(content, heads.known):
        columns = {match.field: match for match in heads.guess(table.head, FIELDS) if match.field}
        if "name" in columns or "given" in columns:
            ready = heads.recognised(table.head)
            empty = ready.empty if ready else frozenset()
            place = {name: match.index for name, match in columns.items()}
            order = _order(table, place, ready.date_order if ready else "dmy")
            rows = list(zip(table.numbers, table.rows, strict=True))[ready.skip_rows if ready else 0 :]
            lines = [_line(number, _named(row, place, empty), order, today) for number, row in rows]
            return lines, {name: match.title for name, match in columns.items()}
    raise UserError("border.no-name-column")


def _order(table: tables.Table, place: Mapping[str, int], usual: heads.Order) -> heads.Order:
    index = place.get("birth")
    return usual if index is None else cells.day_order((row[index] for row in table.rows), usual)


def _named(row: list[Value], place: Mapping[str, int], empty: frozenset[str]) -> dict[str, Value]:
    return {name: row[index] for name, index in place.items() if row[index] not in empty}


def _line(number: int, told: Mapping[str, Value], order: heads.Order, today: date) -> Line:
    name = cells.text(told.get("name")) or " ".join(
        part for part in (cells.text(told.get("surname")), cells.text(told.get("given"))) if part
    )
    document = cells.identifier(told.get("passport") or told.get("document"))
    year, fault = _year(told, order, today)
    faults = [fault, "" if name else "name-missing", f"exchange.{document.fault}" if document.fault else ""]
    return Line(
        number=number,
        name=name,
        document=document.value or "",
        birth_year=year,
        sex=_SEX.get(cells.sex(told.get("sex")).value or "X", 3),
        nationality=_country(cells.text(told.get("nationality"))),
        seat=_seat(cells.text(told.get("seat"))),
        fault=next((one for one in faults if one), ""),
    )


def _year(told: Mapping[str, Value], order: heads.Order, today: date) -> tuple[int | None, str]:
    if told.get("birth") is not None:
        read = cells.day(told["birth"], order, today=today, past=True)
        return (read.value.year if read.value else None), f"exchange.{read.fault}" if read.fault else ""
    year = cells.birth_year(told.get("birth_year"), today)
    return year.value, f"exchange.{year.fault}" if year.fault else ""


def _seat(text: str) -> str:
    try:
        return journeys.seat(text) if text else ""
    except UserError:
        return ""


def _country(text: str) -> str:
    """Two letters, three letters, or a name in English -> three letters; empty where unknown."""
    import pycountry

    code = text.upper()
    if not code:
        return ""
    found = pycountry.countries.get(alpha_2=code) or pycountry.countries.get(alpha_3=code)
    found = found or pycountry.countries.get(name=text)
    return str(found.alpha_3) if found else ""
