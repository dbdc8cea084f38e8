"""Times of flights and other vehicles: with them a seat list is exact, without them assumed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.translation import gettext as _

from vungxanh.border import queries
from vungxanh.border.actions import voyages as actions
from vungxanh.border.forms import TimesForm
from vungxanh.border.models import Voyage
from vungxanh.core.errors import UserError
from vungxanh.core.listing import Column, Listing
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission


@officer_required(Permission.BORDER_READ)
def of_day(request: HttpRequest) -> HttpResponse:
    """Vehicles of a day; those whose times nobody told stand first."""
    officer = officer_of(request)
    try:
        day = parse_date(request.GET.get("day", "")) or timezone.localdate()
    except ValueError:  # 31 February
        day = timezone.localdate()
    rows = sorted(queries.voyages(officer, day), key=lambda row: (bool(row.departs and row.arrives), row.key))
    may = officer.may(Permission.BORDER_REVIEW)
    columns: list[Column[Any]] = [
        Column("key", _("Flight or vehicle"), lambda row: _link(row) if may else row.key, head=True),
        Column("people", _("Known aboard"), lambda row: row.people, numeric=True),
        Column("departs", _("Left"), lambda row: _said(row.departs)),
        Column("arrives", _("Arrived"), lambda row: _said(row.arrives)),
    ]
    listing: Listing[Any] = Listing(
        "border-voyages", columns, rows, request.GET, caption=_("Flights and vehicles of the day"), per_page=100
    )
    return render(request, "border/voyages.html", {"listing": listing, "day": day})


def _said(told: Any) -> str:
    return f"{timezone.localtime(told):%H:%M %d/%m}" if told else _("time not known")


def _link(row: Voyage) -> str:
    return format_html('<a href="{}">{}</a>', reverse("border:voyage", args=[row.pk]), row.key)


@officer_required(Permission.BORDER_REVIEW)
def times(request: HttpRequest, pk: int) -> HttpResponse:
    """When one vehicle left and came."""
    officer = officer_of(request)
    row = get_object_or_404(queries.timeable(officer), pk=pk)
    form = TimesForm(request.POST or None, initial={"departs": row.departs, "arrives": row.arrives})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.timed(row=row, departs=told["departs"], arrives=told["arrives"], by=officer)
        except UserError as exc:
            form.add_error(exc.field if exc.field in form.fields else None, exc.text(request.LANGUAGE_CODE))
        else:
            messages.success(request, _("Written down. Seat lists of this voyage use these times from now on."))
            return redirect(reverse("border:voyages") + f"?day={row.on:%Y-%m-%d}")
    return render(request, "border/voyage.html", {"row": row, "form": form}, status=422 if form.errors else 200)
