"""What a scanned zone and a declaration do not agree on: names of fields, never values. Pure."""

from collections.abc import Iterator
from datetime import date

from vungxanh.codes import mrz
from vungxanh.codes.decode import decode
from vungxanh.codes.parts import folded
from vungxanh.people.schemas import PersonOut

_SEXES = {"M": 1, "F": 2}
FIELDS = ("name", "document", "birth_year", "sex", "nationality", "expired", "check-digit")


def of(text: str) -> mrz.Mrz | None:
    """The zone that the text is; None where it is none."""
    found = decode(text).value
    return found if isinstance(found, mrz.Mrz) else None


def differences(zone: mrz.Mrz, person: PersonOut, today: date) -> list[str]:
    """Fields in the order of FIELDS. A name that the zone cut short agrees as far as it goes."""
    return list(_differences(zone, person, today))


def _differences(zone: mrz.Mrz, person: PersonOut, today: date) -> Iterator[str]:
    said = folded(f"{zone.surname} {zone.given}".replace("-", " ")).split()
    told = folded(person.name.replace("-", " ")).split()
    if said and not (set(said) <= set(told) if zone.truncated else sorted(said) == sorted(told)):
        yield "name"
    numbers = {_bare(one.number) for one in person.documents}
    if numbers and numbers.isdisjoint({_bare(zone.number), _bare(zone.personal_number)}):
        yield "document"
    if zone.birth and person.birth_year and zone.birth.year != person.birth_year:
        yield "birth_year"
    if zone.sex is not None and person.sex != 3 and _SEXES[zone.sex] != person.sex:
        yield "sex"
    if zone.nationality and person.nationality and zone.nationality != person.nationality:
        yield "nationality"
    if zone.expiry and zone.expiry < today:
        yield "expired"
    if not zone.valid:
        yield "check-digit"


def _bare(number: str) -> str:
    return "".join(letter for letter in number.upper() if letter.isalnum())
