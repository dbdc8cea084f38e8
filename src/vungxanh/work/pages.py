"""The list of the day: on a phone, house by house, also without a network."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vungxanh.core.errors import UserError
from vungxanh.people import queries as people
from vungxanh.people.access import OfficerRequest, officer_required
from vungxanh.people.roles import Permission
from vungxanh.people.schemas import PersonOut
from vungxanh.work import actions, queries
from vungxanh.work.kinds import households_each
from vungxanh.work.schemas import Card, OutcomeIn, Verdict

#: answers in one request; a day of one team is far below
MOST_ANSWERS = 1000
TAKEN = "work-list-taken"


@require_GET
@officer_required(Permission.WORK_READ)
def today(request: OfficerRequest) -> HttpResponse:
    """Overdue first, then due today, then new; a card a household."""
    mine = request.GET.get("mine") == "1"
    cards = queries.today(request.officer, mine=mine)
    said = queries.remarks(line.id for card in cards for line in card.lines)
    taken = request.session.get(TAKEN) == timezone.localdate().isoformat()
    return render(
        request,
        "work/today.html",
        {
            "groups": _groups(cards, _revealed(request, cards) if taken else {}, said),
            "counts": queries.counts(request.officer),
            "mine": mine,
            "taken": taken,
            "may_take": request.officer.may(Permission.PEOPLE_REVEAL),
            "may_assign": request.officer.may(Permission.WORK_ASSIGN),
            "day": timezone.localdate(),
        },
    )


def _revealed(request: OfficerRequest, cards: list[Card]) -> dict[int, PersonOut]:
    """Names and numbers of the list that was taken along; every look is recorded."""
    ids = {person for card in cards for person in card.people}
    purpose = _("Work list of %(day)s") % {"day": timezone.localdate().isoformat()}
    return people.reveal(ids, by=request.officer, purpose=purpose)


def _groups(
    cards: list[Card], revealed: dict[int, PersonOut], said: dict[int, tuple[str, str]]
) -> list[dict[str, Any]]:
    """Cards under their heading, each person with what may be shown of them."""
    headings = (("overdue", _("Overdue")), ("today", _("Due within a day")), ("new", _("New")))
    return [
        {"when": when, "heading": heading, "cards": [_shown(c, revealed, said) for c in cards if c.when == when]}
        for when, heading in headings
        if any(card.when == when for card in cards)
    ]


def _plain(person: PersonOut | None) -> dict[str, Any]:
    """Numbers in groups, as they are read out: `0944 713 700`."""
    if person is None:
        return {"plain": None}
    return {"plain": person, "phones": [(number, grouped(number)) for number in person.phones]}


def grouped(e164: str) -> str:
    """A number of this country in its national form; another one as it is."""
    digits = e164.removeprefix("+84")
    return f"0{digits[:3]} {digits[3:6]} {digits[6:]}" if digits != e164 and len(digits) == 9 else e164


def _shown(card: Card, revealed: dict[int, PersonOut], said: dict[int, tuple[str, str]]) -> dict[str, Any]:
    persons = [{"masked": masked, **_plain(revealed.get(person))} for person, masked in card.people.items()]
    lines = [
        {"line": line, "who": card.people.get(line.person or 0, ""), "record": uuid4(), "main": line.outcomes[:2],
         "more": line.outcomes[2:], "remark": _remark(said.get(line.id))}
        for line in card.lines
    ]  # fmt: skip
    return {"card": card, "persons": persons, "lines": lines}


def _remark(said: tuple[str, str] | None) -> str:
    """What the police found, as the visitor reads it."""
    if said is None:
        return ""
    words = {"found": _("Police: found"), "moved": _("Police: moved away"), "not-found": _("Police: not found")}
    return ". ".join(part for part in (words.get(said[0], said[0]), said[1]) if part)


@require_POST
@officer_required(Permission.PEOPLE_REVEAL)
def take(request: OfficerRequest) -> HttpResponse:
    """Show names and numbers of today's list until the day is over."""
    request.session[TAKEN] = timezone.localdate().isoformat()
    return redirect("work:today")


@require_POST
@officer_required(Permission.PEOPLE_REVEAL)
def put_back(request: OfficerRequest) -> HttpResponse:
    """Masked again; the page's script removes what the device kept."""
    request.session.pop(TAKEN, None)
    return redirect("work:today")


@require_POST
@officer_required(Permission.WORK_ACT)
def outcome(request: OfficerRequest) -> HttpResponse:
    """One answer of a form, where no script runs."""
    verdict = actions.record_outcomes([_record(request.POST.dict())], by=request.officer)[0]
    if verdict.verdict == "refused":
        raise UserError(verdict.reason, field="outcome", outcome=request.POST.get("outcome", ""))
    messages.success(request, _("Noted."))
    return redirect("work:today")


@require_POST
@officer_required(Permission.WORK_ACT)
def outcomes(request: OfficerRequest) -> HttpResponse:
    """A list of answers from a device that may have been offline; one verdict a record."""
    try:
        asked = json.loads(request.body)["records"][:MOST_ANSWERS]
    except (ValueError, KeyError, TypeError) as exc:
        raise UserError("work.answers-unreadable") from exc
    records = [_record(item) for item in asked]
    verdicts = actions.record_outcomes(records, by=request.officer)
    return JsonResponse({"verdicts": [_said(verdict) for verdict in verdicts]})


def _said(verdict: Verdict) -> dict[str, str]:
    said = {"record": str(verdict.record), "verdict": verdict.verdict, "reason": verdict.reason}
    if verdict.reason:
        error = UserError(verdict.reason, outcome="")
        said |= {"thong_bao": error.text("vi"), "message": error.text("en")}
    return said


def _record(item: Any) -> OutcomeIn:
    """Raises UserError `work.answers-unreadable` for what is no answer; a time without one is now."""
    try:
        at = parse_datetime(str(item.get("at") or "")) or timezone.now()
        return OutcomeIn(
            item=int(item["item"]),
            outcome=str(item["outcome"])[:30],
            at=at if at.tzinfo else timezone.make_aware(at),
            note=str(item.get("note") or "")[:500],
            record=UUID(str(item["record"])),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise UserError("work.answers-unreadable") from exc


@require_POST
@officer_required(Permission.WORK_ACT)
def acknowledge(request: OfficerRequest) -> HttpResponse:
    """Take items for oneself."""
    items = [int(item) for item in request.POST.getlist("item") if item.isdecimal()]
    actions.acknowledge(items=items, by=request.officer)
    return redirect("work:today")


@require_http_methods(["GET", "POST"])
@officer_required(Permission.WORK_ASSIGN)
def share_out(request: OfficerRequest) -> HttpResponse:
    """Who of the community teams looks after which households: dealt out evenly, kept from day to day."""
    members = queries.team(request.officer)
    if request.method == "POST":
        chosen = set(request.POST.getlist("officer"))
        officers = [one for one, _load in members if str(one.pk) in chosen]
        load = actions.share_out(officers=officers, by=request.officer)
        messages.success(request, _("Shared out to %(count)s members.") % {"count": len(load)})
        return redirect("work:share-out")
    least, most = households_each()
    context = {"members": members, "least": least, "most": most, "counts": queries.counts(request.officer)}
    return render(request, "work/share_out.html", context)


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the list readable without a network; it must come from under /work/."""
    text = (Path(__file__).parent / "sw.js").read_text("utf-8")
    return HttpResponse(text, content_type="text/javascript", headers={"Cache-Control": "no-cache"})
