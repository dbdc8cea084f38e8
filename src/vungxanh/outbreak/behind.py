"""The lists behind the figures: cases, contacts, follow-ups and orders narrowed by what a figure counted."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date as _parse_date

from vungxanh.outbreak.aggregates import MOMENTS, dated, with_source
from vungxanh.outbreak.models import Case, Contact, FollowUp, Order
from vungxanh.people.models import Person, Phone

M = TypeVar("M", bound=Model)
#: columns of a case that a list may ask to be filled in
FILLED = {"onset", "sampled", "isolated_at", "admitted_on", "outcome_on", "negative_at"}
#: age group -> least and most years
AGES: dict[str, tuple[int, int]] = {"0-15": (0, 15), "16-59": (16, 59), "60+": (60, 200)}


def parse_date(text: str) -> date | None:
    """A day, or None for anything else."""
    try:
        return _parse_date(text)
    except ValueError:
        return None


def between(rows: "QuerySet[M]", moment: str, params: Mapping[str, str]) -> "QuerySet[M]":
    """Rows whose moment lies on the days `since` to `until`, both in Viet Nam and both optional."""
    since, until = parse_date(params.get("since", "")), parse_date(params.get("until", ""))
    if since is not None:
        rows = rows.filter(**{f"{moment}__gte": _midnight(since)})
    if until is not None:
        rows = rows.filter(**{f"{moment}__lt": _midnight(until + timedelta(days=1))})
    return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def cases(rows: "QuerySet[Case]", params: Mapping[str, str]) -> "QuerySet[Case]":
    """`by` with `day` or `from` and `to`; reported `since`, `until`; `has` (columns that are known);
    `counted` (not withdrawn); `disease`, `spot`, `area`, `source`; `age`, `phone`, `language` of the person."""
    rows = between(_on_days(rows, params), "reported_at", params)
    for name, narrow in _CASES.items():
        if params.get(name):
            rows = narrow(rows, params[name])
    return rows


def _on_days(rows: "QuerySet[Case]", params: Mapping[str, str]) -> "QuerySet[Case]":
    day = parse_date(params.get("day", ""))
    first, last = parse_date(params.get("from", "")) or day, parse_date(params.get("to", "")) or day
    if first is None or last is None:
        return rows
    return dated(rows, params.get("by", "onset")).filter(day__range=(first, last))


def _has(rows: "QuerySet[Case]", asked: str) -> "QuerySet[Case]":
    for column in asked.split(","):
        if column in FILLED:
            rows = rows.filter(**{f"{column}__isnull": False})
        elif column == "contacts":
            # scope: whether a case in hand has any
            rows = rows.filter(pk__in=Contact.objects.values("case"))
    return rows


def _source(rows: "QuerySet[Case]", asked: str) -> "QuerySet[Case]":
    return with_source(rows).filter(linked=asked == "known") if asked in {"known", "unknown"} else rows


def _age(rows: "QuerySet[Case]", asked: str) -> "QuerySet[Case]":
    """As the table of misses counts it: by the year, today."""
    year = timezone.localdate().year
    low, high = AGES.get(asked, (None, None))
    is_of = Q(birth_year=None) if low is None or high is None else Q(birth_year__range=(year - high, year - low))
    return _of_people(rows, Person.objects.filter(is_of))  # scope: year of birth of cases in hand


def _phone(rows: "QuerySet[Case]", asked: str) -> "QuerySet[Case]":
    reached = Phone.objects.filter(plausible=True).values("person")
    return rows.filter(person__in=reached) if asked == "yes" else rows.exclude(person__in=reached)


def _language(rows: "QuerySet[Case]", asked: str) -> "QuerySet[Case]":
    people = Person.objects.filter(nationality="VNM")  # scope: nationality of cases in hand
    return _of_people(rows, people) if asked == "vi" else rows.exclude(person__in=people.values("pk"))


def _of_people(rows: "QuerySet[Case]", people: "QuerySet[Person]") -> "QuerySet[Case]":
    return rows.filter(person__in=people.values("pk"))


_CASES: dict[str, Callable[["QuerySet[Case]", str], "QuerySet[Case]"]] = {
    "disease": lambda rows, asked: rows.filter(disease=asked),
    "counted": lambda rows, _asked: rows.exclude(status=Case.Status.WITHDRAWN),
    "has": _has,
    "spot": lambda rows, asked: rows.filter(spot=int(asked)) if asked.isdigit() else rows,
    "area": lambda rows, asked: rows.filter(scope_path__startswith=asked),
    "home": lambda rows, asked: rows.filter(scope_path=asked),
    "source": _source,
    "age": _age,
    "phone": _phone,
    "language": _language,
}
#: what narrows the list of cases beside its own search
NARROWS = ("day", "from", "since", "until", *_CASES)


def contacts(rows: "QuerySet[Contact]", params: Mapping[str, str]) -> "QuerySet[Contact]":
    """Found `since`, `until`; `status`, else those that count; `away`: handed over to another area; `disease`."""
    rows = between(rows, "found_at", params)
    status = params.get("status", "")
    known = status in Contact.Status.values
    rows = rows.filter(status=status) if known else rows.exclude(status=Contact.Status.DROPPED)
    if params.get("disease"):
        rows = rows.filter(case__disease=params["disease"])
    if params.get("away"):
        rows = rows.exclude(scope_path__startswith=F("case__scope_path"))
    return rows


def followups(rows: "QuerySet[FollowUp]", params: Mapping[str, str]) -> "QuerySet[FollowUp]":
    """Ended `since`, `until`, else by `status` (active where none is asked for); `late`: a call is overdue."""
    status = params.get("status", "")
    ended = bool(params.get("since") or params.get("until"))
    rows = between(rows, "ended_at", params)
    if status in FollowUp.Status.values or not ended:
        rows = rows.filter(status=status if status in FollowUp.Status.values else FollowUp.Status.ACTIVE)
    if params.get("disease"):
        rows = rows.filter(disease=params["disease"])
    if params.get("area", "").startswith("/"):
        rows = rows.filter(scope_path__startswith=params["area"])
    if params.get("late"):
        rows = rows.filter(checks__outcome="", checks__day__lt=timezone.localdate()).distinct()
    return rows


def orders(rows: "QuerySet[Order]", params: Mapping[str, Any]) -> "QuerySet[Order]":
    """`has`: moments that are known; `moment` between `since` and `until`; `counted`; `disease`."""
    for moment in str(params.get("has", "")).split(","):
        if moment in MOMENTS:
            rows = rows.filter(**{f"{moment}__isnull": False})
    if params.get("moment") in MOMENTS:
        rows = between(rows, params["moment"], params)
    if params.get("counted"):
        rows = rows.exclude(case=None).exclude(case__status=Case.Status.WITHDRAWN)
    return rows.filter(disease=params["disease"]) if params.get("disease") else rows
