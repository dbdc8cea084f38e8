"""Pages of figures and chains: what an epidemiologist looks at first in the morning."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from vungxanh.core.figures import Band
from vungxanh.core.scope import scoped
from vungxanh.outbreak import aggregates, capacity, counted, diseases, order_pages, queries, reproduction, times
from vungxanh.outbreak.models import Case, Check, FollowUp
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer
from vungxanh.people.roles import Permission

#: most cases that one page of figures or one drawing takes in
MOST_CASES = 20_000


def counted_cases(officer: Officer, disease: str) -> list[Case]:
    """Cases that count, within the officer's scope."""
    found = queries.cases(officer, disease=disease).exclude(status=Case.Status.WITHDRAWN)
    return list(found[:MOST_CASES])


@require_GET
@officer_required(Permission.CASE_READ)
def overview(request: HttpRequest) -> HttpResponse:
    """Figures of today with the lists behind them, the epidemic curve, delays, transmission, areas."""
    asked = {
        "by": "reported" if request.GET.get("by") == "reported" else "onset",
        "stratum": aggregates.stratum_of(request.GET.get("stratum", "")),
        "disease": diseases.chosen(request.GET.get("disease", "")),
    }
    body = counted.body("overview", officer_of(request), asked)
    context = {
        **asked,
        "body": body,
        "strata": [(key, STRATUM_WORDS[key]) for key in aggregates.STRATA],
        "diseases": diseases.choices(),
        "day": times.day_with_year(timezone.localdate()),
    }
    return render(request, "outbreak/overview.html", context)


