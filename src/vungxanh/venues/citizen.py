"""The page behind a poster: where am I, how safe is it, one tap in, one tap out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from vungxanh.core.errors import UserError
from vungxanh.people import device as identity
from vungxanh.people.queries import masked
from vungxanh.places.models import Place, PlaceFact
from vungxanh.places.queries import ancestors, is_stale
from vungxanh.venues import actions, private, queries, rotating
from vungxanh.venues.forms import GuestForm, say
from vungxanh.venues.gate_rules import pack
from vungxanh.venues.links import number_of, place_of, poster_code, read
from vungxanh.venues.models import CitizenDevice, DeviceMember
from vungxanh.venues.presence import warnings_for
from vungxanh.venues.refold import hours_of
from vungxanh.venues.reminding import due_of
from vungxanh.venues.self_record import record_on_phone
from vungxanh.venues.trips import VEHICLES, drawing, leave, running, take_seat


def device_of(request: HttpRequest) -> CitizenDevice | None:
    """The telephone that asks, if it is one that we know."""
    token = identity.token_of(request)
    return actions.device_with(token) if token else None


@require_GET
def place_page(request: HttpRequest, code: str) -> HttpResponse:
    """What the camera of any telephone opens. A code that we did not sign is said to be a fake."""
    found = read(code)
    place = place_of(found)
    if found is None or place is None:
        return render(request, "venues/fake.html", {"code": code[:60]}, status=404)
    context = _context(place, code, device_of(request))
    context["proof"] = rotating.proof(place) if rotating.is_fresh(found) else ""
    if private.is_private(place, context["venue"]):
        usual = int(hours_of(place).usual.total_seconds() // 60)
        context |= {"seed": private.seed_of(place.pk).hex(), "minutes": usual, "inside": None}
        response = render(request, "venues/private.html", context)
    else:
        response = render(request, "venues/place.html", context)
    response["X-Offline"] = "keep"
    return response


def _context(place: Place, code: str, device: CitizenDevice | None) -> dict[str, Any]:
    venue = queries.venue_of(place)
    members = list(device.members.all()) if device else []
    people = [member.person_id for member in members]
    trip = running(place)
    here = trip.place if trip else place
    names, staying = masked(people), queries.open_visits(here, people)
    level = queries.level_of(place)
    return {
        "place": place,
        "inside_of": ancestors(place),
        "code": code,
        "trip": trip,
        "is_vehicle": place.kind in VEHICLES,
        "rows": drawing(trip) if trip else [],
        "number": number_of(place.pk),
        "venue": venue,
        "members": [{"id": m.pk, "name": names[m.person_id], "stay": staying.get(m.person_id)} for m in members],
        "anybody_in": bool(staying),
        "anybody_out": len(staying) < len(people),
        "level": level,
        "level_word": _word(level),
        "level_stale": level is not None and is_stale(level),
        "form": GuestForm(),
        "key": get_random_string(16),
        "days": pack().scan_days,
        "inside": queries.occupancy(place) if venue and venue.occupancy_public else None,
    }


@require_GET
def crowd(request: HttpRequest, code: str) -> HttpResponse:
    """How many are inside now, where the keeper wishes that everybody sees it; the page asks again by itself."""
    place = place_of(read(code))
    venue = queries.venue_of(place) if place else None
    if place is None or venue is None or not venue.occupancy_public or private.is_private(place, venue):
        return HttpResponse(status=404)
    response = render(request, "venues/crowd.html", {"inside": queries.occupancy(place)})
    response["Cache-Control"] = "public, max-age=10"
    return response


@require_POST
def check(request: HttpRequest, code: str, way: str) -> HttpResponse:
    """In or out for the people chosen; a person new to this telephone is remembered on it first."""
    found = read(code)
    place = place_of(found)
    if found is None or place is None:
        return render(request, "venues/fake.html", {"code": code[:60]}, status=404)
    if private.is_private(place, queries.venue_of(place)):
        return redirect("venues:place", code=code)
    if way == "in":
        rotating.check(found, place, queries.venue_of(place), request.POST.get("proof", ""))
    device, token, member = device_of(request), "", None
    if request.POST.get("new"):
        form = GuestForm(request.POST)
        if not form.is_valid():
            return render(request, "venues/place.html", _context(place, code, device) | {"form": form}, status=422)
        if device is None:
            token = identity.token_of(request) or identity.new_token()
            device = actions.new_device(token)
        key = request.POST.get("key", "")[:40] or get_random_string(16)
        member = actions.remember_on_device(device=device, guest=form.guest(), place=place, key=key)
    if device is None:
        return redirect("venues:place", code=code)
    try:
        _record(request, place, device, way, member)
    except UserError as error:
        messages.warning(request, say(error))
    back = request.POST.get("back") == "now"
    response = redirect("venues:now") if back else redirect("venues:place", code=code)
    if token:
        identity.keep(request, response, token)
    return response


def _record(
    request: HttpRequest, place: Place, device: CitizenDevice, way: str, member: DeviceMember | None
) -> None:
    """For those ticked, for who was just added, or for the only one there is."""
    chosen = {int(number) for number in request.POST.getlist("member") if number.isdecimal()}
    members = list(device.members.all())
    if member is not None:
        chosen.add(member.pk)
    people = [m.person_id for m in members if m.pk in chosen or len(members) == 1]
    if not people:
        raise UserError("venues.nobody-chosen", field="member")
    key = request.POST.get("key") or get_random_string(16)
    trip = running(place)
    if trip and way == "in":
        take_seat(trip=trip, people=people, label=request.POST.get("seat", ""))
    elif trip:
        leave(trip=trip, people=people)
    here = trip.place if trip else place
    record_on_phone(place=here, device=device, people=people, way=way, key=key[:40], at=timezone.now())


def _word(level: PlaceFact | None) -> str:
    """The level in the reader's language; the criteria set has no colour for a single place."""
    name = (level.value.get("band_name") or {}) if level else {}
    return str(name.get("en" if (get_language() or "vi").startswith("en") else "vi", ""))


