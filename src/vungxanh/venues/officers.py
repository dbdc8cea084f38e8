"""Officers' pages: statistics, the list of a place for a case, places marked as exposed."""

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vungxanh.core.errors import UserError
from vungxanh.core.figures import Bars, Series
from vungxanh.core.listing import Column, Listing
from vungxanh.core.minutes import parse_date
from vungxanh.core.scope import scoped
from vungxanh.exchange import csv
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer
from vungxanh.people.roles import Permission
from vungxanh.places.kinds import kinds
from vungxanh.places.models import ExposedPlace
from vungxanh.places.schemas import today
from vungxanh.venues import presence
from vungxanh.venues.evidence_class import WORDS, Strength
from vungxanh.venues.forms import say
from vungxanh.venues.links import number_of
from vungxanh.venues.models import Venue
from vungxanh.venues.officer_forms import AdviceForm, OfficerVenueForm, WindowForm
from vungxanh.venues.register_for import register_by_officer
from vungxanh.venues.statistics import Figures, Row, figures, name_of_commune


@officer_required(Permission.VENUE_REGISTER)
def register_for(request: HttpRequest) -> HttpResponse:
    """Where no message arrives, an officer registers the place for its keeper, within their own area."""
    form = OfficerVenueForm(request.POST or None)
    officer = officer_of(request)
    if request.method == "POST" and form.is_valid():
        try:
            venue = register_by_officer(
                by=officer, new=form.new_place(), facts=form.facts(), phone=form.cleaned_data["phone"]
            )
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else None, say(error))
        else:
            number = number_of(venue.pk)
            messages.success(request, _("Registered as %(number)s.") % {"number": number})
            return redirect("venues:statistics")
    context = {"form": form, "officer_page": True}
    return render(request, "venues/register.html", context, status=422 if form.errors else 200)


def _figures(request: HttpRequest) -> Figures:
    asked = request.GET.get("day", "")
    venues = scoped(Venue.objects.all(), officer_of(request), Permission.STATISTICS_READ)
    return figures(list(venues.values_list("pk", flat=True)), parse_date(asked) if asked else today())


def percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _columns(label: str, name: Callable[[Row], str]) -> list[Column[Row]]:
    return [
        Column("key", label, name, sort=name, head=True),
        Column("registered", _("Registered"), lambda r: r.registered, sort=lambda r: r.registered, numeric=True),
        Column("active", _("With a scan"), lambda r: r.active, sort=lambda r: r.active, numeric=True),
        Column("share", _("Share in use"), lambda r: percent(r.share_active), numeric=True),
        Column("scans", _("Scans"), lambda r: r.scans, sort=lambda r: r.scans, numeric=True),
        Column("people", _("People"), lambda r: r.people, sort=lambda r: r.people, numeric=True),
        Column("left", _("Checked out"), lambda r: percent(r.share_left), numeric=True),
        Column("counted", _("Counted, not scanned"), lambda r: r.counted, numeric=True),
        Column("stale", _("Silent for 14 days"), lambda r: r.stale, sort=lambda r: r.stale, numeric=True),
    ]


@officer_required(Permission.STATISTICS_READ)
@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """One day: what is registered and what is really used."""
    found = _figures(request)
    day = found.day
    communes = Listing(
        "venues-communes",
        _columns(_("Commune"), lambda row: name_of_commune(row.key, day)),
        found.communes,
        request.GET,
        caption=_("By commune"),
        exports=[("CSV", f"statistics.csv?day={day.isoformat()}")],
    )
    by_kind = Listing(
        "venues-kinds", _columns(_("Kind"), _kind_name), found.kinds, request.GET, caption=_("By kind")
    )
    ways = sorted(found.whole.ways.items(), key=lambda pair: -pair[1])
    chart = Bars(
        _("How people were recorded"),
        [_way_name(way) for way, _count in ways],
        [Series(_("Scans"), [n for _way, n in ways])],
    )
    week = Bars(
        _("The week before"),
        [f"{one.day:%d/%m}" for one in found.days],
        [Series(_("Different people"), [one.people for one in found.days])],
    )
    named = _columns(_("Province of the place"), lambda row: name_of_commune(row.key, day))
    provinces = Listing("venues-provinces", named, found.provinces, request.GET, caption=_("By province"))
    context = {"found": found, "whole": found.whole, "communes": communes, "kinds": by_kind, "chart": chart}
    context |= {"week": week, "provinces": provinces}
    context |= {"silent": [name_of_commune(code, day) for code in found.silent]}
    context |= {"share_left": percent(found.whole.share_left), "share_active": percent(found.whole.share_active)}
    return render(request, "venues/statistics.html", context)


