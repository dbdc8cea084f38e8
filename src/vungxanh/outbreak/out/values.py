"""A case as the values that lists and forms ask for; without a name where the reader may not have one.

Whoever is outside the officer's area, and everybody in a pseudonymised export, is a pseudonym: the same person is
the same word in every export of this installation, and no name, number, address or day of birth stands in it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from vungxanh.core.vault import keyed_number
from vungxanh.outbreak.aggregates import area_names
from vungxanh.outbreak.models import Case, LabResult, Link
from vungxanh.people.models import Officer, Person
from vungxanh.people.queries import reveal
from vungxanh.people.schemas import PersonOut

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
BATCH = 5000


def pseudonym(person: int) -> str:
    """`P-7k2m…`: says nothing, and is the same every time."""
    number, letters = keyed_number("pseudonym", str(person)) & (2**60 - 1), ""
    for _ in range(12):
        number, rest = divmod(number, 32)
        letters += _DIGITS[rest]
    return f"P-{letters}"


@dataclass(frozen=True)
class Row:
    """One case with what stands around it. `person` None: a pseudonym."""

    case: Case
    person: PersonOut | None
    sex: int
    birth_year: int | None
    test: LabResult | None
    own: str
    sources: Sequence[str]
    commune: str

    @property
    def values(self) -> dict[str, Any]:
        """Field of a list -> value."""
        case, person, test = self.case, self.person, self.test
        born = person.birth_date if person else None
        numbers = {document.kind: document.number for document in person.documents} if person else {}
        reported = timezone.localdate(case.reported_at)
        return {
            "ours": f"VX-{case.pk}",
            "id": self.own if person else "",
            "name": person.name if person else pseudonym(case.person),
            "sex": {1: "M", 2: "F"}.get(self.sex, ""),
            "birth": born,
            "birth_year": None if born else self.birth_year,
            "age": None if self.birth_year is None else max(0, reported.year - self.birth_year),
            "phone": person.phones[0] if person and person.phones else "",
            "document": numbers.get("cccd") or numbers.get("cmnd") or "",
            "passport": numbers.get("passport", ""),
            "insurance": numbers.get("bhyt", ""),
            "nationality": person.nationality if person else "",
            "address": person.address if person else "",
            "commune": self.commune if self.commune_known else "",
            "onset": case.onset,
            "sampled": test.sampled_on if test else case.sampled,
            "tested": test.tested_on if test else None,
            "result": test.result if test else "",
            "ct": float(test.ct) if test and test.ct is not None else None,
            "test_kind": test.kind if test else "",
            "reported": reported,
            "classification": case.status,
            "admitted": case.admitted_on,
            "hospital": case.hospital,
            "outcome": case.outcome,
            "outcome_date": case.outcome_on,
            "source_case": ", ".join(self.sources),
            "event": case.spot.name if case.spot else "",
            "isolation_start": timezone.localdate(case.isolated_at) if case.isolated_at else None,
        }

    @property
    def commune_known(self) -> bool:
        return self.case.scope_path.count("/") >= 3


def rows(officer: Officer, cases: Iterable[Case], *, pseudonymised: bool, purpose: str) -> Iterator[Row]:
    """Rows in the order given. Names are revealed on the record, person by person, within the officer's area."""
    part: list[Case] = []
    for case in cases:
        part.append(case)
        if len(part) == BATCH:
            yield from _rows(officer, part, pseudonymised, purpose)
            part = []
    yield from _rows(officer, part, pseudonymised, purpose)


def _rows(officer: Officer, part: Sequence[Case], pseudonymised: bool, purpose: str) -> Iterator[Row]:  # noqa: FBT001
    persons = {case.person for case in part}
    plain: Mapping[int, PersonOut] = {}
    if not pseudonymised and persons:
        plain = reveal(persons, by=officer, purpose=purpose)
    # scope: sex and year of birth of cases in hand
    people = Person.objects.filter(pk__in=persons).values_list("pk", "sex", "birth_year")
    facts = {pk: (sex, year) for pk, sex, year in people}
    tests = _newest_tests(part)
    sources = _sources(part)
    names = area_names({case.scope_path for case in part})
    for case in part:
        sex, year = facts.get(case.person, (3, None))
        own = next((row.own.open() for row in case.references.all() if not row.own.open().startswith("~")), "")
        yield Row(
            case,
            plain.get(case.person),
            sex,
            year,
            tests.get(case.pk),
            own,
            sources.get(case.pk, ()),
            names.get(case.scope_path, ""),
        )


def _newest_tests(part: Sequence[Case]) -> dict[int | None, LabResult]:
    # scope: tests of cases in hand
    found = LabResult.objects.filter(case__in=[case.pk for case in part]).order_by("sampled_on", "pk")
    return {test.case_id: test for test in found}


def _sources(part: Sequence[Case]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    links = Link.objects.filter(target__in=[case.pk for case in part]).order_by("source_id")
    for target, source in links.values_list("target", "source"):
        found.setdefault(target, []).append(f"VX-{source}")
    return found
