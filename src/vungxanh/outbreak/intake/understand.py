"""From the cells of one line to a `Line`, each field by its own reader; what is wrong is noted at its cell."""

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from vungxanh.codes import phone as phone_codes
from vungxanh.core.errors import UserError
from vungxanh.core.scope import path_of
from vungxanh.core.vietnamese import fold
from vungxanh.exchange import cells
from vungxanh.exchange.safe import Value
from vungxanh.outbreak.intake.lines import CellFault, Context, Line
from vungxanh.people.documents import SHAPES, normalised
from vungxanh.people.names import checked
from vungxanh.people.schemas import DocumentIn, PersonIn
from vungxanh.places.choose import communes
from vungxanh.places.table import NEW
from vungxanh.places.units import ancestors, find

WORDS = Path(__file__).parent.parent / "data" / "intake_words.toml"
_SEX = {"M": 1, "F": 2, "X": 3}
#: a list from before the first case of any disease here is a mistyped year
FIRST_DAY = date(2000, 1, 1)
Cells = Mapping[str, Value]


@cache
def words(kind: str) -> dict[str, str]:
    """Folded word -> meaning."""
    table = tomllib.loads(WORDS.read_text("utf-8"))[kind]
    return {word: meaning for meaning, several in table.items() for word in (*several, meaning)}


def understand(number: int, told: Cells, context: Context) -> Line:
    """One line. Never raises for what somebody typed: it is noted in `faults`."""
    line = Line(number, raw=told)
    if context.kind == "links":
        line.sources = (cells.text(told.get("from")),)
        line.own = cells.text(told.get("to"))
        for name in ("from", "to"):
            if not cells.text(told.get(name)):
                line.fault(name, "outbreak.link-end-missing")
        return line
    _own(line, told)
    line.person = _person(line, told, context)
    if context.kind == "cases":
        _case(line, told, context)
    elif context.kind == "contacts":
        _contact(line, told, context)
    if not line.own:
        line.own = _natural_key(line)
    return line


def _own(line: Line, told: Cells) -> None:
    read = cells.identifier(told.get("id"))
    if read.fault:
        line.fault("id", f"exchange.{read.fault}")
    line.own = read.value or ""
    ours = cells.text(told.get("ours")).upper().removeprefix("VX-")
    if ours.isdigit():
        line.ours = int(ours)
    elif ours:
        line.fault("ours", "outbreak.own-id")


def _natural_key(line: Line) -> str:
    """Without an id of the sender the same person in the same list is the same record."""
    person = line.person
    if person is None:
        return ""
    parts = [fold(person.name), str(person.birth_date or person.birth_year or ""), *sorted(person.phones)]
    parts += [document.number for document in person.documents]
    return "~" + blake2b("|".join(parts).encode(), digest_size=16).hexdigest()


# ------------------------------------------------------------------ the person


def _person(line: Line, told: Cells, context: Context) -> PersonIn | None:
    name = _name(line, told, context)
    born, year = _birth(line, told, context)
    home, code = _home(line, told, context)
    if not name:
        return None
    return PersonIn(
        name=name,
        sex=_sex(line, told),
        birth_date=born,
        birth_year=year,
        phones=_phones(line, told),
        documents=_documents(line, told),
        nationality=_country(told.get("nationality")),
        commune_code=code,
        commune_scheme=NEW if code else "",
        address=_address(told),
        scope_path=home,
    )


def _name(line: Line, told: Cells, context: Context) -> str:
    parts = (cells.text(told.get("surname")), cells.text(told.get("given")))
    name = cells.text(told.get("name")) or " ".join(part for part in parts if part)
    if cells.nothing(name):
        name = ""
    if name:
        try:
            return checked(name)
        except UserError as error:
            line.faults.append(CellFault("name" if "name" in told else "given", error.code))
            return ""
    line.named = False
    if line.own or line.ours:  # published lists have no names: the sender's number stands for one
        label = f"{context.sender} " if context.sender else ""
        return checked(f"Ca {label}{line.own or line.ours}"[:120])
    line.fault("name", "outbreak.name-or-id")
    return ""


def _sex(line: Line, told: Cells) -> int:
    read = cells.sex(told.get("sex"))
    if read.fault:
        line.fault("sex", f"exchange.{read.fault}")
    return _SEX.get(read.value or "X", 3)


