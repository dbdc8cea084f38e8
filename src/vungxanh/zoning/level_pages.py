"""Officers: what changed in a week, early warnings with their reason, the table of measures with its conflicts."""

import tomllib
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import parse_date
from vungxanh.core.scope import grants_of
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission
from vungxanh.places.units import children
from vungxanh.rules.levels import LevelRule, level_rule, packaged_rules
from vungxanh.rules.measures import Measure, measure_rules
from vungxanh.rules.measures import measures as measures_at
from vungxanh.zoning import daily_levels, queries
from vungxanh.zoning.level_changes import Change, early_warnings, weekly
from vungxanh.zoning.models import AreaLevel


def _language() -> str:
    return (get_language() or "vi")[:2]


def _monday(text: str) -> date:
    """The Monday of a day given, else of the last seven days; a bad day is today."""
    try:
        day = parse_date(text) if text else timezone.localdate()
    except UserError:
        day = timezone.localdate()
    return day - timedelta(days=day.weekday())


@officer_required(Permission.ZONE_PROPOSE, Permission.ZONE_DECIDE)
def week(request: HttpRequest) -> HttpResponse:
    """Communes whose decided level became another one, with what drove it."""
    first = _monday(request.GET.get("week", ""))
    rows = queries.in_area(AreaLevel.objects.all(), officer_of(request))  # scope: by area
    context = {
        "first": first,
        "last": first + timedelta(days=6),
        "before": (first - timedelta(days=7)).isoformat(),
        "after": (first + timedelta(days=7)).isoformat(),
        "changes": [_change(one) for one in weekly(rows, first)],
    }
    return render(request, "zoning/week.html", context)


def _change(change: Change) -> dict[str, Any]:
    language, rule = _language(), level_rule(change.row.rule)
    word = rule.word(change.row.level)
    old = level_rule(change.before.rule).word(change.before.level) if change.before else None
    numerator = change.row.computed.get("numerator", {})
    return {
        "row": change.row,
        "after": getattr(word.word, language) if word else change.row.level,
        "before": getattr(old.word, language) if old else "",
        "driving": [one.get(language, "") for one in change.row.computed.get("driving", [])],
        "population": numerator.get("population"),
        "population_source": numerator.get("population_source"),
        "counted": numerator.get("definition", ""),
        "basis": rule.basis.doc,
    }


@officer_required(Permission.ZONE_PROPOSE, Permission.ZONE_DECIDE)
def warnings(request: HttpRequest) -> HttpResponse:
    """Unusual weeks, explained; for officers only."""
    officer, today = officer_of(request), timezone.localdate()
    paths = {grant.path for permission in queries.PERMISSIONS for grant in grants_of(officer, permission)}
    found = {one.code + one.disease: one for path in paths for one in early_warnings(path, today)}
    diseases = daily_levels.settings()["diseases"]
    rows = [(one, diseases.get(one.disease, {}).get(_language(), one.disease)) for one in found.values()]
    return render(request, "zoning/warnings.html", {"rows": rows})


@officer_required(Permission.ZONE_PROPOSE, Permission.ZONE_DECIDE)
def measures(request: HttpRequest) -> HttpResponse:
    """Level by activity for a territory: the central rule with the province's beside it, conflicts flagged."""
    known: list[LevelRule] = [
        rule
        for rule in {rule.id: rule for rule in packaged_rules().values()}.values()
        if any(m.level_rule == rule.id for m in measure_rules())
    ]
    chosen = next((rule for rule in known if rule.id == request.GET.get("rule")), known[-1])
    on = _day(request.GET.get("on", ""), chosen)
    province = request.GET.get("province", "")
    territory = f"VN/{province}" if province.isdigit() else "VN"
    levels: list[Any] = list(getattr(chosen, "levels", ()))
    context = {
        "rules": [(rule.id, getattr(rule.name, _language()), rule.id == chosen.id) for rule in known],
        "provinces": [(one.code, one.full_name, one.code == province) for one in children("", on)],
        "on": on.isoformat(),
        "levels": [getattr(one.word, _language()) for one in levels],
        "rows": _matrix(chosen, [one.code for one in levels], territory, on),
        "basis": chosen.basis.doc,
    }
    return render(request, "zoning/measures.html", context)


def _day(text: str, rule: LevelRule) -> date:
    """The day asked for, else the last on which the rule was in force."""
    today = timezone.localdate()
    try:
        return parse_date(text)
    except UserError:
        return min(rule.valid_to, today) if rule.valid_to else today


def _matrix(rule: LevelRule, codes: list[str], territory: str, on: date) -> list[dict[str, Any]]:
    """One row an activity: for each level the measures that speak of it."""
    by_activity: dict[str, list[list[dict[str, Any]]]] = {}
    for column, code in enumerate(codes):
        try:
            found = measures_at(rule.id, code, territory=territory, on=on)
        except UserError:
            found = []
        for one in found:
            cells = by_activity.setdefault(one.activity, [[] for _ in codes])
            cells[column].append(_cell(one))
    return [
        {"activity": _word("activities", activity), "cells": cells}
        for activity, cells in sorted(by_activity.items())
    ]


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((resources.files("vungxanh.zoning") / "data" / "activities.toml").read_text("utf-8"))


def _word(group: str, key: str) -> str:
    return _words()[group].get(key, {}).get(_language(), key)


def _cell(one: Measure) -> dict[str, Any]:
    return {
        "state": one.state,
        "limits": [
            _word("limits", name).format(value=f"{value:g}") for name, value in one.limits.items() if value
        ],
        "note": getattr(one.note, _language()) if one.note else "",
        "conflict": one.against_centre,
        "central": one.rule.territory == "VN",
        "basis": one.rule.basis.doc,
        "verified": one.rule.verified,
    }