def overview_figures(officer: Officer, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page counts."""
    disease, by = asked["disease"], asked["by"]
    rows = queries.cases(officer, disease=disease).exclude(status=Case.Status.WITHDRAWN)
    found = aggregates.curve(rows, by, asked["stratum"])
    figured = figures(officer, rows, disease)
    return {
        **asked,
        "figures": figured,
        "curve": aggregates.bars(found, by),
        "days": [(day, count) for day, count in zip(found.days, found.totals, strict=True) if count],
        "delays": aggregates.delays(rows, disease),
        "spread": spread(rows, by, found, disease),
        "areas": areas(officer, rows, disease),
        "provinces": provinces(officer, rows, disease),
        "capacity": capacity.newest(officer),
        "cases": figured[0][1],
        "week": f"{_week_ago():%Y-%m-%d}",
    }


def _week_ago() -> datetime:
    """00:00 of the day a week ago: figures of a week and the lists behind them begin on the same day."""
    return timezone.make_aware(datetime.combine(timezone.localdate() - timedelta(days=7), time()))


counted.register("overview", "outbreak/overview_figures.html", overview_figures)

#: words of the strata
STRATUM_WORDS = {
    "source": gettext_lazy("whether a source is known"),
    "status": gettext_lazy("classification"),
    "outcome": gettext_lazy("outcome"),
    "sex": gettext_lazy("sex"),
    "age": gettext_lazy("age"),
    "area": gettext_lazy("commune"),
    "spot": gettext_lazy("outbreak spot"),
}


def figures(officer: Officer, rows: "QuerySet[Case]", disease: str) -> list[tuple[str, int, str, str]]:
    """(what, how many, how it was counted, address of the list behind it)."""
    today = timezone.localdate()
    watched = scoped(FollowUp.objects.filter(status="active", disease=disease), officer, Permission.CASE_READ)
    late = Check.objects.filter(followup__in=watched, outcome="", day__lt=today).count()
    orders, overdue = order_pages.counts(officer)
    begin = timezone.make_aware(datetime.combine(today, time()))
    new = rows.filter(reported_at__gte=begin).count()
    unknown = aggregates.with_source(rows.filter(reported_at__gte=_week_ago()))
    lost = unknown.filter(linked=False).count()
    followed = reverse("outbreak:followups")
    cases = f"{reverse('outbreak:cases')}?disease={disease}"
    week = f"{_week_ago():%Y-%m-%d}"
    return [
        (_("Cases"), rows.count(), _("%(count)s reported today") % {"count": new}, f"{cases}&counted=1"),
        (
            _("Source not known"),
            lost,
            _("of the cases reported in seven days"),
            f"{cases}&counted=1&source=unknown&since={week}",
        ),
        (_("Under follow-up"), watched.count(), _("people, today"), f"{followed}?disease={disease}"),
        (_("Calls overdue"), late, _("due before today, nothing entered"), f"{followed}?disease={disease}&late=1"),
        (_("Open orders"), orders, _("%(count)s out of time") % {"count": overdue}, reverse("outbreak:orders")),
    ]


def spread(rows: "QuerySet[Case]", by: str, found: aggregates.Curve, disease: str) -> dict[str, Any]:
    """Serial interval, effective reproduction number with its uncertainty, projection."""
    pairs = aggregates.serial_intervals(rows)
    own = pairs.mean is not None and pairs.deviation and len(pairs.days) >= LEAST_PAIRS and pairs.mean > 1
    told = reproduction.interval_of(disease)
    if own:
        told = reproduction.Interval(float(pairs.mean or 0), float(pairs.deviation or 0), _("our own pairs"))
    context: dict[str, Any] = {"pairs": pairs, "interval": told}
    if told is None or len(found.days) <= reproduction.WINDOW:
        return context
    totals = found.totals
    estimates = reproduction.estimates(totals, told.mean, told.deviation)
    if not estimates:
        return context
    last = estimates[-1]
    return context | {
        "last": last,
        "last_days": (found.days[last.start], found.days[last.end]),
        "band": _band(found, estimates),
        "forecast": _forecast(found, reproduction.project(totals, last, told.mean, told.deviation)),
    }


#: pairs from which an outbreak's own serial interval is used instead of the published one
LEAST_PAIRS = 20


def _band(found: aggregates.Curve, estimates: Sequence[reproduction.Estimate]) -> Band:
    by_day = {one.end: one for one in estimates if not one.is_weak}
    shown = [by_day.get(index) for index in range(len(found.days))]
    return Band(
        _("Effective reproduction number, weekly windows"),
        [f"{day.day}/{day.month}" for day in found.days],
        [None if one is None else one.mean for one in shown],
        [None if one is None else one.low for one in shown],
        [None if one is None else one.high for one in shown],
        note=_(
            "Cori 2013; mean and 95 %. Windows with few cases are left out. The last week changes as reports come."
        ),
        axis=_("Day"),
    )


def _forecast(found: aggregates.Curve, projected: Sequence[reproduction.Projected]) -> Band:
    days = [found.days[-1] + timedelta(days=n + 1) for n in range(len(projected))]
    return Band(
        _("FORECAST, not counted: cases a day if R stays"),
        [f"{day.day}/{day.month}" for day in days],
        [one.middle for one in projected],
        [one.low for one in projected],
        [one.high for one in projected],
        note=_("Median and 95 % of a thousand simulated courses. Measures taken since are not in it."),
        axis=_("Day"),
    )


def areas(officer: Officer, rows: "QuerySet[Case]", disease: str) -> list[dict[str, Any]]:
    """By commune, the most cases of seven days first: cases in all and of seven days, people followed."""
    found = sorted(_by_area(officer, rows, disease).items(), key=_most)[:MOST_AREAS]
    names = aggregates.area_names({path for path, _counts in found})
    return [{"scope_path": path, "name": names[path], **counts} for path, counts in found]


def provinces(officer: Officer, rows: "QuerySet[Case]", disease: str) -> list[dict[str, Any]]:
    """The same by province; nothing where all lies in one."""
    summed: dict[str, Counter[str]] = {}
    for path, counts in _by_area(officer, rows, disease).items():
        code = path.strip("/").split("/")[0]
        summed.setdefault(f"/{code}/" if code else "/", Counter()).update(counts)
    names = aggregates.area_names(set(summed))
    found = [
        {"scope_path": path, "name": names[path], **counts} for path, counts in sorted(summed.items(), key=_most)
    ]
    return found if len(found) > 1 else []


def _by_area(officer: Officer, rows: "QuerySet[Case]", disease: str) -> dict[str, dict[str, int]]:
    summed = rows.order_by().values_list("scope_path")
    found = {
        path: {"cases": cases, "week": week, "followed": 0}
        for path, cases, week in summed.annotate(
            cases=Count("pk"), week=Count("pk", filter=Q(reported_at__gte=_week_ago()))
        )
    }
    watched = scoped(FollowUp.objects.filter(status="active", disease=disease), officer, Permission.CASE_READ)
    for path, count in watched.order_by().values_list("scope_path").annotate(n=Count("pk")):
        found.setdefault(path, {"cases": 0, "week": 0, "followed": 0})["followed"] = count
    return found


def _most(row: tuple[str, Mapping[str, int]]) -> tuple[int, int, str]:
    return -row[1]["week"], -row[1]["cases"], row[0]


#: communes on the page; the export holds all
MOST_AREAS = 30
