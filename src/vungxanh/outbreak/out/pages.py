"""Pages of what leaves: choose a format, take the file; every file is recorded."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.scope import scoped
from vungxanh.outbreak import behind, order_actions
from vungxanh.outbreak.models import Case, Check, FollowUp, Order
from vungxanh.outbreak.out import values, writers
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer
from vungxanh.people.roles import Permission

PURPOSE = "export list"
#: a bundle is made in memory, typed resource by typed resource: more cases are so many bundles in one archive
MOST_IN_BUNDLE = 2000
#: more than an answer may take to be made; an area or days narrow it
MOST_IN_BUNDLES = 20_000
TYPES = {
    "cases.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "cases.csv": "text/csv; charset=utf-8",
    "linelist.zip": "application/zip",
    "areas.geojson": "application/geo+json",
    "bundle.json": "application/fhir+json",
    "bundles.zip": "application/zip",
    "calendar.ics": "text/calendar; charset=utf-8",
}


@require_GET
@officer_required(Permission.EXPORT_LIST)
def exports(request: HttpRequest) -> HttpResponse:
    """What may be taken, and how many rows that is."""
    officer = officer_of(request)
    return render(request, "outbreak/exports.html", {"cases": _cases(request, officer).count()})


@require_GET
@officer_required(Permission.EXPORT_LIST)
def take(request: HttpRequest, name: str) -> HttpResponse:
    """One file. `?names=1` for names; without it everybody is a pseudonym."""
    if name not in TYPES:
        raise Http404
    officer = officer_of(request)
    with_names = request.GET.get("names") == "1"
    content, count = _made(request, officer, name, with_names=with_names)
    details = {"file": name, "rows": count, "names": with_names}
    audit.record(
        by=officer, action="outbreak:list:exported", subject="case:many", purpose=PURPOSE, details=details
    )
    return HttpResponse(
        content, content_type=TYPES[name], headers={"Content-Disposition": f"attachment; filename={name}"}
    )


def _cases(request: HttpRequest, officer: Officer) -> Any:
    rows = behind.cases(scoped(Case.objects.all(), officer, Permission.EXPORT_LIST), request.GET.dict())
    return rows.exclude(status=Case.Status.WITHDRAWN).order_by("pk")


def _made(request: HttpRequest, officer: Officer, name: str, *, with_names: bool) -> tuple[bytes | str, int]:
    cases = _cases(request, officer)
    if name == "areas.geojson":
        counted = list(cases.order_by().values_list("scope_path").annotate(n=Count("pk")).order_by("scope_path"))
        return writers.areas(counted), len(counted)
    if name == "calendar.ics":
        return _calendar(officer)
    most = {"bundle.json": MOST_IN_BUNDLE, "bundles.zip": MOST_IN_BUNDLES}.get(name)
    if most is not None and (count := cases.count()) > most:
        raise UserError("outbreak.bundle-too-large", cases=count, most=most)
    found = _rows(officer, cases, with_names=with_names)
    if name == "bundle.json":
        kept = list(found)
        return writers.bundle(kept, officer.get_full_name()), len(kept)
    if name == "bundles.zip":
        return writers.bundles(found, officer.get_full_name(), MOST_IN_BUNDLE)
    write = {"cases.xlsx": writers.workbook, "cases.csv": writers.table, "linelist.zip": writers.linelist}[name]
    return write(found), cases.count()


def _rows(officer: Officer, cases: Any, *, with_names: bool) -> Iterator[values.Row]:
    whole = cases.select_related("spot").prefetch_related("references")
    return values.rows(officer, whole.iterator(chunk_size=5000), pseudonymised=not with_names, purpose=PURPOSE)


def _calendar(officer: Officer) -> tuple[bytes, int]:
    today = timezone.localdate()
    orders = scoped(Order.objects.all(), officer, Permission.CASE_READ)
    orders = orders.filter(status__in=order_actions.OPEN, until__gte=today).order_by("until", "pk")[:2000]
    watched = scoped(FollowUp.objects.filter(status="active"), officer, Permission.CASE_READ)
    checks = Check.objects.filter(followup__in=watched, outcome="", day__gte=today)
    days = checks.values_list("day").annotate(n=Count("pk"), t=Count("pk", filter=Q(test=True))).order_by("day")
    return writers.calendar(orders, days), len(days)
