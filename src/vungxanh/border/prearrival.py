"""A record of the immigration service's pre-arrival form -> answers of our form, so that nobody types twice. Pure.

Fields as that form has them: document, names, birth, nationality, journey, accommodation. What it does not ask
(signs, contacts, itinerary) stays open and is asked.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from vungxanh.border import journeys
from vungxanh.codes import phone
from vungxanh.core.errors import UserError
from vungxanh.exchange import cells
from vungxanh.forms.communes import look_up

#: our question -> names under which such records tell it
FIELDS: dict[str, tuple[str, ...]] = {
    "entry_on": ("expected_arrival_date", "arrival_date", "expectedArrivalDate"),
    "document": ("passport_number", "passportNumber", "document_number"),
    "nationality": ("nationality",),
    "birth": ("birth_date", "date_of_birth", "birthDate"),
    "sex": ("sex", "gender"),
    "email": ("email",),
    "phone": ("phone", "phone_number"),
    "phone_country": ("phone_country", "phone_code"),
    "surname": ("surname", "last_name"),
    "given": ("given_name", "first_name"),
    "from_country": ("country_of_departure", "departure_country"),
    "mode": ("mode", "mode_of_travel"),
    "flight": ("flight_number", "flight"),
    "gate": ("airport", "gate", "port"),
    "vehicle": ("vehicle_id", "vehicle"),
    "commune": ("ward", "commune"),
    "province": ("province",),
    "lodging": ("accommodation_type", "accommodationType"),
    "address": ("address", "accommodation_address", "hotel"),
}
LONGEST = 20_000
_MODES = {"air": "air", "land": "land", "sea": "sea"}
_LODGINGS = {"hotel": "hotel", "guest house": "hotel", "home": "home", "relative": "home", "other": "other"}
_SEXES = {"M": "1", "F": "2", "X": "3"}


def read(text: str, today: date) -> dict[str, Any]:
    """Answers out of a record as JSON; none where the text is no such record."""
    try:
        record = json.loads(text[:LONGEST])
    except (ValueError, RecursionError):
        return {}
    return answers(record, today) if isinstance(record, dict) else {}


def answers(record: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Answers of the entry form that the record tells; what cannot be read is left out, never guessed."""
    told = {name: cells.text(value) for name, names in FIELDS.items() if (value := _first(record, names))}
    found: dict[str, Any] = {
        "full_name": " ".join(part for part in (told.get("surname"), told.get("given")) if part),
        "document": told.get("document", ""),
        "document_kind": "passport" if told.get("document") else "",
        "nationality": told.get("nationality", "").upper() if len(told.get("nationality", "")) == 3 else "",
        "email": told.get("email", ""),
        "mode": _MODES.get(told.get("mode", "").lower(), ""),
        "from_country": told.get("from_country", "").upper() if len(told.get("from_country", "")) == 3 else "",
        "vehicle": told.get("vehicle", ""),
        "address": told.get("address", ""),
        "sex": _SEXES.get(cells.sex(told.get("sex")).value or "", ""),
        "gate": _gate(told.get("gate", "")),
        "flight": _flight(told.get("flight", "")),
        "phone": _phone(told.get("phone_country", ""), told.get("phone", "")),
        "lodging": _LODGINGS.get(told.get("lodging", "").lower(), ""),
        "hotel": told.get("address", "") if _LODGINGS.get(told.get("lodging", "").lower()) == "hotel" else "",
        "commune": _commune(told.get("commune", ""), told.get("province", ""), today),
        "entry_on": _day(told.get("entry_on", ""), today),
        "birth_year": cells.birth_year(told.get("birth"), today).value,
    }
    return {name: value for name, value in found.items() if value not in ("", None)}


def _first(record: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((record[name] for name in names if record.get(name) not in (None, "")), None)


def _day(text: str, today: date) -> str:
    found = cells.day(text, "dmy", today=today).value
    return found.isoformat() if found else ""


def _commune(ward: str, province: str, today: date) -> dict[str, str] | None:
    """Two levels, as that form has them; a name that several have is left to the traveller."""
    found = look_up(f"{ward}, {province}" if province else ward, today) if ward else []
    if len(found) != 1:
        return None
    return {"written": f"{ward}, {province}".strip(", "), "code": found[0].code, "scheme": found[0].scheme}


def _flight(text: str) -> str:
    """List entries end in `_XXX`, the airport."""
    try:
        return journeys.flight(re.sub(r"_[A-Z]{3}$", "", text.strip().upper())).key if text else ""
    except UserError:
        return ""


def _gate(text: str) -> str:
    code = text.strip().upper()[-3:]
    return code if code in journeys.gates() else ""


def _phone(country: str, number: str) -> str:
    digits = re.sub(r"\D", "", country)
    found = phone.parse_or_none(f"+{digits}{number.lstrip('0')}" if digits else number)
    return found.e164 if found else ""
