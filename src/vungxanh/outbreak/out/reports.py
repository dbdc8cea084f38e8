"""The reports that the law asks for: what is due, by when, and their values in the form's own layout."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from vungxanh.core.minutes import VIETNAM
from vungxanh.exchange import xlsx
from vungxanh.outbreak.aggregates import area_names
from vungxanh.outbreak.models import Case, FollowUp, Order, Spot, Submission
from vungxanh.outbreak.out import values
from vungxanh.people.models import Officer

FILE = Path(__file__).parent.parent / "data" / "reports.toml"
DATES = {
    "birth",
    "onset",
    "admitted",
    "sampled",
    "outcome_date",
    "reported",
    "day",
    "first",
    "last",
    "since",
    "until",
}
PURPOSE = "report asked for by law"


@dataclass(frozen=True)
class Form:
    """One form: `about` a case, a spot or a week; columns (title, field) in their order."""

    id: str
    about: str
    vi: str
    en: str
    basis: str
    verified: str
    columns: Sequence[tuple[str, str]]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


@cache
def forms() -> dict[str, Form]:
    return {
        raw["id"]: Form(**{**raw, "columns": tuple((title, name) for title, name in raw["columns"])})
        for raw in _data()["form"]
    }


def deadline(disease: str, detected: datetime) -> datetime:
    """When a case has to be reported: hours from detection, or the Tuesday after its week, at its end."""
    hours = _data()["deadline"].get(disease, {"hours": 24})["hours"]
    return detected + timedelta(hours=hours) if hours else week_due(timezone.localdate(detected))


def week_due(day: date) -> datetime:
    """The week runs Monday to Sunday and is sent before Wednesday."""
    monday = day - timedelta(days=day.weekday())
    return midnight(monday + timedelta(days=9))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(VIETNAM))


def icd(disease: str) -> str:
    return str(_data()["deadline"].get(disease, {"icd": ""})["icd"])


def workbook(officer: Officer, form: Form, found: Sequence[Submission]) -> bytes:
    """The chosen records in the form's own layout, nothing typed twice."""
    columns = [xlsx.Column(title, "date" if name in DATES else "text") for title, name in form.columns]
    body = [[told.get(name) for _title, name in form.columns] for told in _values(officer, form, found)]
    return xlsx.write(
        [xlsx.Sheet(form.vi[:31], columns, body, heading=(form.vi, form.basis))], drill=settings.DEMO
    )


def _values(officer: Officer, form: Form, found: Sequence[Submission]) -> Iterable[dict[str, Any]]:
    if form.about == "case":
        numbers = [row.case_id for row in found if row.case_id]
        # scope: the records were chosen within the officer's area
        cases = Case.objects.filter(pk__in=numbers).select_related("spot").prefetch_related("references")
        made = values.rows(officer, cases.order_by("pk"), pseudonymised=False, purpose=PURPOSE)
        return [row.values for row in made]
    if form.about == "spot":
        return [spot_values(row.spot, row.day) for row in found if row.spot and row.day]
    return [told for row in found if row.day for told in week_values(row.scope_path, row.day)]


def spot_values(spot: Spot, day: date) -> dict[str, Any]:
    """One spot on one day."""
    cases = spot.cases.exclude(status=Case.Status.WITHDRAWN)
    onsets = sorted(case.onset or case.sampled or day for case in cases)
    begin, end = midnight(day), midnight(day + timedelta(days=1))
    persons = [case.pk for case in cases]
    # scope: counts about a spot in hand
    followed = FollowUp.objects.filter(status="active")
    followed = followed.filter(person__in=_contacts_of(persons))
    # scope: counts about a spot in hand
    isolated = Order.objects.filter(case__in=persons, status__in=("signed", "notified"))
    return {
        "ours": f"VX-O{spot.pk}",
        "name": spot.name,
        "commune": area_names({spot.scope_path})[spot.scope_path],
        "day": day,
        "first": onsets[0] if onsets else None,
        "last": onsets[-1] if onsets else None,
        "new": sum(begin <= case.reported_at < end for case in cases),
        "cases": len(cases),
        "deaths": sum(case.outcome == Case.Outcome.DECEASED for case in cases),
        "followed": followed.count(),
        "isolated": isolated.count(),
        "state": "Đã kết thúc" if spot.closed_on and spot.closed_on <= day else "Đang hoạt động",
    }


def _contacts_of(cases: Sequence[int]) -> Any:
    from vungxanh.outbreak.models import Contact

    # scope: counts about a spot in hand
    return Contact.objects.filter(case__in=cases, status="active").values("person")


def week_values(path: str, monday: date) -> list[dict[str, Any]]:
    """One line a disease for an area and a week; with no case one line that says so."""
    since, until = midnight(monday), midnight(monday + timedelta(days=7))
    year = midnight(date(monday.year, 1, 1))
    # scope: counts of the area that reports
    cases = Case.objects.filter(scope_path__startswith=path).exclude(status=Case.Status.WITHDRAWN)
    diseases = sorted(set(cases.filter(reported_at__gte=year).values_list("disease", flat=True))) or ["covid19"]
    name = area_names({path})[path]
    return [
        {
            "since": monday,
            "until": monday + timedelta(days=6),
            "disease": disease,
            "icd": icd(disease),
            "commune": name,
            "cases": _count(cases, disease, since, until),
            "deaths": _deaths(cases, disease, monday, monday + timedelta(days=6)),
            "year_cases": _count(cases, disease, year, until),
            "year_deaths": _deaths(cases, disease, date(monday.year, 1, 1), monday + timedelta(days=6)),
        }
        for disease in diseases
    ]


def _count(cases: Any, disease: str, since: datetime, until: datetime) -> int:
    found: int = cases.filter(disease=disease, reported_at__gte=since, reported_at__lt=until).count()
    return found


def _deaths(cases: Any, disease: str, since: date, until: date) -> int:
    dead = cases.filter(disease=disease, outcome=Case.Outcome.DECEASED)
    found: int = dead.filter(outcome_on__gte=since, outcome_on__lte=until).count()
    return found
