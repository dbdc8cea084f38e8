"""Figures over all cases of an officer, counted by the database: nothing is loaded to be counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    DateField,
    DurationField,
    Exists,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.expressions import ExpressionWrapper
from django.db.models.functions import Cast, Coalesce, ExtractDay, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vungxanh.core.figures import Bars, Series
from vungxanh.outbreak.models import Case, Contact, Link, Order
from vungxanh.outbreak.numbers import MOST_DAYS

Rows = "QuerySet[Case]"
#: strata of more kinds than this are joined under "others"
MOST_STRATA = 6


class Middle(Aggregate):
    """The median."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def dated(rows: "QuerySet[Case]", by: str) -> "QuerySet[Any]":
    """Rows with `day`: of the report, else of the onset or, without one, of the sample."""
    if by == "reported":
        return rows.annotate(day=TruncDate("reported_at"))
    return rows.annotate(day=Coalesce("onset", "sampled", output_field=DateField()))


def with_source(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Rows with `linked`: somebody says who infected them, or they were a contact of another case."""
    # scope: yes or no about rows in hand
    contacts = Contact.objects.filter(person=OuterRef("person"), case__disease=OuterRef("disease"))
    contacts = contacts.exclude(status=Contact.Status.DROPPED).exclude(case__status=Case.Status.WITHDRAWN)
    known: Any = Exists(Link.objects.filter(target=OuterRef("pk"))) | Exists(contacts)
    found: QuerySet[Any] = rows.annotate(linked=known)
    return found


@dataclass(frozen=True)
class Curve:
    """Counts by day and stratum: `values[stratum][day]`."""

    days: list[date]
    values: dict[str, Counter[date]]

    @property
    def totals(self) -> list[int]:
        return [sum(counted[day] for counted in self.values.values()) for day in self.days]


STRATA = ("source", "status", "outcome", "sex", "age", "area", "spot")


def stratum_of(asked: str) -> str:
    """The stratum asked for, else whether a source is known."""
    return asked if asked in STRATA else STRATA[0]


def curve(rows: "QuerySet[Case]", by: str, stratum: str, last: date | None = None) -> Curve:
    """Cases a day, split; at most the last `MOST_DAYS` days before `last`."""
    found = dated(rows, by)
    newest = last or found.order_by("-day").values_list("day", flat=True).first()
    if newest is None:
        return Curve([], {})
    found = found.filter(day__gt=newest - timedelta(days=MOST_DAYS), day__lte=newest)
    values: dict[str, Counter[date]] = {}
    for name, day, count in _split(found, stratum):
        values.setdefault(name, Counter())[day] += count
    first = min(day for counted in values.values() for day in counted)
    days = [first + timedelta(days=n) for n in range((newest - first).days + 1)]
    return Curve(days, _joined(values))


def _joined(values: dict[str, Counter[date]]) -> dict[str, Counter[date]]:
    """The largest strata; the rest as one."""
    order = sorted(values, key=lambda name: -values[name].total())
    kept = {name: values[name] for name in order[:MOST_STRATA]}
    rest: Counter[date] = Counter()
    for name in order[MOST_STRATA:]:
        rest.update(values[name])
    return kept | ({_("others"): rest} if rest else {})


def _split(found: "QuerySet[Any]", stratum: str) -> list[tuple[str, date, int]]:
    if stratum in {"sex", "age"}:
        return _by_person(found, stratum)
    if stratum == "source":
        rows = with_source(found).values_list("linked", "day").annotate(n=Count("pk"))
        words: Any = {True: _("source known"), False: _("source not known")}
    elif stratum == "spot":
        rows = found.values_list("spot__name", "day").annotate(n=Count("pk"))
        words = {None: _("no outbreak spot")}
    elif stratum == "area":
        rows = found.values_list("scope_path", "day").annotate(n=Count("pk"))
        words = area_names({row[0] for row in rows})
    else:
        rows = found.values_list(stratum, "day").annotate(n=Count("pk"))
        choices = Case.Status.choices if stratum == "status" else Case.Outcome.choices
        words = {key: str(word) for key, word in choices} | {"": _("not known")}
    return [(str(words.get(key, key)), day, count) for key, day, count in rows]


def _by_person(found: "QuerySet[Any]", stratum: str) -> list[tuple[str, date, int]]:
    """Sex and age stand in the register; only they are read, no name."""
    from vungxanh.people.models import Person

    rows = list(found.values_list("person", "day"))
    # scope: sex and year of birth of cases in hand, counted
    people = Person.objects.filter(pk__in=[person for person, _day in rows])
    facts = {pk: (sex, year) for pk, sex, year in people.values_list("pk", "sex", "birth_year")}
    counted = Counter((_person_word(stratum, facts.get(person), day), day) for person, day in rows)
    return [(word, day, count) for (word, day), count in sorted(counted.items())]


def _person_word(stratum: str, facts: tuple[int, int | None] | None, day: date) -> str:
    sex, year = facts or (3, None)
    if stratum == "sex":
        return str({1: _("male"), 2: _("female")}.get(sex, _("not told")))
    if year is None:
        return _("age not known")
    age = max(0, day.year - year)
    low = next((start for start in (60, 40, 20, 10) if age >= start), 0)
    return {0: "0-9", 10: "10-19", 20: "20-39", 40: "40-59", 60: "60+"}[low]


def area_names(paths: set[str]) -> dict[str, str]:
    """Path -> name of its lowest unit."""
    from vungxanh.core.errors import UserError
    from vungxanh.places.units import resolve

    found = {}
    for path in paths:
        codes = [code for code in path.strip("/").split("/") if code.isdigit()]
        try:
            found[path] = resolve(codes[-1], timezone.localdate()).full_name if codes else _("Viet Nam")
        except UserError:
            found[path] = path
    return found


def bars(found: Curve, by: str) -> Bars:
    """The curve as it is drawn, with how it was counted."""
    title = _("Cases by day of report") if by == "reported" else _("Cases by day of onset, else of the sample")
    note = _("Withdrawn cases are left out. Days in Viet Nam. The last days are not complete: reports come late.")
    series = tuple(Series(name, [counted[day] for day in found.days]) for name, counted in found.values.items())
    return Bars(title, [f"{day.day}/{day.month}" for day in found.days], series, note=note, axis=_("Day"))


class Hours(Func):
    """A span as hours."""

    function = "EXTRACT"
    template = "(EXTRACT(EPOCH FROM %(expressions)s) / 3600.0)::float8"
    output_field = FloatField()


@dataclass(frozen=True, slots=True)
class Delay:
    """Time between two events: how many have both, middle, least, most, in `unit`; `address` of their list."""

    name: str
    unit: str
    count: int
    middle: float | None
    least: float | None
    most: float | None
    address: str


def delays(rows: "QuerySet[Case]", disease: str) -> list[Delay]:
    """Delays of cases in days, and our own speed in hours: of cases to their first contact, and of orders."""
    of, every = f"?counted=1&disease={disease}&", f"?status=all&counted=1&disease={disease}&"
    cases, orders = reverse("outbreak:cases") + of, reverse("outbreak:orders") + every
    # scope: moments of orders of cases in hand
    made = Order.objects.filter(case__in=rows)
    # scope: moments of contacts of cases in hand
    first = Contact.objects.filter(case=OuterRef("pk")).order_by("found_at").values("found_at")[:1]
    found = rows.annotate(first_contact=Subquery(first))
    return [
        _days(_("onset to report"), rows, F("onset"), TruncDate("reported_at"), f"{cases}has=onset"),
        _days(
            _("onset to isolation"), rows, F("onset"), TruncDate("isolated_at"), f"{cases}has=onset,isolated_at"
        ),
        _days(_("onset to sample"), rows, F("onset"), F("sampled"), f"{cases}has=onset,sampled"),
        _days(_("onset to admission"), rows, F("onset"), F("admitted_on"), f"{cases}has=onset,admitted_on"),
        _hours(_("report to first contact"), found, "reported_at", "first_contact", f"{cases}has=contacts"),
        _hours(_("contact found to order signed"), made, *MOMENTS[:2], f"{orders}has=detected_at,signed_at"),
        _hours(_("order signed to person told"), made, *MOMENTS[1:], f"{orders}has=signed_at,notified_at"),
        _hours(_("contact found to person told"), made, *MOMENTS[::2], f"{orders}has=detected_at,notified_at"),
    ]


#: moments of an order, in the order in which they come
MOMENTS = ("detected_at", "signed_at", "notified_at")


def _days(name: str, rows: "QuerySet[Case]", start: Any, end: Any, address: str) -> Delay:
    """Pairs without one of the two are left out, not counted as nought."""
    took = ExpressionWrapper(Cast(F("end"), DateField()) - Cast(F("start"), DateField()), DurationField())
    known = rows.annotate(start=start, end=end).filter(start__isnull=False, end__isnull=False)
    return _delay(name, _("days"), known.annotate(took=ExtractDay(took)), address)


def _hours(name: str, rows: "QuerySet[Any]", start: str, end: str, address: str) -> Delay:
    known = rows.filter(**{f"{start}__isnull": False, f"{end}__isnull": False}).order_by()
    took = ExpressionWrapper(F(end) - F(start), DurationField())
    return _delay(name, pgettext("delay", "hours"), known.annotate(took=Hours(took)), address)


def _delay(name: str, unit: str, rows: "QuerySet[Any]", address: str) -> Delay:
    from django.db.models import Max, Min

    found = rows.order_by().aggregate(n=Count("took"), middle=Middle("took"), least=Min("took"), most=Max("took"))
    return Delay(name, unit, found["n"], found["middle"], found["least"], found["most"], address)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Serial intervals seen: infector and infected both with a day of onset."""

    days: Sequence[int]

    @property
    def mean(self) -> float | None:
        return sum(self.days) / len(self.days) if self.days else None

    @property
    def deviation(self) -> float | None:
        if len(self.days) < 2:
            return None
        middle = sum(self.days) / len(self.days)
        return float((sum((day - middle) ** 2 for day in self.days) / (len(self.days) - 1)) ** 0.5)

    @property
    def reversed(self) -> int:
        return sum(day < 0 for day in self.days)


def serial_intervals(rows: "QuerySet[Case]") -> Pairs:
    """Of links that people told us; a trace's possibilities are no pairs."""
    links = Link.objects.filter(target__in=rows).exclude(source__status=Case.Status.WITHDRAWN)
    known = links.filter(Q(source__onset__isnull=False) & Q(target__onset__isnull=False))
    days = known.values_list("source__onset", "target__onset")
    return Pairs([(target - source).days for source, target in days if source and target])
