"""What a room hands over to make a place."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import VIETNAM
from vungxanh.core.scope import path_of
from vungxanh.core.vietnamese import clean
from vungxanh.places.units import Unit, ancestors, convert, resolve


def today() -> date:
    """The calendar day in Viet Nam."""
    return datetime.now(ZoneInfo(VIETNAM)).date()


@dataclass(frozen=True, slots=True)
class NewPlace:
    """One place before it has a number. `commune_on` is the day whose list the code is of; today if left out."""

    kind: str
    name: str
    commune_code: str
    commune_on: date | None = None
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    capacity: int | None = None
    opened: date | None = None
    closed: date | None = None
    org: int | None = None
    usual_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Commune:
    """The declared unit and the path of the unit that it is today."""

    declared: Unit
    path: str


def commune(code: str, on: date | None) -> Commune:
    """Raises UserError `places.unknown-code`, `places.not-a-commune`, `places.commune-split`.

    A commune that was split is refused with its candidates: the place lies in one of them, and only the sender
    knows in which.
    """
    day = on or today()
    unit = resolve(code, day)
    answer = convert(code, day, today())
    if unit.level != "commune" and not (answer.certain and answer.certain.level == "commune"):
        raise UserError("places.not-a-commune", field="commune_code", name=unit.full_name)
    now = answer.certain
    if now is None:
        names = ", ".join(f"{c.unit.full_name} ({c.unit.code})" for c in answer.candidates)
        raise UserError("places.commune-split", field="commune_code", name=unit.full_name, candidates=names)
    above = [each.code for each in reversed(ancestors(now, today()))]
    return Commune(unit, path_of(*above, now.code))


def name_of_place(text: str) -> str:
    """Raises UserError `places.name-needed`, `places.name-too-long`."""
    name = clean(text)
    if not name:
        raise UserError("places.name-needed", field="name")
    if len(name) > 200:
        raise UserError("places.name-too-long", field="name", length=len(name))
    return name


#: the box in which the land, the islands and the sea of Viet Nam lie; it catches swapped and foreign coordinates
_SOUTH, _NORTH, _WEST, _EAST = 6.0, 23.6, 101.9, 118.0


def point(lat: float | None, lon: float | None) -> tuple[float, float] | None:
    """Raises UserError `places.bad-point`."""
    if lat is None or lon is None:
        return None
    if not (_SOUTH <= lat <= _NORTH and _WEST <= lon <= _EAST):
        raise UserError("places.bad-point", field="lat", lat=lat, lon=lon)
    return lat, lon
