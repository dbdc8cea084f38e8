"""What an officer does after a place was marked: take it back, print the sheet for its staff."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vungxanh.core.errors import UserError
from vungxanh.core.scope import scoped
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission
from vungxanh.places.models import ExposedPlace
from vungxanh.places.schemas import today
from vungxanh.venues import presence


def _marked(request: HttpRequest, number: int) -> ExposedPlace:
    """Raises UserError `venues.no-such-place` for what lies outside the officer's scope too."""
    rows = scoped(ExposedPlace.objects.select_related("place"), officer_of(request), Permission.VENUE_LIST)
    found = rows.filter(pk=number).exclude(case="").first()
    if found is None:
        raise UserError("venues.no-such-place", value=number)
    return found


@officer_required(Permission.VENUE_LIST)
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """It was a mistake: telephones that showed the warning say so."""
    marked = _marked(request, number)
    if marked.withdrawn_at is None:
        presence.withdraw(by=officer_of(request), exposed=marked)
        messages.success(request, _("Taken back. Telephones that showed the warning say that it was a mistake."))
    return redirect("venues:exposed")


@officer_required(Permission.VENUE_LIST)
@require_GET
def staff_sheet(request: HttpRequest, number: int) -> HttpResponse:
    """For whoever works there: who was on duty, what to do, lines for those nobody knows of."""
    marked = _marked(request, number)
    lines = presence.staff_sheet(by=officer_of(request), exposed=marked)
    context: dict[str, Any] = {"exposed": marked, "lines": lines, "blank": range(8), "day": today()}
    return render(request, "venues/staff_sheet.html", context | {"drill": settings.DEMO})
