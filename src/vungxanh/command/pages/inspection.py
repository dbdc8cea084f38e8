"""Inspectors' pages: where to look first, one place with its checklist, visits so far."""

from datetime import date
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vungxanh.command.actions import inspection as actions
from vungxanh.command.checklist import Line, checklist, named
from vungxanh.command.inspection_plan import Planned, plan
from vungxanh.command.models import Finding, Inspection, Photo
from vungxanh.core.errors import UserError
from vungxanh.core.listing import Column, Listing
from vungxanh.core.minutes import parse_date
from vungxanh.core.scope import scoped
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Organisation
from vungxanh.people.roles import Permission
from vungxanh.places.kinds import kinds
from vungxanh.places.models import Place

#: kinds of unit that something can be referred to
BODIES = ("department", "peoples-committee", "commune-committee")


def _language() -> str:
    return "en" if (get_language() or "vi").startswith("en") else "vi"


@officer_required(Permission.SAFETY_INSPECT)
def index(request: HttpRequest) -> HttpResponse:
    lang = _language()
    columns: list[Column[Planned]] = [
        Column("place", _("Place"), _link, head=True),
        Column(
            "kind", _("Kind"), lambda p: getattr(kinds()[p.place.kind].name, lang), sort=lambda p: p.place.kind
        ),
        Column("unseen", _("Nobody can see"), lambda p: ", ".join(getattr(d.name, lang) for d in p.unseen)),
        Column("shown", _("Shown by use"), lambda p: ", ".join(getattr(d.name, lang) for d in p.shown)),
        Column("risk", _("Risk"), _risk),
        Column("last", _("Last visit"), lambda p: p.last_visit and p.last_visit.strftime("%d/%m/%Y")),
        Column("overdue", _("Visit again"), lambda p: _("overdue") if p.overdue else ""),
    ]
    rows = plan(officer_of(request))
    listing = Listing("command-plan", columns, rows, request.GET, caption=_("Where to look first"), per_page=50)
    return render(request, "command/inspections.html", {"listing": listing})


def _risk(planned: Planned) -> str:
    """Why a place stands high, in words."""
    levels = {
        "bad": _("safety level: may not open"),
        "conditions": _("safety level: only under conditions"),
        "stale": _("safety level out of date"),
    }
    reasons = [_("a case was here")] if planned.exposed else []
    reasons += [levels[planned.level]] if planned.level else []
    return "; ".join(reasons)


def _link(planned: Planned) -> str:
    address = reverse("command:inspect", args=[planned.place.pk])
    return format_html('<a href="{}">{}</a>', address, planned.place.name)


@officer_required(Permission.SAFETY_INSPECT)
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    officer = officer_of(request)
    place = get_object_or_404(scoped(Place.objects.all(), officer, Permission.SAFETY_INSPECT), pk=pk)
    error = ""
    if request.method == "POST":
        try:
            _write(request, place)
            notes.success(request, _("Written down."))
            return redirect("command:inspect", pk)
        except UserError as exc:
            error = exc.text(_language())
    given, lang = request.POST, _language()
    today = checklist(place.kind, timezone.localdate())
    owed = [(line.key, getattr(line.name, lang), given.get(line.key)) for line in today.lines]
    context: dict[str, Any] = {
        "place": place,
        "owed": owed,
        "findings": Finding.choices,
        "today": today,
        "bodies": Organisation.objects.filter(kind__in=BODIES)[:200],
        "visits": _with_photos(
            scoped(Inspection.objects.filter(place=place), officer).order_by("-at")[:20], officer
        ),
        "error": error,
        "given": given,
    }
    return render(request, "command/inspect.html", context)


def _with_photos(visits: Any, officer: Any) -> list[Inspection]:
    """Visits, each with the numbers of its photographs as `shown`."""
    rows = list(visits)
    kept = scoped(Photo.objects.filter(subject__in=[f"inspection:{row.pk}" for row in rows]), officer)
    for row in rows:
        row.shown = [photo.pk for photo in kept if photo.subject == f"inspection:{row.pk}"]
        row.open_lines = [
            (getattr(name, _language()) if (name := named(key)) else key, Finding(found).label)
            for key, found in row.findings.items()
            if found != Finding.MET
        ]
    return rows


def _lines(place: Place) -> tuple[Line, ...]:
    return checklist(place.kind, timezone.localdate()).lines


def _write(request: HttpRequest, place: Place) -> None:
    officer, given = officer_of(request), request.POST
    if "answer" in given:
        visits = scoped(Inspection.objects.filter(place=place), officer, Permission.SAFETY_INSPECT)
        row = get_object_or_404(visits, pk=given["answer"])
        actions.answered(inspection=row, text=given.get("text", ""), by=officer)
        return
    if "remind" in given:
        visits = scoped(Inspection.objects.filter(place=place), officer, Permission.SAFETY_INSPECT)
        actions.remind(inspection=get_object_or_404(visits, pk=given["remind"]), by=officer)
        return
    again: date | None = parse_date(given["revisit_on"]) if given.get("revisit_on") else None
    body = Organisation.objects.filter(pk=given["refer_to"]).first() if given.get("refer_to") else None
    actions.visit(
        place=place,
        findings={line.key: given[line.key] for line in _lines(place) if given.get(line.key)},
        note=given.get("note", ""),
        revisit_on=again,
        refer_to=body,
        why=given.get("why", ""),
        photos=[file for file in request.FILES.getlist("photos") if file],
        by=officer,
    )
