"""The button that asks for the smallest area: a case, the known cases among its contacts, the evidence."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import day_start, floor_minute
from vungxanh.lake.store import LakeStore
from vungxanh.outbreak import queries, times
from vungxanh.outbreak.exposed import evidence_lake, exposed
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.placenames import fallback, place_names
from vungxanh.outbreak.schemas import Question
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission
from vungxanh.places.models import Place
from vungxanh.zoning import zone_actions
from vungxanh.zoning.model.forward import Case as KnownCase
from vungxanh.zoning.model.proposal import Proposal, propose
from vungxanh.zoning.model.units import UnitId


@require_POST
@officer_required(Permission.ZONE_PROPOSE)
def propose_zone(request: HttpRequest, number: int) -> HttpResponse:
    """Propose an area around a case and keep the proposal; an official decides on its page."""
    officer = officer_of(request)
    first = queries.case(officer, number, Permission.TRACE_RUN)
    try:
        cases, proposal = proposal_for(first, list(queries.cases(officer, disease=first.disease)))
    except UserError as error:
        messages.error(request, error.text("en" if times.is_english() else "vi"))
        return redirect("outbreak:case", number=number)
    kept = zone_actions.save_proposal(
        by=officer,
        cases=[case.pk for case in cases],
        proposal=proposal,
        names=unit_names(unit.id for option in proposal.options for unit in option.units),
        dots=dots(unit.id for option in proposal.options for unit in option.units),
        path=first.scope_path,
        disease=first.disease,
    )
    return redirect("zoning:zone", pk=kept.pk)


def proposal_for(first: Case, visible: list[Case], lake: LakeStore | None = None) -> tuple[list[Case], Proposal]:
    """The case, the known cases among its first contacts, and the areas proposed for all of them together."""
    lake = lake or evidence_lake()
    found = exposed(first, Question(generations=1), lake)
    near = {row.contact for row in found.rows} | {first.person}
    cases = [case for case in visible if case.person in near and case.status != Case.Status.WITHDRAWN]
    now = floor_minute(timezone.now())
    known = [known_case(case) for case in cases]
    return cases, propose(known, lake.segment(), now, disease=first.disease)


def known_case(case: Case) -> KnownCase:
    """As the model takes it; a case without symptoms counts from its sample."""
    day = case.onset or case.sampled
    assert day is not None  # the table refuses a case without a day
    isolated = floor_minute(case.isolated_at) if case.isolated_at else None
    return KnownCase(case.person, onset=day_start(day), isolated=isolated)


def unit_names(units: Iterable[UnitId]) -> dict[UnitId, tuple[str, str]]:
    """What people call each unit, and its kind of place; a home is said by its number, never by a name."""
    wanted = set(units)
    numbers = {number for kind, number in wanted if kind == "place"}
    places = place_names(numbers)
    kinds = dict(Place.objects.filter(pk__in=numbers).values_list("pk", "kind"))  # scope: places in hand
    return {unit: (_unit_name(unit, places), kinds.get(unit[1], "")) for unit in wanted}


def dots(units: Iterable[UnitId]) -> list[dict[str, Any]]:
    """Where the places of an area lie, for its map; homes are not drawn."""
    numbers = {number for kind, number in units if kind == "place"}
    rows = Place.objects.filter(pk__in=numbers, lat__isnull=False)  # scope: places in hand
    return [{"kind": "place", "id": row.pk, "lat": row.lat, "lon": row.lon, "name": row.name} for row in rows]


def _unit_name(unit: UnitId, places: dict[int, str]) -> str:
    kind, number = unit
    if kind == "place":
        return places.get(number) or fallback(number)
    return _("home %(number)s") % {"number": number}