def home_panel(request: HttpRequest) -> dict[str, Any] | None:
    """For the citizen's first page: warnings, and where this telephone's people are, until they leave."""
    device = device_of(request)
    if device is None:
        return None
    people = [member.person_id for member in device.members.all()]
    stays, warned = leaving(device), warnings_for(people)
    if not stays and not warned:
        return None
    return {"template": "venues/home_panel.html", "stays": stays, "warnings": warned}


def leaving(device: CitizenDevice | None) -> list[dict[str, Any]]:
    """Stays that one tap ends; those whose people are reminded to first."""
    members = list(device.members.all()) if device else []
    by_person = {member.person_id: member.pk for member in members}
    late = due_of(by_person)
    others = [stay for stay in queries.open_anywhere(by_person) if stay not in late and not stay.place.closed]
    names = masked(by_person) if len(members) > 1 else {}
    return [
        {
            "stay": stay,
            "late": stay in late,
            "code": poster_code(_scanned(stay.place)),
            "member": by_person[stay.person],
            "name": names.get(stay.person, ""),
            "key": get_random_string(16),
        }
        for stay in [*late, *others]
    ]


def _scanned(place: Place) -> int:
    """The place whose code was scanned: a trip has the code of its vehicle."""
    return place.parent_id if place.kind == "trip" and place.parent_id else place.pk


@require_GET
def my_visits(request: HttpRequest) -> HttpResponse:
    """Where the people of this telephone are now, so that leaving is one tap away."""
    device = device_of(request)
    people = [member.person_id for member in device.members.all()] if device else []
    context = {"stays": leaving(device), "device": device, "warnings": warnings_for(people)}
    return render(request, "venues/mine_now.html", context)


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """This telephone remembers nobody any more."""
    device = device_of(request)
    if device:
        actions.forget_device(device=device)
    identity.forget(identity.token_of(request))
    response = redirect("home")
    response.delete_cookie(identity.COOKIE)
    return response


def wipe(request: HttpRequest) -> None:
    """The citizen wipes the device: this room forgets it too."""
    device = device_of(request)
    if device:
        actions.forget_device(device=device)