def _birth(line: Line, told: Cells, context: Context) -> tuple[date | None, int | None]:
    """A whole day, else a year, else the year that the age makes."""
    if not cells.nothing(told.get("birth")):
        whole = cells.birth_year(told["birth"], context.today) if _is_year(told["birth"]) else None
        if whole is not None:
            return None, whole.value
        read = cells.day(told["birth"], _order(context, "birth"), today=context.today, past=True)
        if read.fault:
            line.fault("birth", f"exchange.{read.fault}")
        return read.value, read.value.year if read.value else None
    year = cells.birth_year(told.get("birth_year"), context.today)
    if year.fault:
        line.fault("birth_year", f"exchange.{year.fault}")
    if year.value:
        return None, year.value
    age = cells.age(told.get("age"))
    if age.fault:
        line.fault("age", f"exchange.{age.fault}")
    if age.value is None or age.value.upper is not None:
        return None, None
    return None, (_when(told, context) - timedelta(days=age.value.months * 365.25 / 12)).year


def _is_year(value: Value) -> bool:
    text = cells.text(value)
    return len(text) == 4 and text.isdigit()


def _when(told: Cells, context: Context) -> date:
    """The day on which an age was true: of the report, else of the onset, else today."""
    for name in ("reported", "onset", "sampled", "exposure_last"):
        read = cells.day(told.get(name), _order(context, name), today=context.today)
        if read.value:
            return read.value
    return context.today


def _phones(line: Line, told: Cells) -> list[str]:
    """Numbers that can be dialled; one that cannot is pointed out and left in the list it came in."""
    found = []
    for name in ("phone", "phone2"):
        if told.get(name) is None:
            continue
        text = cells.text(told.get(name))
        if cells.nothing(text):
            continue
        phone = phone_codes.parse_or_none(text)
        if phone is None:
            line.fault(name, "outbreak.phone-left-out", blocks=False)
        else:
            found.append(phone.e164)
            if not phone.valid:
                line.fault(name, "outbreak.phone-doubtful", blocks=False)
    return found


def _documents(line: Line, told: Cells) -> list[DocumentIn]:
    found = []
    for name, lengths, kinds in (
        ("document", (9, 12), ("cccd", "cmnd", "passport")),
        ("passport", (), ("passport",)),
        ("insurance", (10,), ("bhyt",)),
    ):
        if told.get(name) is None:
            continue
        read = cells.identifier(told[name], lengths)
        if read.fault:
            line.fault(name, f"exchange.{read.fault}")
        if not read.value:
            continue
        if "cell-lost-zero" in read.notes:
            line.fault(name, "exchange.cell-lost-zero", blocks=False)
        document = _document(read.value, kinds, _country(told.get("nationality")))
        if document is None:
            line.fault(name, "outbreak.document-odd")
        else:
            found.append(document)
    return found


def _document(number: str, kinds: tuple[str, ...], country: str) -> DocumentIn | None:
    for kind in kinds:
        if SHAPES[kind].fullmatch(number):
            return normalised(DocumentIn(kind, number, country if kind == "passport" else "VNM"))
    return None


@cache
def _country_of(text: str) -> str:
    import pycountry

    if cells.nothing(text):
        return "VNM"
    try:
        return str(pycountry.countries.lookup(text).alpha_3)
    except LookupError:
        return "VNM" if fold(text) in {"viet nam", "vietnam", "vn"} else "XXX"


def _country(value: Value) -> str:
    return _country_of(cells.text(value))


def _address(told: Cells) -> str:
    parts = [cells.text(told.get(name)) for name in ("address", "hamlet")]
    return ", ".join(part for part in parts if not cells.nothing(part))


def _home(line: Line, told: Cells, context: Context) -> tuple[str, str]:
    """(scope path, commune code). Without a commune it is the area of whoever imports."""
    if cells.nothing(told.get("commune")):
        return context.home, ""
    parts = [cells.text(told.get(name)) for name in ("commune", "district", "province")]
    asked = ", ".join(part for part in parts if not cells.nothing(part))
    found = home_of(asked, context.home, context.today)
    if found is None:
        line.fault("commune", "outbreak.commune-unknown", name=parts[0][:60])
        return context.home, ""
    return found


@cache
def home_of(asked: str, near: str, today: date) -> tuple[str, str] | None:
    """The commune meant, of several the one within `near`; None where none or still several."""
    try:
        choices = communes(asked, today)
    except UserError:
        return None
    paths = {}
    for choice in choices:
        unit = find(choice.code, today)
        if unit is not None:
            above = [one.code for one in reversed(ancestors(unit, today))]
            paths[choice.code] = path_of(*above, choice.code)
    inside = {code: path for code, path in paths.items() if path.startswith(near)}
    fits = inside if len(inside) == 1 else paths
    return next(((path, code) for code, path in fits.items()), None) if len(fits) == 1 else None


# ------------------------------------------------------------------ the case, the contact


def _order(context: Context, name: str) -> Any:
    return context.orders.get(name, context.order)


