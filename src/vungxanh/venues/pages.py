"""The keeper's pages: prove a number, register, print posters, open a gate, see how full it is."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vungxanh.core.errors import UserError
from vungxanh.places.actions import close
from vungxanh.venues import actions, phones, queries, rotating, trips
from vungxanh.venues.forms import CodeForm, PartsForm, PhoneForm, TripForm, VenueForm, say
from vungxanh.venues.links import number_of
from vungxanh.venues.models import Venue
from vungxanh.venues.poster_files import SHEETS, poster_file
from vungxanh.venues.posters import svg

#: session keys: the number that waits for its code, and the number that proved itself
ASKED, PROVED = "venues_phone_asked", "venues_phone"
View = Callable[..., HttpResponse]
#: kinds whose keepers see rosters, and those whose keepers see who is invited
MARKETS = {"market", "wholesale-market", "covered-market", "fair"}
MEETINGS = {"meeting-room", "event", "fair"}
#: what a gate without network may have to say by itself
OFFLINE_REASONS = (
    "venues.declaration-needed",
    "venues.private-place",
    "venues.ticket-elsewhere",
    "venues.ticket-not-now",
    "venues.ticket-used",
)


def keeper_required(view: View) -> View:
    """For whoever proved a telephone number in this session."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.session.get(PROVED):
            return redirect("venues:phone")
        return view(request, *args, **kwargs)

    return guarded


def phone(request: HttpRequest) -> HttpResponse:
    """First step: the number."""
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            shown = phones.send_code(form.cleaned_data["phone"])
        except UserError as error:
            form.add_error("phone", say(error))
        else:
            request.session[ASKED] = form.cleaned_data["phone"]
            request.session["venues_shown_code"] = shown
            return redirect("venues:code")
    return render(request, "venues/phone.html", {"form": form}, status=422 if form.errors else 200)


def code(request: HttpRequest) -> HttpResponse:
    """Second step: the code. In a drill the page shows it, because nothing is sent."""
    asked = request.session.get(ASKED)
    if not asked:
        return redirect("venues:phone")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            proved = phones.check_code(asked, form.cleaned_data["code"])
        except UserError as error:
            form.add_error("code", say(error))
        else:
            request.session.cycle_key()
            request.session[PROVED] = proved
            for key in (ASKED, "venues_shown_code"):
                request.session.pop(key, None)
            return redirect("venues:mine")
    shown = request.session.get("venues_shown_code", "")
    context = {"form": form, "shown": shown, "phone": asked}
    return render(request, "venues/code.html", context, status=422 if form.errors else 200)


