"""Pages of figures and chains: what an epidemiologist looks at first in the morning."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vungxanh.core.errors import UserError
from vungxanh.core.scope import scoped
from vungxanh.outbreak import chain, numbers, order_pages, queries, times
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
    """Figures of today with the lists behind them, the epidemic curve, delays."""
    officer = officer_of(request)
    cases = counted(officer)
    found = numbers.dates(cases)
    by = "reported" if request.GET.get("by") == "reported" else "onset"
    linked = queries.with_source([case.person for case in cases], DISEASE)
    context = {
        "figures": figures(officer, found),
        "curve": numbers.curve(found, by, linked),
        "by": by,
        "delays": numbers.delays(found),
        "cases": len(cases),
        "full": len(cases) == MOST_CASES,
        "day": times.day_with_year(timezone.localdate()),
    }
    return render(request, "outbreak/overview.html", context)


def figures(officer: Officer, found: list[numbers.Dates]) -> list[tuple[str, int, str, str]]:
    """(what, how many, how it was counted, address of the list behind it)."""
    today = timezone.localdate()
    watched = scoped(FollowUp.objects.filter(status="active"), officer, Permission.CASE_READ)
    late = Check.objects.filter(followup__in=watched, outcome="", day__lt=today).count()
    orders = order_pages.visible(officer)
    now = timezone.now()
    overdue = sum(order_pages.line(order, {}, now).is_late for order in orders)
    new = sum(case.reported == today for case in found)
    return [
        (_("Cases"), len(found), _("%(count)s reported today") % {"count": new}, "outbreak:cases"),
        (_("Under follow-up"), watched.count(), _("people, today"), "outbreak:today"),
        (_("Calls overdue"), late, _("due before today, nothing entered"), "outbreak:today"),
        (_("Open orders"), len(orders), _("%(count)s out of time") % {"count": overdue}, "outbreak:orders"),
    ]


@require_GET
@officer_required(Permission.TRACE_RUN)
def chains(request: HttpRequest) -> HttpResponse:
    """The page of chains; the drawing fetches its elements."""
    made, cases = _forest(officer_of(request))
    sizes = chain.sizes(made)
    names = masked(list(made.source)[:200])
    context = {
        "cases": len(cases),
        "roots": len(made.roots),
        "largest": sizes[0] if sizes else 0,
        "deepest": max(made.depth.values(), default=0),
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
    made, cases = _forest(officer_of(request))
    names = masked(made.began)
    result = chain.drawn(made, cases, names)
    return JsonResponse({"nodes": result.nodes, "edges": result.edges, "folded": result.folded})


def _forest(officer: Officer) -> tuple[chain.Forest, dict[int, Case]]:
    cases = counted(officer)
    try:
        found = chain.links(cases, None, evidence_lake())
    except UserError as error:
        if error.code not in {"lake.no-lake", "rules.none-in-force"}:
            raise
        found = []
    return chain.forest(cases, found), {case.person: case for case in cases}