def _kind_name(row: Row) -> str:
    known = kinds().get(row.key)
    return known.name.vi if known else row.key


def _way_name(way: str) -> str:
    words = {
        "camera": _("camera"), "scanner": _("scanner"), "typed": _("typed"), "phone": _("own phone"),
        "paper": _("paper"), "app": _("other app"), "list": _("from a list"),
    }  # fmt: skip
    return words.get(way, way)


@officer_required(Permission.STATISTICS_READ)
@require_GET
def statistics_csv(request: HttpRequest) -> HttpResponse:
    """The same figures by commune, with the code beside the name."""
    found = _figures(request)
    head = [
        "day",
        "commune",
        "name",
        "registered",
        "active",
        "scans",
        "people",
        "stays",
        "checked_out",
        "counted",
        "stale",
    ]
    rows = [_csv_row(found.day, row) for row in found.communes]
    response = HttpResponse(csv.write(head, rows), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="venues-{found.day.isoformat()}.csv"'
    return response


def _csv_row(day: date, row: Row) -> list[date | str | int]:
    used = [row.registered, row.active, row.scans, row.people, row.stays, row.left, row.counted, row.stale]
    return [day, row.key, name_of_commune(row.key, day), *used]


@officer_required(Permission.VENUE_LIST)
def people_of(request: HttpRequest) -> HttpResponse:
    """Who was at a place: for a case, masked, recorded."""
    form = WindowForm(request.POST or None)
    rows: list[presence.Present] | None = None
    if request.method == "POST" and form.is_valid():
        number, start, end, case = form.window()
        try:
            officer = officer_of(request)
            place = presence.checked_place(number, officer)
            rows = presence.open_list(by=officer, place=place, start=start, end=end, case=case)
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else None, say(error))
    listing = _present_listing(request, rows) if rows is not None else None
    context = {"form": form, "listing": listing}
    return render(request, "venues/people_of.html", context, status=422 if form.errors else 200)


def _present_listing(request: HttpRequest, rows: list[presence.Present]) -> Listing[presence.Present]:
    columns: list[Column[presence.Present]] = [
        Column("shown", _("Person"), lambda r: r.shown, head=True),
        Column("place", _("Where"), lambda r: r.place),
        Column("start", _("In"), lambda r: f"{r.start.astimezone():%d/%m %H:%M}", sort=lambda r: r.start),
        Column("end", _("Out"), lambda r: f"{r.end.astimezone():%d/%m %H:%M}", sort=lambda r: r.end),
        Column("certain", _("Times"), lambda r: _("recorded") if r.certain else _("partly assumed")),
        Column("strength", _("Evidence"), lambda r: WORDS[Strength(r.strength)].vi),
    ]
    return Listing("venues-people", columns, rows, request.GET, caption=_("People who were there"), per_page=500)


@officer_required(Permission.VENUE_LIST)
def exposed(request: HttpRequest) -> HttpResponse:
    """Mark a place and a time; whoever was there sees the warning on their own telephone."""
    form = AdviceForm(request.POST or None)
    officer = officer_of(request)
    if request.method == "POST" and form.is_valid():
        number, start, end, case = form.window()
        try:
            place = presence.checked_place(number, officer)
            made = presence.mark_exposed(
                by=officer, place=place, start=start, end=end, case=case, advice=form.cleaned_data["advice"]
            )
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else None, say(error))
        else:
            messages.success(request, _("Marked. Telephones that were there show the warning from now on."))
            return redirect("venues:notice", made.pk)
    context = {"form": form, "marked": _marked(officer).order_by("-start")[:50]}
    return render(request, "venues/exposed.html", context, status=422 if form.errors else 200)


def _marked(officer: Officer) -> QuerySet[ExposedPlace]:
    """Windows that were marked for a case, of places in the officer's scope."""
    return scoped(ExposedPlace.objects.exclude(case="").select_related("place"), officer, Permission.VENUE_LIST)


@officer_required(Permission.VENUE_LIST)
@require_GET
def notice(request: HttpRequest, number: int) -> HttpResponse:
    """The notice to hang at the place: what, when, what to do. It names nobody."""
    marked = _marked(officer_of(request)).filter(pk=number).first()
    if marked is None:
        raise UserError("venues.no-such-place", value=number)
    return render(request, "venues/notice.html", {"exposed": marked, "drill": settings.DEMO, "day": today()})