@keeper_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The places that this number keeps."""
    venues = list(queries.kept_by(phones.hash_of(request.session[PROVED])))
    if not venues:
        return redirect("venues:register")
    return render(request, "venues/mine.html", {"venues": venues})


@keeper_required
def register(request: HttpRequest) -> HttpResponse:
    """One place, in one form."""
    form = VenueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            venue = actions.register_venue(
                by=None, new=form.new_place(), facts=form.facts(), phone=request.session[PROVED]
            )
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else None, say(error))
        else:
            messages.success(request, _("The place is registered. Print the poster and hang it at the entrance."))
            return redirect("venues:manage", venue.pk)
    return render(request, "venues/register.html", {"form": form}, status=422 if form.errors else 200)


def own_venue(request: HttpRequest, number: int) -> Venue:
    """Raises UserError `venues.not-your-venue`."""
    # scope: its keeper's own, asked below
    venue = get_object_or_404(Venue.objects.select_related("place"), pk=number)
    if not queries.kept_by(phones.hash_of(request.session[PROVED])).filter(pk=venue.pk).exists():
        raise UserError("venues.not-your-venue")
    return venue


@keeper_required
@require_GET
def manage(request: HttpRequest, number: int) -> HttpResponse:
    """How full, the last scan, posters, gate, parts, keepers. Never who, never past days."""
    venue = own_venue(request, number)
    parts = venue.place.parts.filter(closed=None).exclude(kind="trip").order_by("name_sort")
    context = {
        "venue": venue,
        "place": venue.place,
        "number": number_of(venue.pk),
        "inside": queries.occupancy(venue.place),
        "last_scan": queries.last_scan(venue.place),
        "parts": list(parts[:200]),
        "part_count": parts.count(),
        "parts_form": PartsForm(of_kind=venue.place.kind),
        "sheets": SHEETS,
        "is_market": venue.place.kind in MARKETS,
        "is_meeting": venue.place.kind in MEETINGS or venue.ends_on is not None,
        "is_vehicle": venue.place.kind in trips.VEHICLES,
        "trip": trips.running(venue.place),
        "trip_form": _trip_form(venue),
        "assess_link": f"{reverse('safetymap:keeper')}?k={signing.dumps(venue.pk, salt='vungxanh.keeper')}",
    }
    return render(request, "venues/manage.html", context)


@keeper_required
@require_POST
def add_parts(request: HttpRequest, number: int) -> HttpResponse:
    venue = own_venue(request, number)
    form = PartsForm(request.POST, request.FILES, of_kind=venue.place.kind)
    if form.is_valid():
        made = actions.add_parts(by=None, venue=venue, kind=form.cleaned_data["kind"], names=form.names_given())
        messages.success(request, _("Added: %(count)d.") % {"count": len(made)})
    return redirect("venues:manage", venue.pk)


@keeper_required
@require_POST
def add_keeper(request: HttpRequest, number: int) -> HttpResponse:
    venue = own_venue(request, number)
    actions.add_keeper(by=None, venue=venue, phone=phones.number(request.POST.get("phone", "")))
    messages.success(request, _("That number can manage this place from now on."))
    return redirect("venues:manage", venue.pk)


@keeper_required
@require_POST
def start_trip(request: HttpRequest, number: int) -> HttpResponse:
    """Two taps for the crew: route and plate are those of last time unless they change them."""
    venue = own_venue(request, number)
    form = TripForm(request.POST)
    if form.is_valid():
        trips.start(by=None, venue=venue, **form.cleaned_data)
        messages.success(request, _("The trip is open. Passengers scan the code of the vehicle."))
    return redirect("venues:manage", venue.pk)


@keeper_required
@require_POST
def end_trip(request: HttpRequest, number: int) -> HttpResponse:
    venue = own_venue(request, number)
    trip = trips.running(venue.place)
    if trip:
        trips.end(by=None, trip=trip)
        messages.success(request, _("The trip has ended."))
    return redirect("venues:manage", venue.pk)


def _trip_form(venue: Venue) -> TripForm:
    last = venue.place.trips.order_by("-departs").first()
    known = {"plate": last.plate, "route": last.route, "seat_layout": last.seat_layout} if last else {}
    return TripForm(initial=known)


@keeper_required
@require_POST
def close_venue(request: HttpRequest, number: int) -> HttpResponse:
    venue = own_venue(request, number)
    close(by=None, place=venue.place)
    messages.success(request, _("The place is closed. Its records stay for tracing until their time is over."))
    return redirect("venues:mine")


@keeper_required
@require_GET
def posters(request: HttpRequest, number: int) -> HttpResponse:
    """PDF of the place, or of it and all its parts."""
    venue = own_venue(request, number)
    content = poster_file(
        venue,
        sheet=request.GET.get("sheet", "a4"),
        language=request.GET.get("language", "vi"),
        parts=request.GET.get("parts") == "1",
        request_base=request.build_absolute_uri("/"),
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{number_of(venue.pk)}.pdf"'
    return response


@keeper_required
@require_POST
def open_gate(request: HttpRequest, number: int) -> HttpResponse:
    """This device becomes a gate of the place; its token goes to the page and nowhere else."""
    venue = own_venue(request, number)
    name = request.POST.get("name") or _("Gate")
    _gate, token = actions.open_gate(by=None, venue=venue, place=venue.place, name=name)
    return render(request, "venues/gate_opened.html", {"venue": venue, "token": token, "place": venue.place})


@keeper_required
def screen(request: HttpRequest, number: int) -> HttpResponse:
    """The changing code, for a screen at the gate. While it is on, the printed code only informs."""
    venue = own_venue(request, number)
    if request.method == "POST":
        actions.set_rotating(by=None, venue=venue, on=request.POST.get("on") == "1")
        if not venue.rotating:
            return redirect("venues:manage", venue.pk)
    drawn = svg(rotating.screen_link(venue.pk, request.build_absolute_uri("/")))
    context = {"place": venue.place, "svg": drawn, "every": rotating.EVERY // 2}
    return render(request, "venues/screen.html", context)


@require_GET
@csp_update({"script-src": ["'wasm-unsafe-eval'"]})
def gate(request: HttpRequest) -> HttpResponse:
    """The gate itself: the same page for every gate, so that it works without network; it holds no data."""
    reasons = {code: say(UserError(code)) for code in OFFLINE_REASONS}
    return render(request, "venues/gate.html", {"reasons": reasons})
