"""The keeper's further pages: facts of a place, its numbers, its register, lists keyed in later."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vungxanh.core.errors import UserError
from vungxanh.venues import actions, errands, keeping, phones, queries
from vungxanh.venues.forms import say
from vungxanh.venues.keeper_forms import EditForm, RegisterFileForm, add_refusal
from vungxanh.venues.models import Gate, Keeper
from vungxanh.venues.officer_forms import digits_of
from vungxanh.venues.pages import PROVED, keeper_required, own_venue
from vungxanh.venues.paper import take_rows


@keeper_required
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Name, address, hours, what the gate asks, how it records."""
    venue = own_venue(request, number)
    form = EditForm.of(venue, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.edit(by=None, venue=venue, facts=form.facts())
        except UserError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Changed. Codes on paper keep working."))
            return redirect("venues:manage", venue.pk)
    context = {"form": form, "place": venue.place, "venue": venue}
    return render(request, "venues/edit.html", context, status=422 if form.errors else 200)


@keeper_required
@require_GET
def numbers(request: HttpRequest, number: int) -> HttpResponse:
    """Who keeps it and which devices are gates: add, end, hand over, merge."""
    venue = own_venue(request, number)
    mine = phones.hash_of(request.session[PROVED])
    kept = [
        {
            "id": one.pk,
            "mine": bytes(one.phone_hash) == mine,
            "shown": f"…{one.phone.open()[-3:]}",
            "since": one.since,
        }
        for one in venue.keepers.filter(until=None).order_by("pk")
    ]
    others = [each for each in queries.kept_by(mine) if each.pk != venue.pk and not each.place.closed]
    context = {"venue": venue, "place": venue.place, "kept": kept, "others": others}
    context["gates"] = list(venue.gates.filter(revoked_at=None).order_by("pk"))
    return render(request, "venues/numbers.html", context)


@keeper_required
@require_POST
def change_numbers(request: HttpRequest, number: int) -> HttpResponse:
    """One of: end a number, end a gate, hand the place over, merge it into another of mine."""
    venue = own_venue(request, number)
    try:
        if request.POST.get("hand_over"):
            to = phones.number(request.POST.get("phone", ""))
            keeping.hand_over(by=None, venue=venue, from_phone=request.session[PROVED], to_phone=to)
            messages.success(request, _("Handed over. The other number keeps the place from now on."))
            return redirect("venues:mine")
        if request.POST.get("merge"):
            into = own_venue(request, digits_of(request.POST.get("into", "")))
            keeping.merge(by=None, venue=venue, into=into)
            messages.success(request, _("Merged. The codes of both lead to one place."))
            return redirect("venues:manage", into.pk)
        if request.POST.get("gate"):
            # scope: the keeper's own venue
            gate = get_object_or_404(Gate.objects.filter(venue=venue), pk=digits_of(request.POST["gate"]))
            actions.revoke_gate(by=None, gate=gate)
        elif request.POST.get("keeper"):
            # scope: the keeper's own venue
            keeper = get_object_or_404(Keeper.objects.filter(venue=venue), pk=digits_of(request.POST["keeper"]))
            keeping.end_number(by=None, venue=venue, keeper=keeper)
    except UserError as error:
        messages.error(request, say(error))
    return redirect("venues:numbers", venue.pk)


@keeper_required
@require_GET
def inside(request: HttpRequest, number: int) -> HttpResponse:
    """How full it is now; an office with a register sees who is inside, masked, until closing time."""
    venue = own_venue(request, number)
    context: dict[str, Any] = {"venue": venue, "place": venue.place, "inside": queries.occupancy(venue.place)}
    context |= {"register": errands.inside(venue), "now": timezone.localtime()}
    name = "venues/inside_part.html" if request.headers.get("HX-Request") else "venues/inside.html"
    return render(request, name, context)


@keeper_required
def lists(request: HttpRequest, number: int) -> HttpResponse:
    """A paper register or a list of guests: one verdict a line."""
    venue = own_venue(request, number)
    form = RegisterFileForm(request.POST or None, request.FILES or None, initial={"day": timezone.localdate()})
    context: dict[str, Any] = {"venue": venue, "place": venue.place, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data
            lines = take_rows(venue, form.rows(), day=data["day"], way=data["way"])
        except UserError as error:
            add_refusal(form, error)
        else:
            refused = [one for one in lines if one.verdict.status == "refused"]
            context |= {"taken": len(lines) - len(refused), "refused": [_refused(one) for one in refused]}
    return render(request, "venues/lists.html", context, status=422 if form.errors else 200)


def _refused(one: Any) -> dict[str, Any]:
    return {"line": one.line, "why": say(UserError(one.verdict.reason, **one.verdict.params))}
