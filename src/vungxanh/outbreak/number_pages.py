"""Pages of figures and chains: what an epidemiologist looks at first in the morning."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from vungxanh.core.errors import UserError
from vungxanh.core.figures import Band
from vungxanh.core.scope import scoped
from vungxanh.outbreak import aggregates, capacity, chain, order_pages, queries, reproduction, times
from vungxanh.outbreak.exposed import evidence_lake
from vungxanh.outbreak.models import Case, Check, FollowUp
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer
from vungxanh.people.queries import masked
from vungxanh.people.roles import Permission

#: most cases that one page of figures or one drawing takes in
MOST_CASES = 20_000
DISEASE = "covid19"


def counted(officer: Officer) -> list[Case]:
    """Cases that count, within the officer's scope."""
    found = queries.cases(officer, disease=DISEASE).exclude(status=Case.Status.WITHDRAWN)
    return list(found[:MOST_CASES])


@require_GET
@officer_required(Permission.CASE_READ)
def overview(request: HttpRequest) -> HttpResponse:
    """Figures of today with the lists behind them, the epidemic curve, delays, transmission, areas."""
    officer = officer_of(request)
    rows = queries.cases(officer, disease=DISEASE).exclude(status=Case.Status.WITHDRAWN)
    by = "reported" if request.GET.get("by") == "reported" else "onset"
    asked = request.GET.get("stratum", "")
    stratum = asked if asked in aggregates.STRATA else "source"
    found = aggregates.curve(rows, by, stratum)
    figured = figures(officer, rows)
    context = {
        "figures": figured,
        "curve": aggregates.bars(found, by),
        "days": [(day, count) for day, count in zip(found.days, found.totals, strict=True) if count],
        "by": by,
        "stratum": stratum,
        "strata": [(key, STRATUM_WORDS[key]) for key in aggregates.STRATA],
        "delays": aggregates.delays(rows),
        "spread": spread(rows, by, found),
        "areas": areas(officer, rows),
        "capacity": capacity.newest(officer),
        "cases": figured[0][1],
        "day": times.day_with_year(timezone.localdate()),
    }
    return render(request, "outbreak/overview.html", context)


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


def figures(officer: Officer, rows: "QuerySet[Case]") -> list[tuple[str, int, str, str]]:
    """(what, how many, how it was counted, address of the list behind it)."""
    today = timezone.localdate()
    watched = scoped(FollowUp.objects.filter(status="active"), officer, Permission.CASE_READ)
    late = Check.objects.filter(followup__in=watched, outcome="", day__lt=today).count()
    orders, overdue = order_pages.counts(officer)
    begin = timezone.make_aware(datetime.combine(today, time()))
    new = rows.filter(reported_at__gte=begin).count()
    unknown = aggregates.with_source(rows.filter(reported_at__gte=begin - timedelta(days=7)))
    lost = unknown.filter(linked=False).count()
    cases = reverse("outbreak:cases")
    return [
        (_("Cases"), rows.count(), _("%(count)s reported today") % {"count": new}, cases),
        (_("Source not known"), lost, _("of the cases reported in seven days"), f"{cases}?source=unknown"),
        (_("Under follow-up"), watched.count(), _("people, today"), reverse("outbreak:today")),
        (_("Calls overdue"), late, _("due before today, nothing entered"), reverse("outbreak:today")),
        (_("Open orders"), orders, _("%(count)s out of time") % {"count": overdue}, reverse("outbreak:orders")),
    ]


def spread(rows: "QuerySet[Case]", by: str, found: aggregates.Curve) -> dict[str, Any]:
    """Serial interval, effective reproduction number with its uncertainty, projection."""
    pairs = aggregates.serial_intervals(rows)
    own = pairs.mean is not None and pairs.deviation and len(pairs.days) >= LEAST_PAIRS and pairs.mean > 1
    told = reproduction.interval_of(DISEASE)
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


def areas(officer: Officer, rows: "QuerySet[Case]") -> list[dict[str, Any]]:
    """By commune: cases in all and of seven days, people followed, calls overdue, open orders."""
    week = timezone.now() - timedelta(days=7)
    counted = rows.order_by().values("scope_path")
    counted = counted.annotate(cases=Count("pk"), week=Count("pk", filter=Q(reported_at__gte=week)))
    followed = dict(
        scoped(FollowUp.objects.filter(status="active"), officer, Permission.CASE_READ)
        .values_list("scope_path")
        .annotate(n=Count("pk"))
    )
    found = sorted(counted, key=lambda row: (-row["week"], -row["cases"]))[:MOST_AREAS]
    names = aggregates.area_names({row["scope_path"] for row in found})
    return [
        row | {"name": names[row["scope_path"]], "followed": followed.get(row["scope_path"], 0)} for row in found
    ]


#: communes on the page; the export holds all
MOST_AREAS = 30


@require_GET
@officer_required(Permission.TRACE_RUN)
def chains(request: HttpRequest) -> HttpResponse:
    """The page of chains; the drawing fetches its elements."""
    made, cases, impossible = _forest(officer_of(request))
    sizes = chain.sizes(made)
    names = masked(list(made.source)[:200])
    context = {
        "cases": len(cases),
        "roots": len(made.roots),
        "largest": sizes[0] if sizes else 0,
        "deepest": max(made.depth.values(), default=0),
        "spread": sorted(Counter(sizes).items(), reverse=True),
        "impossible": [
            (
                masked([one.source]).get(one.source, one.source),
                cases[one.source],
                masked([one.target]).get(one.target, one.target),
                cases[one.target],
            )
            for one in impossible[:100]
        ],
        "root": request.GET.get("root", ""),
        "largest_roots": _largest(made, cases),
        "links": [
            (names.get(person, person), cases[person].pk, cases[link.source].pk, made.depth[person])
            for person, link in list(made.source.items())[:200]
        ],
    }
    return render(request, "outbreak/chains.html", context)


@require_GET
@officer_required(Permission.TRACE_RUN)
def chain_elements(request: HttpRequest) -> HttpResponse:
    """Nodes and edges with their places, at most `chain.MOST_ELEMENTS`."""
    made, cases, _impossible = _forest(officer_of(request))
    root = request.GET.get("root", "")
    if root.isdigit() and int(root) in made.began:
        made = chain.below(made, int(root))
    names = masked(made.began)
    result = chain.drawn(made, cases, names)
    return JsonResponse({"nodes": result.nodes, "edges": result.edges, "folded": result.folded})


def _forest(officer: Officer) -> tuple[chain.Forest, dict[int, Case], list[chain.Link]]:
    cases = counted(officer)
    try:
        found = chain.links(cases, None, evidence_lake())
    except UserError as error:
        if error.code not in {"lake.no-lake", "rules.none-in-force"}:
            raise
        found = []
    known, impossible = chain.told(cases)
    by_person = {case.person: case for case in cases}
    return chain.forest(cases, [*known, *found]), by_person, impossible


def _largest(made: chain.Forest, cases: dict[int, Case]) -> list[tuple[int, str, int]]:
    """(person at the root, day, size) of the largest chains, to be opened one at a time."""
    sized = sorted(((len(made.walk(root)), root) for root in made.roots), reverse=True)
    return [(root, f"{made.began[root]:%d/%m/%Y}", size) for size, root in sized[:50] if size > 1]
