"""Lists of people that others give: which column is which, what a line says, what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from vungxanh.codes import phone as phones
from vungxanh.core.errors import UserError
from vungxanh.exchange import cells, heads, tables
from vungxanh.exchange.safe import Value
from vungxanh.people.schemas import DocumentIn, PersonIn

FIELDS = (
    "name", "surname", "given", "sex", "birth", "birth_year", "phone", "document", "passport", "address", "hamlet",
    "from_place", "arrival", "flight", "vehicle", "seat", "note",
)  # fmt: skip
DOCUMENT_KINDS = {12: "cccd", 9: "cmnd"}
SEX = {"M": 1, "F": 2, "male": 1, "female": 2}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the person, where they come from, when and by what; or the fault that keeps it out."""

    number: int
    person: PersonIn | None = None
    came: str = ""
    arrived: date | None = None
    fault: str = ""
    column: str = ""


def lines(content: bytes, today: date) -> list[Line]:
    """Every line of every sheet. Raises what `exchange.tables.read` raises, `declarations.no-name-column`."""
    found: list[Line] = []
    for table in tables.read(content, heads.known):
        place = {m.field: m.index for m in heads.guess(table.head, FIELDS) if m.field}
        if "name" not in place and "given" not in place:
            continue
        days = [row[place["arrival"]] for row in table.rows] if "arrival" in place else []
        order = cells.day_order(days)
        for number, row in zip(table.numbers, table.rows, strict=True):
            told = {name: row[index] for name, index in place.items() if index < len(row)}
            if any(not cells.nothing(value) for value in told.values()):
                found.append(line(number, told, order, today))
    if not found:
        raise UserError("declarations.no-name-column", field="file")
    return found


def line(number: int, told: Mapping[str, Value], order: heads.Order, today: date) -> Line:
    """One line judged; the first fault keeps it out, and the sender is told which cell."""
    try:
        person = _person(told, today)
    except UserError as exc:
        return Line(number, fault=exc.code, column=exc.field or "")
    arrived = cells.day(told.get("arrival"), order, today=today, past=True)
    if arrived.fault:
        return Line(number, fault=f"exchange.{arrived.fault}", column="arrival")
    came = ", ".join(
        part for key in ("from_place", "flight", "vehicle", "seat", "note") if (part := cells.text(told.get(key)))
    )
    return Line(number, person, came[:160], arrived.value)


def _person(told: Mapping[str, Value], today: date) -> PersonIn:
    name = cells.text(told.get("name")) or " ".join(
        part for key in ("surname", "given") if (part := cells.text(told.get(key)))
    )
    year = cells.birth_year(told.get("birth_year") or told.get("birth"), today)
    number = cells.identifier(told.get("document") or told.get("passport"), (9, 12))
    sex = cells.sex(told.get("sex"))
    for read, column in ((year, "birth_year"), (number, "document"), (sex, "sex")):
        if read.fault:
            raise UserError(f"exchange.{read.fault}", field=column)
    phone = cells.text(told.get("phone"))
    numbers = (phones.parse(_with_zero(phone)).e164,) if phone else ()
    kind = DOCUMENT_KINDS.get(len(number.value or ""), "passport")
    where = [part for key in ("address", "hamlet") if (part := cells.text(told.get(key)))]
    if not name:
        raise UserError("forms.bad-name", field="name")
    return PersonIn(
        name=name,
        sex=SEX.get(str(sex.value), 3),
        birth_year=year.value,
        phones=numbers,
        documents=[DocumentIn(kind, number.value)] if number.value else [],
        address=", ".join(where)[:200],
    )


def _with_zero(text: str) -> str:
    """A spreadsheet that took a telephone for a number has lost its zero."""
    return f"0{text}" if text.isdigit() and len(text) == 9 and text[0] != "0" else text
