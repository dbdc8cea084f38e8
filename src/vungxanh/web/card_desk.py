"""The card desk of a one-stop office or a station: a printed card in a minute, a lost one locked and replaced.

No telephone and no code to type stand anywhere on this way: an identity card under the scanner, or a name.
"""

import secrets
from importlib import resources
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vungxanh.codes.decode import decode
from vungxanh.codes.signed import Kind, short
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.exchange.pdf import qr_svg
from vungxanh.exchange.pdf import render as draw
from vungxanh.people import queries as people
from vungxanh.people.access import OfficerRequest, officer_required
from vungxanh.people.actions import register_person
from vungxanh.people.models import Officer
from vungxanh.people.roles import Permission
from vungxanh.people.schemas import DocumentIn
from vungxanh.people.scope import visible_persons
from vungxanh.venues.badges import bind_card, unbind_card
from vungxanh.venues.links import tag_keys
from vungxanh.venues.models import PersonCard

PURPOSE = "card desk"
SEX = {"M": 1, "F": 2}
WORDS = {
    "vi": ("Thẻ Vùng Xanh", "Đưa thẻ này ở cổng thay cho điện thoại. Mất thẻ: báo nơi cấp để khoá."),
    "en": (
        "Vùng Xanh card",
        "Show this card at a gate instead of a telephone. If it is lost, tell the desk.",
    ),
}
desk = officer_required(Permission.PEOPLE_REGISTER, Permission.DECLARATION_KEY)


def _home(officer: Officer) -> str:
    return max((grant.path for grant in officer.grants()), key=len, default="/")


def _scanned(text: str) -> dict[str, Any]:
    """What an identity or insurance card says. Raises UserError `web.card-unreadable`."""
    found = decode(text)
    if found.kind not in ("cccd_qr", "bhyt_qr"):
        raise UserError("web.card-unreadable", field="scan")
    value: Any = found.value
    kind = "cccd" if found.kind == "cccd_qr" else "bhyt"
    return {
        "name": value.name.title() if value.name.isupper() else value.name,
        "sex": SEX.get(value.sex or "", 3),
        "birth_date": value.birth,
        "birth_year": value.birth.year if value.birth else getattr(value, "birth_year", None),
        "documents": (DocumentIn(kind, value.number, verified=True),),
    }


def _typed(request: HttpRequest) -> dict[str, Any]:
    year = request.POST.get("birth_year", "").strip()
    return {
        "name": request.POST.get("name", ""),
        "sex": int(request.POST.get("sex", "3")) if request.POST.get("sex") in ("1", "2", "3") else 3,
        "birth_year": int(year) if year.isdecimal() else None,
    }


@require_http_methods(["GET", "POST"])
@desk
def issue(request: OfficerRequest) -> HttpResponse:
    """Who? Then the card is on the printer's page."""
    if request.method == "POST":
        scan = request.POST.get("scan", "").strip()
        facts = _scanned(scan) if scan else _typed(request)
        person = register_person(**facts, scope_path=_home(request.officer), by=request.officer, purpose=PURPOSE)
        card = make(person, request.officer)
        return redirect(f"{_printed(card)}{'?large=1' if request.POST.get('large') else ''}")
    asked, found = request.GET.get("q", "").strip(), []
    if asked:
        found = _found(asked, request.officer)
    return render(request, "web/card_desk.html", {"q": asked, "found": found})


def _printed(card: PersonCard) -> str:
    from django.urls import reverse

    return reverse("card-print", args=[card.pk])


def _found(asked: str, officer: Officer) -> list[dict[str, Any]]:
    """People of the desk's area with their cards."""
    hits = people.search(asked, by=officer, purpose=PURPOSE)
    cards = PersonCard.objects.filter(person__in=[one.id for one in hits]).order_by("-pk")
    return [{"one": one, "cards": [card for card in cards if card.person_id == one.id]} for one in hits]


@transaction.atomic
def make(person: int, by: Officer) -> PersonCard:
    """A new card; the ones before are locked: one card a person is in force."""
    for old in PersonCard.objects.select_for_update().filter(person=person, revoked_at=None):
        unbind_card(old, timezone.now())
    card = bind_card(secrets.randbits(62), person, by.pk)
    audit.record(by=by, action="cards:card:issued", subject=f"person:{person}", details={"card": card.pk})
    return card


def _own(request: OfficerRequest, number: int) -> PersonCard:
    card = PersonCard.objects.filter(pk=number).first()
    permission = Permission.PEOPLE_REGISTER
    if card is None or not visible_persons(request.officer, permission).filter(pk=card.person_id).exists():
        raise Http404
    return card


@require_POST
@officer_required(Permission.PEOPLE_REGISTER)
def replace(request: OfficerRequest, number: int) -> HttpResponse:
    """Lost: the old card leads to nobody from now on, and a new one is printed."""
    return redirect(_printed(make(_own(request, number).person_id, request.officer)))


@require_POST
@officer_required(Permission.PEOPLE_REGISTER)
def revoke(request: OfficerRequest, number: int) -> HttpResponse:
    card = _own(request, number)
    if card.revoked_at is None:
        unbind_card(card, timezone.now())
        audit.record(
            by=request.officer,
            action="cards:card:revoked",
            subject=f"person:{card.person_id}",
            details={"card": number},
        )
    messages.success(request, _("The card is locked."))
    return redirect("cards")


@require_GET
@officer_required(Permission.PEOPLE_REGISTER)
def card(request: OfficerRequest, number: int) -> HttpResponse:
    """The card to print: A6, or A5 in large print."""
    row = _own(request, number)
    if row.revoked_at:
        raise UserError("web.card-locked")
    language = "en" if (get_language() or "vi").startswith("en") else "vi"
    title, note = WORDS[language]
    values = {
        "title": title,
        "note": note,
        "shown": people.masked([row.person_id], language).get(row.person_id, ""),
        "number": f"VX-{row.pk}",
        "printed": f"{timezone.localtime(row.made_at):%d/%m/%Y}",
        "large": request.GET.get("large") == "1",
    }
    template = (resources.files("vungxanh.web") / "card.typ").read_text("utf-8")
    code = qr_svg(short(Kind.CARD, row.number, tag_keys()[-1]))
    made = draw(template, values, drill=settings.DEMO, pictures={"qr.svg": code})
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="the-{row.pk}.pdf"'
    return response
