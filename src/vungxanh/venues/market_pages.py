"""Markets, fairs and meetings for their keepers: rosters, rows that sell, lorries, tickets, invitees."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vungxanh.core.errors import UserError
from vungxanh.people.queries import masked
from vungxanh.places.queries import within
from vungxanh.places.seats import plan
from vungxanh.venues import cards, markets, tickets
from vungxanh.venues.forms import say
from vungxanh.venues.keeper_forms import LorryForm, PeopleFileForm, TicketForm, add_refusal
from vungxanh.venues.markets import Worker
from vungxanh.venues.models import Lorry, RosterEntry, SellingDay, Ticket, Venue, Visit
from vungxanh.venues.pages import keeper_required, own_venue
from vungxanh.venues.refold import settle


@keeper_required
@require_GET
def market(request: HttpRequest, number: int) -> HttpResponse:
    """Rows of stalls with one button each: selling today."""
    venue = own_venue(request, number)
    stalls, today = markets.stalls_of(venue), timezone.localdate()
    # scope: the keeper's own place
    selling = set(SellingDay.objects.filter(place__in=stalls, day=today).values_list("place", flat=True))
    # scope: the keeper's own place
    rosters = list(RosterEntry.objects.filter(place__scope_path__startswith=venue.place.scope_path, until=None))
    staffed: dict[int, int] = {}
    for entry in rosters:
        staffed[entry.place_id] = staffed.get(entry.place_id, 0) + 1
    rows = [
        {
            "name": name,
            "stalls": [{"place": s, "sells": s.pk in selling, "people": staffed.get(s.pk, 0)} for s in listed],
            "selling": sum(s.pk in selling for s in listed),
        }
        for name, listed in markets.rows_of(stalls).items()
    ]
    lorries = list(Lorry.objects.filter(place=venue.place, left=None))  # scope: the keeper's own place
    context = {"venue": venue, "place": venue.place, "rows": rows, "stalls": len(stalls), "selling": len(selling)}
    context |= {"lorries": lorries, "lorry_form": LorryForm(), "people_form": PeopleFileForm()}
    context |= {"people": len(rosters), "day": today}
    return render(request, "venues/market.html", context)


@keeper_required
@require_POST
def sell(request: HttpRequest, number: int) -> HttpResponse:
    """One tap: a stall, a whole row, or the whole market sells today; or a stall does not after all."""
    venue = own_venue(request, number)
    stalls = markets.stalls_of(venue)
    chosen = request.POST.get("row", "")
    if request.POST.get("not"):
        for stall in stalls:
            if str(stall.pk) == request.POST["not"]:
                markets.not_selling(by=None, stall=stall)
    else:
        one = request.POST.get("stall", "")
        listed = [s for s in stalls if chosen in ("*", markets.row_of(s.name)) or str(s.pk) == one]
        noted = markets.sell(by=None, stalls=listed)
        messages.success(request, _("Selling today: %(count)d more.") % {"count": noted})
    return redirect("venues:market", venue.pk)


@keeper_required
@require_POST
def enrol(request: HttpRequest, number: int) -> HttpResponse:
    """Traders and porters from a workbook."""
    venue = own_venue(request, number)
    form = PeopleFileForm(request.POST, request.FILES)
    try:
        if form.is_valid():
            workers = [Worker(row.stall, row.guest, row.role) for row in form.rows()]
            made = markets.enrol(by=None, venue=venue, workers=workers)
            messages.success(request, _("People on the rosters: %(count)d.") % {"count": len(made)})
    except UserError as error:
        messages.error(request, say(error))
    return redirect("venues:market", venue.pk)


@keeper_required
@require_POST
def lorry(request: HttpRequest, number: int) -> HttpResponse:
    """A lorry arrives, or one that is here leaves."""
    venue = own_venue(request, number)
    form = LorryForm(request.POST)
    try:
        if request.POST.get("left"):
            # scope: the keeper's own place
            there = get_object_or_404(Lorry.objects.filter(place=venue.place, left=None), pk=request.POST["left"])
            markets.lorry_leaves(by=None, lorry=there)
        elif form.is_valid():
            data = form.cleaned_data
            markets.lorry_arrives(
                by=None, venue=venue, plate=data["plate"], origin=data["origin"], goods=data["goods"],
                driver=form.guest(),
            )  # fmt: skip
    except UserError as error:
        messages.error(request, say(error))
    return redirect("venues:market", venue.pk)


@keeper_required
def deal_tickets(request: HttpRequest, number: int) -> HttpResponse:
    """A dated rule and a ticket for each household."""
    venue = own_venue(request, number)
    form = TicketForm(
        request.POST or None, initial={"groups": 2, "first_hour": 6, "last_hour": 12, "hours_each": 2}
    )
    if request.method == "POST" and form.is_valid():
        try:
            households = form.cleaned_data["households"].splitlines()
            rule = tickets.deal(by=None, venue=venue, dealing=form.dealing(), households=households)
        except UserError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Tickets dealt: %(count)d. Print them.") % {"count": rule.tickets.count()})
            return redirect("venues:tickets", venue.pk)
    rules = list(venue.ticket_rules.order_by("-valid_from", "-pk")[:20])
    context = {"venue": venue, "place": venue.place, "form": form, "rules": rules}
    return render(request, "venues/tickets.html", context, status=422 if form.errors else 200)


@keeper_required
@require_GET
def ticket_file(request: HttpRequest, number: int, rule: int) -> HttpResponse:
    """The tickets of a rule as PDF, eight on a sheet."""
    venue = own_venue(request, number)
    # scope: the keeper's own venue
    found = Ticket.objects.filter(rule=rule, rule__venue=venue, revoked_at=None).select_related("rule")
    printed = [ticket_card(one, venue) for one in found.order_by("pk")]
    content = cards.draw(printed, drill=settings.DEMO, printed=timezone.localdate())
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="VX-{venue.pk}-{rule}.pdf"'
    return response


DAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


def ticket_card(ticket: Ticket, venue: Venue) -> cards.Card:
    """Household, place, days, hours; no name."""
    rule = ticket.rule
    lines = (
        venue.place.name[:40],
        ", ".join(DAYS[day] for day in ticket.weekdays),
        f"{ticket.first_hour:02d}:00–{ticket.last_hour:02d}:00",
        f"{rule.valid_from:%d/%m}–{rule.valid_to:%d/%m/%Y}",
        rule.basis[:40],
    )
    return cards.Card(ticket.household, f"VX-T{ticket.pk}", tickets.code_of(ticket), "Phiếu đi chợ", lines)


@keeper_required
def meeting(request: HttpRequest, number: int) -> HttpResponse:
    """Who is invited, where they sit, how many have come; no list of names for a public place's keeper."""
    venue = own_venue(request, number)
    form = PeopleFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            guests = [(row.guest, row.seat) for row in form.rows()]
            count = markets.invite(by=None, venue=venue, guests=guests)
        except UserError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Invited: %(count)d.") % {"count": count})
            return redirect("venues:meeting", venue.pk)
    context = {"venue": venue, "place": venue.place, "form": form} | _invited(venue)
    return render(request, "venues/meeting.html", context, status=422 if form.errors else 200)


def _invited(venue: Venue) -> dict[str, Any]:
    listed = list(venue.invitees.order_by("seat", "pk"))
    settle()
    # scope: the keeper's own place
    stays = Visit.objects.filter(
        place__in=within(venue.place.scope_path), person__in=[one.person for one in listed]
    )
    came = set(stays.values_list("person", flat=True))
    names = masked(one.person for one in listed)
    seated = {one.seat: one.person for one in listed if one.seat}
    rows = plan(venue.seat_layout) if venue.seat_layout else []
    drawing = [
        [
            [{"label": s.label, "taken": s.label in seated, "came": seated.get(s.label) in came} for s in group]
            for group in row
        ]
        for row in rows
    ]
    people = [
        {"shown": names.get(one.person, "?"), "seat": one.seat, "came": one.person in came} for one in listed
    ]
    return {"people": people, "came": len(came), "drawing": drawing}
