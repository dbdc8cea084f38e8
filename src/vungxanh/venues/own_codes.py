"""A citizen's own codes: one that changes on the telephone, and a card on paper for whoever has none."""

import json
import secrets
from time import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from pydantic import ValidationError

from vungxanh.codes.signed import Kind, short, step_at
from vungxanh.core.errors import UserError
from vungxanh.places.schemas import today
from vungxanh.venues import badges, private
from vungxanh.venues.cards import Card, draw
from vungxanh.venues.citizen import device_of
from vungxanh.venues.links import tag_keys
from vungxanh.venues.models import Badge, CitizenDevice, DeviceMember, PersonCard
from vungxanh.venues.personal import PERSON_EVERY
from vungxanh.venues.posters import svg
from vungxanh.venues.queries import shown, shown_many
from vungxanh.venues.schemas import VisitsIn
from vungxanh.venues.self_record import take_visits

#: a card's number is drawn at random: whoever holds one learns nothing of another
_NUMBERS = 2**50


def _member(device: CitizenDevice | None, number: int) -> DeviceMember | None:
    return device.members.filter(pk=number).first() if device else None


@require_GET
def my_code(request: HttpRequest) -> HttpResponse:
    """The code of this half minute of each person of this telephone; the page renews itself."""
    device = device_of(request)
    members = list(device.members.all()) if device else []
    names = shown_many(member.person_id for member in members)
    codes = [{"id": m.pk, "shown": names.get(m.person_id, ""), "svg": svg(rotating_code(m))} for m in members]
    return render(request, "venues/my_code.html", {"codes": codes, "every": PERSON_EVERY - 5})


def rotating_code(member: DeviceMember) -> str:
    """A photograph of it is worth nothing a minute later, and another gate refuses it at once."""
    key = badges.key("phone-code", str(member.pk))
    Badge.objects.get_or_create(key=key, defaults={"person_id": member.person_id})
    return short(Kind.PERSON, member.pk, tag_keys()[-1], step_at(time(), PERSON_EVERY))


@require_POST
def print_card(request: HttpRequest, number: int) -> HttpResponse:
    """A card for one person of this telephone; every card that was printed before stops working."""
    member = _member(device_of(request), number)
    if member is None:
        return redirect("venues:my_code")
    content = card_file(member.person_id, by=None)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="vungxanh.pdf"'
    return response


def card_file(person: int, *, by: int | None) -> bytes:
    """One new card as PDF; older ones of the person are locked."""
    lock_cards(person)
    card = badges.bind_card(secrets.randbelow(_NUMBERS), person, by)
    code = short(Kind.CARD, card.number, tag_keys()[-1])
    drawn = Card(shown(person), f"VX-C{card.pk}", code)
    language = "en" if (get_language() or "vi").startswith("en") else "vi"
    return draw([drawn], language=language, drill=settings.DEMO, printed=today())


def lock_cards(person: int) -> int:
    """-> cards that lead to nobody from now on."""
    cards = list(PersonCard.objects.filter(person=person, revoked_at=None))
    for card in cards:
        badges.unbind_card(card, timezone.now())
    return len(cards)


@require_POST
def lock(request: HttpRequest, number: int) -> HttpResponse:
    """The card was lost."""
    member = _member(device_of(request), number)
    if member is not None:
        locked = lock_cards(member.person_id)
        messages.success(request, _("Cards locked: %(count)d.") % {"count": locked})
    return redirect("venues:my_code")


@require_POST
def visits(request: HttpRequest) -> HttpResponse:
    """Taps that were kept while there was no network: a verdict each; sending again is harmless."""
    device = device_of(request)
    try:
        given = VisitsIn.model_validate(json.loads(request.body))
    except (ValueError, ValidationError):
        return JsonResponse(UserError("venues.bad-record", where="visits", why="JSON").as_json(), status=422)
    answers = take_visits(device, given)
    return JsonResponse({"answers": [answer.as_json() for answer in answers]})


@require_GET
def published(request: HttpRequest) -> HttpResponse:
    """Exposed hours of private places, the same list for everybody; nobody says what they look for."""
    words = {"title": _("You may have been near a case"), "minutes": _("minutes")}
    rows: list[dict[str, Any]] = [window.as_json() for window in private.published()]
    response = JsonResponse({"published": rows, "words": words})
    response["Cache-Control"] = "public, max-age=300"
    response["Vary"] = "Accept-Language, Cookie"
    return response
