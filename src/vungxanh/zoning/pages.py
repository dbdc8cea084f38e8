"""Officers: levels waiting for a decision; zone proposals with their curve, three areas, what each closes."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vungxanh.core.errors import UserError
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission
from vungxanh.rules.levels import level_rule
from vungxanh.zoning import actions, queries
from vungxanh.zoning.curve import curve_picture
from vungxanh.zoning.models import AreaLevel, ZoneProposal


def _language() -> str:
    return (get_language() or "vi")[:2]


@officer_required(Permission.ZONE_PROPOSE, Permission.ZONE_DECIDE)
def zones(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    rows = [(one, one.options[len(one.options) // 2]) for one in queries.visible_proposals(officer)[:50]]
    levels = [_level(one) for one in queries.visible_levels(officer)[:200]]
    context = {"rows": rows, "levels": levels, "may_decide": officer.may(Permission.ZONE_DECIDE)}
    return render(request, "zoning/zones.html", context)


def _level(row: AreaLevel) -> dict[str, Any]:
    rule, language = level_rule(row.rule), _language()
    named = rule.word(row.level)
    return {
        "row": row,
        "word": getattr(named.word, language) if named else _("to be named by the official"),
        "asks": [one.get(language, "") for one in row.computed.get("asks", [])],
        "driving": [one.get(language, "") for one in row.computed.get("driving", [])],
        "basis": rule.basis.doc,
        "choices": [(one.code, getattr(one.word, language)) for one in getattr(rule, "levels", ())],
    }


@officer_required(Permission.ZONE_DECIDE)
@require_POST
def decide_level(request: HttpRequest, pk: int) -> HttpResponse:
    officer = officer_of(request)
    draft = get_object_or_404(queries.visible_levels(officer), pk=pk)
    try:
        given = request.POST
        actions.decide_level(by=officer, draft=draft, level=given.get("level", ""), why=given.get("why", ""))
    except UserError as error:
        messages.error(request, error.text(_language()))
    return redirect("zoning:zones")


@officer_required(Permission.ZONE_PROPOSE, Permission.ZONE_DECIDE)
def zone(request: HttpRequest, pk: int) -> HttpResponse:
    """Map and curve of one proposal, the three areas beside each other, what each would close and miss."""
    officer = officer_of(request)
    found = get_object_or_404(queries.visible_proposals(officer), pk=pk)
    context = {
        "zone": found,
        "options": [_option(found, number) for number in range(len(found.options))],
        "picture": curve_picture(found.curve, [(one["people"], one["held"]) for one in found.options]),
        "may_decide": officer.may(Permission.ZONE_DECIDE) and found.state == ZoneProposal.State.PROPOSED,
        "review_on": timezone.localdate() + timedelta(days=1),
    }
    return render(request, "zoning/zone.html", context)


def _option(found: ZoneProposal, number: int) -> dict[str, Any]:
    option: dict[str, Any] = found.options[number]
    names = (_("smaller"), _("proposed"), _("larger"))
    groups: dict[str, list[dict[str, Any]]] = {"place": [], "home": [], "area": []}
    for unit in option["units"]:
        groups[unit["kind"]].append(unit)
    return option | {
        "number": number,
        "name": names[number] if len(found.options) == len(names) else str(number + 1),
        "percent": round(100 * option["held"]),
        "places": sorted(groups["place"], key=lambda unit: -unit["people"]),
        "homes": len(groups["home"]),
        "home_people": sum(unit["people"] for unit in groups["home"]),
        "areas": groups["area"],
    }


@officer_required(Permission.ZONE_DECIDE)
@require_POST
def decide_zone(request: HttpRequest, pk: int) -> HttpResponse:
    officer = officer_of(request)
    found = get_object_or_404(queries.visible_proposals(officer), pk=pk)
    try:
        option = int(request.POST.get("option", "-1"))
        review = timezone.localdate() + timedelta(days=1)
        actions.decide_zone(by=officer, proposal=found, option=option, review_on=review)
    except (UserError, ValueError) as error:
        messages.error(request, error.text(_language()) if isinstance(error, UserError) else str(error))
    return redirect("zoning:zone", pk)
