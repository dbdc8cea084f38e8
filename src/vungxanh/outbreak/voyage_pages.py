"""The seat list of a case's flight, train, coach or lorry: one click from the case, also as a workbook."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vungxanh.border.models import Aboard
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.exchange import xlsx
from vungxanh.exchange.xlsx import Column, Sheet
from vungxanh.outbreak import exports, queries, times, voyages, words
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.voyages import SeatList, Seatmate
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.queries import masked
from vungxanh.people.roles import Permission


def _found(request: HttpRequest, number: int, permission: Permission) -> tuple[Case, list[Aboard], Aboard]:
    """Raises Http404 where the case is not the officer's or was on no such voyage."""
    case = queries.case(officer_of(request), number, permission)
    mine = voyages.voyages_of(case)
    asked = request.GET.get("voyage", "")
    chosen = next((one for one in mine if str(one.voyage_id) == asked), mine[0] if mine and not asked else None)
    if chosen is None:
        raise Http404
    return case, mine, chosen


@require_GET
@officer_required(Permission.TRACE_RUN)
def seats(request: HttpRequest, number: int) -> HttpResponse:
    """Who sat how far away, and the crew."""
    case, mine, chosen = _found(request, number, Permission.TRACE_RUN)
    context: dict[str, object] = {"case": case, "voyages": mine, "chosen": chosen}
    try:
        found = voyages.seat_list(case, chosen)
    except UserError as error:
        context["problem"] = error.text("en" if times.is_english() else "vi")
        return render(request, "outbreak/seats.html", context, status=422)
    audit.record(
        by=officer_of(request),
        action="outbreak:seats:read",
        subject=f"case:{number}",
        purpose="seat list",
        details={"voyage": chosen.voyage_id, "aboard": len(found.mates)},
    )
    names = masked([case.person, *(one.person for one in found.mates)])
    context |= {
        "found": found,
        "name": names.get(case.person, ""),
        "crew": [_shown(one, names) for one in found.crew],
        "passengers": [_shown(one, names) for one in found.passengers],
        "may_export": officer_of(request).may(Permission.EXPORT_LIST),
    }
    return render(request, "outbreak/seats.html", context)


def _shown(one: Seatmate, names: dict[int, str]) -> dict[str, object]:
    return {
        "mate": one,
        "who": names.get(one.person, "–"),
        "role": Aboard.Role(one.role).label,
        "says": words.certainty(one.certainty) if one.certainty is not None else _("no contact by this rule"),
    }


@require_GET
@officer_required(Permission.EXPORT_LIST)
def seats_xlsx(request: HttpRequest, number: int) -> HttpResponse:
    """The same list as a workbook, people masked; recorded."""
    case, _mine, chosen = _found(request, number, Permission.EXPORT_LIST)
    found = voyages.seat_list(case, chosen)
    audit.record(
        by=officer_of(request),
        action="outbreak:seats:exported",
        subject=f"case:{number}",
        purpose="export list",
        details={"voyage": chosen.voyage_id, "rows": len(found.mates)},
    )
    content = workbook(found)
    name = f"attachment; filename=seats-{number}.xlsx"
    return HttpResponse(content, content_type=exports.TYPE, headers={"Content-Disposition": name})


def workbook(found: SeatList) -> bytes:
    """XLSX; ids as text."""
    columns = (
        Column(_("Number"), width=12),
        Column(_("Person"), width=28),
        Column(_("Seat"), width=10),
        Column(_("Aboard as"), width=14),
        Column(_("Rows away"), "number"),
        Column(_("Certainty"), width=20),
    )
    names = masked(one.person for one in found.mates)
    rows = []
    for one in found.mates:
        shown = _shown(one, names)
        told = (
            str(one.person),
            str(shown["who"]),
            one.seat,
            str(shown["role"]),
            one.rows_away,
            str(shown["says"]),
        )
        rows.append(told)
    heading = (f"{found.voyage.key} {found.voyage.on:%d/%m/%Y}, {found.rule.id}",)
    return xlsx.write([Sheet(_("Seats"), columns, rows, heading=heading)], drill=settings.DEMO)
