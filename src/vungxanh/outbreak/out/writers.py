"""Rows of cases as files: workbook, CSV, R linelist with its contacts, map, FHIR bundle, calendar."""

import io
import itertools
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from vungxanh.core.minutes import VIETNAM
from vungxanh.exchange import csv, fhir, geojson, icalendar, xlsx
from vungxanh.outbreak.intake.field_words import FIELDS
from vungxanh.outbreak.models import Check, Contact, LabResult, Link, Order
from vungxanh.outbreak.out.values import Row, pseudonym

COLUMNS = (
    "ours", "id", "name", "sex", "birth", "birth_year", "phone", "document", "passport", "insurance",
    "nationality", "address", "commune", "onset", "sampled", "tested", "result", "ct", "test_kind", "reported",
    "classification", "admitted", "hospital", "outcome", "outcome_date", "source_case", "event",
    "isolation_start",
)  # fmt: skip
DATES = {
    "birth", "onset", "sampled", "tested", "reported", "admitted", "outcome_date", "isolation_start",
}  # fmt: skip
#: tags of the R package linelist
R_COLUMNS = {
    "id": "ours", "date_onset": "onset", "date_reporting": "reported", "date_admission": "admitted",
    "date_outcome": "outcome_date", "gender": "sex", "age": "age", "location": "commune", "outcome": "outcome",
    "case_type": "classification", "date_sample": "sampled", "ct_value": "ct",
}  # fmt: skip
#: LOINC of a test by its kind; Ct as its own observation
LOINC = {"pcr": "94500-6", "antigen": "94558-4", "other": "94500-6"}
LOINC_CT = "94745-7"


def workbook(rows: Iterable[Row]) -> bytes:
    """Real dates, identifiers as text; what comes back is understood again."""
    columns = [xlsx.Column(str(FIELDS[name]), "date" if name in DATES else _kind(name)) for name in COLUMNS]
    body = ([row.values[name] for name in COLUMNS] for row in rows)
    return xlsx.write([xlsx.Sheet(_("Cases"), columns, body)], drill=settings.DEMO)


def _kind(name: str) -> Any:
    return "number" if name in {"birth_year", "ct"} else "text"


def table(rows: Iterable[Row]) -> bytes:
    """CSV with the same columns."""
    return csv.write([str(FIELDS[name]) for name in COLUMNS], ([row.values[n] for n in COLUMNS] for row in rows))


def linelist(rows: Iterable[Row]) -> bytes:
    """A zip of linelist.csv (tags of R) and contacts.csv (from, to), as epicontacts and EpiEstim take them."""
    kept = list(rows)
    numbers = {row.case.pk for row in kept}
    body = [[row.values[name] for name in R_COLUMNS.values()] for row in kept]
    links = Link.objects.filter(source__in=numbers, target__in=numbers).order_by("pk")
    pairs = [[f"VX-{a}", f"VX-{b}", kind] for a, b, kind in links.values_list("source", "target", "kind")]
    return _zip(
        {
            "linelist.csv": csv.write(list(R_COLUMNS), body, mark=False),
            "contacts.csv": csv.write(["from", "to", "kind"], pairs, mark=False),
        }
    )


def _zip(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def areas(cases: Iterable[tuple[str, int]]) -> bytes:
    """Cases by commune at its middle: a map of counts; no person has a point."""
    from vungxanh.core.errors import UserError
    from vungxanh.places.units import resolve

    features = []
    for path, count in cases:
        codes = [code for code in path.strip("/").split("/") if code.isdigit()]
        try:
            unit = resolve(codes[-1], timezone.localdate()) if codes else None
        except UserError:
            unit = None
        point = {"type": "Point", "coordinates": [unit.lon, unit.lat]} if unit else None
        facts = {"code": codes[-1] if codes else "", "name": unit.full_name if unit else "", "cases": count}
        features.append(geojson.Feature(point, facts, id=codes[-1] if codes else None))
    return geojson.write(features, decimals=3)


def bundle(rows: Sequence[Row], who: str) -> str:
    """FHIR: patients, tests, daily answers, contacts, and who says so. Raises OperatorError without the extra."""
    numbers = [row.case.pk for row in rows]
    persons = {row.case.person: row for row in rows}
    items: list[fhir.Item] = [_patient(row) for row in rows]
    # scope: tests, answers and contacts of cases in hand
    tests = LabResult.objects.filter(case__in=numbers)
    for test in tests:
        items += _observations(test)
    # scope: contacts of cases in hand
    exposed = Contact.objects.filter(case__in=numbers).exclude(status=Contact.Status.DROPPED)
    items += [
        fhir.Contact(f"contact-{one.pk}", _id(one.case.person), _("exposed"), one.first_exposed, one.last_exposed)
        for one in exposed.select_related("case")
    ]
    checks = Check.objects.filter(followup__person__in=persons).exclude(outcome="").select_related("followup")
    items += [_response(check) for check in checks]
    now = timezone.now()
    items.append(fhir.Provenance("provenance", [_id(row.case.person) for row in rows], now, who))
    return fhir.bundle(items, now)


def bundles(rows: Iterable[Row], who: str, size: int) -> tuple[bytes, int]:
    """(an archive of bundles of at most `size` cases, written one after the other; how many cases they hold)."""
    made, count, waiting = io.BytesIO(), 0, iter(rows)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in itertools.count(1):
            part = list(itertools.islice(waiting, size))
            if not part and number > 1:
                break
            archive.writestr(f"bundle-{number:03d}.json", bundle(part, who))
            count += len(part)
    return made.getvalue(), count


def _id(person: int) -> str:
    return pseudonym(person).lower()


def _patient(row: Row) -> fhir.Patient:
    person = row.person
    return fhir.Patient(
        id=_id(row.case.person),
        sex=row.sex,
        birth=person.birth_date if person else None,
        birth_year=row.birth_year,
        name=person.name if person else "",
        phone=person.phones[0] if person and person.phones else "",
        commune=row.commune if row.commune_known else "",
    )


def _observations(test: LabResult) -> list[fhir.Item]:
    at = datetime.combine(test.sampled_on, time(), ZoneInfo(VIETNAM))
    found: list[fhir.Item] = [
        fhir.Observation(f"test-{test.pk}", _id(test.person), LOINC[test.kind], at, test.result)
    ]
    if test.ct is not None:
        found.append(fhir.Observation(f"ct-{test.pk}", _id(test.person), LOINC_CT, at, float(test.ct)))
    return found


def _response(check: Check) -> fhir.Response:
    answers = {"outcome": check.outcome} | ({"result": check.result} if check.result else {})
    at = check.at or datetime.combine(check.day, time(), ZoneInfo(VIETNAM))
    return fhir.Response(
        f"check-{check.pk}", _id(check.followup.person), "urn:vungxanh:questionnaire:daily|1", at, answers
    )


def calendar(orders: Iterable[Order], checks: Iterable[tuple[Any, int, int]]) -> bytes:
    """Isolations that end, and how many are to be called a day. No name, no diagnosis: calendars go to clouds."""
    events = [
        icalendar.Event(
            f"order-{order.pk}@vungxanh",
            _("Isolation ends: record %(number)s") % {"number": order.pk},
            order.until,
            order.until + timedelta(days=1),
        )
        for order in orders
    ]
    events += [
        icalendar.Event(
            f"calls-{day}@vungxanh",
            _("Follow-up: %(calls)s to call, %(tests)s to test") % {"calls": calls, "tests": tests},
            day,
            day + timedelta(days=1),
        )
        for day, calls, tests in checks
    ]
    return icalendar.write(events, "Vùng Xanh", timezone.now())
