"""Officers: levels waiting for a decision, and the list of zones (`zone_pages` shows one)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vungxanh.core.errors import UserError
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission
from vungxanh.rules.levels import level_rule
from vungxanh.zoning import actions, queries
from vungxanh.zoning.models import AreaLevel


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