def _day(line: Line, told: Cells, name: str, context: Context) -> date | None:
    if told.get(name) is None:
        return None
    read = cells.day(told[name], _order(context, name), today=context.today, past=True)
    if read.fault:
        line.fault(name, f"exchange.{read.fault}")
    if read.value and read.value < FIRST_DAY:
        line.fault(name, "outbreak.day-to-come", day=read.value)
        return None
    for note in read.notes:
        line.fault(name, f"exchange.{note}", blocks=False)
    return read.value


def _word(line: Line, told: Cells, name: str, kind: str) -> str:
    if told.get(name) is None:
        return ""
    value = cells.text(told[name])
    if cells.nothing(value) and fold(value) not in words(kind):
        return ""
    found = words(kind).get(fold(value))
    if found is None:
        line.fault(name, "outbreak.word-unknown", word=value[:40])
    return found or ""


def _case(line: Line, told: Cells, context: Context) -> None:
    days = {name: _day(line, told, name, context) for name in _CASE_DAYS}
    outcome = _word(line, told, "outcome", "outcome")
    died = _died(line, told, context)
    began = days["onset"] or days["sampled"] or days["tested"] or days["reported"] or days["admitted"]
    if began is None and not line.is_faulty and not line.ours:
        line.fault("onset", "outbreak.day-needed")
    line.facts = {
        "onset": days["onset"],
        "sampled": days["sampled"] or (None if days["onset"] else began),
        "reported": days["reported"],
        "status": _word(line, told, "classification", "status") or None,
        "admitted_on": days["admitted"],
        "hospital": _text(told, "hospital")[:200] or None,
        "outcome": ("deceased" if died else outcome) or ("recovered" if days["discharged"] else None),
        "outcome_on": (died if isinstance(died, date) else None) or days["outcome_date"] or days["discharged"],
        "isolated_on": days["isolation_start"],
    }
    if days["onset"] and days["reported"] and days["reported"] < days["onset"] - timedelta(days=60):
        line.fault("reported", "outbreak.days-far-apart", blocks=False)
    line.spot = _text(told, "event")[:200]
    line.sources = sources_of(told.get("source_case"))
    _test(line, told, days)


_CASE_DAYS = (
    "onset", "sampled", "tested", "reported", "admitted", "discharged", "outcome_date", "isolation_start",
)  # fmt: skip


def _died(line: Line, told: Cells, context: Context) -> date | bool | None:
    """A day of death, or only yes."""
    value = told.get("death_date")
    if cells.nothing(value):
        return None
    truth = cells.truth(value)
    if truth.value is not None and not isinstance(value, date):
        return truth.value
    return _day(line, told, "death_date", context)


def _test(line: Line, told: Cells, days: Mapping[str, date | None]) -> None:
    result = _word(line, told, "result", "result")
    ct = cells.number(told.get("ct"))
    if ct.fault or (ct.value is not None and not 0 < ct.value < 60):
        line.fault("ct", "outbreak.ct-impossible")
    sampled = days["sampled"] or days["tested"]
    if (result or ct.value) and sampled:
        line.test = {
            "kind": _word(line, told, "test_kind", "test") or "pcr",
            "sampled_on": sampled,
            "tested_on": days["tested"],
            "result": result or "positive",
            "ct": ct.value,
        }


def _contact(line: Line, told: Cells, context: Context) -> None:
    first, last = (_day(line, told, name, context) for name in ("exposure_first", "exposure_last"))
    line.sources = sources_of(told.get("source_case"))
    if not line.sources:
        line.fault("source_case", "outbreak.source-needed")
    if first is None and last is None and not line.is_faulty:
        line.fault("exposure_last" if "exposure_last" in told else "exposure_first", "outbreak.exposure-needed")
    if first and last and last < first:
        line.fault("exposure_last", "outbreak.exposure-turned")
    line.facts = {"first": first or last, "last": last or first}


def _text(told: Cells, name: str) -> str:
    value = told.get(name)
    return "" if cells.nothing(value) else cells.text(value)


def sources_of(value: Value) -> tuple[str, ...]:
    """Ids of the cases named in a cell: `2,3`, `TJ5; TJ7`, `BN12 và BN13`, one number. Words are no ids."""
    if cells.nothing(value):
        return ()
    text = fold(cells.text(value)).replace(" va ", ",").replace(" and ", ",").replace(";", ",").replace("/", ",")
    parts = [part.strip().upper().removeprefix("CASE ").removeprefix("CA ").strip() for part in text.split(",")]
    return tuple(
        dict.fromkeys(part for part in parts if part and any(c.isdigit() for c in part) and " " not in part)
    )
