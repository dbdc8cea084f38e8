"""Zones: proposals with curve, map and areas side by side; editing by hand; papers; running; daily review."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vungxanh.core.errors import UserError
from vungxanh.exchange import docx, letter
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer
from vungxanh.people.roles import Permission
from vungxanh.zoning import letters, queries, running, zone_actions
from vungxanh.zoning.curve import curve_picture
from vungxanh.zoning.models import ZoneProposal
from vungxanh.zoning.zonemap import zone_picture

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _language() -> str:
    return (get_language() or "vi")[:2]


def _found(request: HttpRequest, pk: int) -> tuple[Officer, ZoneProposal]:
    officer = officer_of(request)
    return officer, get_object_or_404(queries.visible_proposals(officer), pk=pk)


@officer_required(Permission.ZONE_PROPOSE, Permission.ZONE_DECIDE)
def zone(request: HttpRequest, pk: int) -> HttpResponse:
    """Map and curve of one proposal, the areas beside each other, what each would close and miss."""
    officer, found = _found(request, pk)
    options = [option_shown(found, number) for number in range(len(found.options))]
    open_ = found.state == ZoneProposal.State.PROPOSED
    context = {
        "zone": found,
        "options": options,
        "picture": curve_picture(found.curve, [(one["people"], one["held"]) for one in found.options]),
        "map": zone_picture([(one["name"], one["units"]) for one in options], found.dots),
        "may_decide": officer.may(Permission.ZONE_DECIDE) and open_,
        "may_edit": open_ and found.search is not None,
        "running": not open_,
    }
    return render(request, "zoning/zone.html", context)


def option_shown(found: ZoneProposal, number: int) -> dict[str, Any]:
    option: dict[str, Any] = found.options[number]
    names = (_("smaller"), _("proposed"), _("larger"))
    groups: dict[str, list[dict[str, Any]]] = {"place": [], "home": [], "area": []}
    for unit in option["units"]:
        groups[unit["kind"]].append(unit)
    name = (
        _("chosen by hand") if option.get("by_hand") else names[number] if number < len(names) else str(number + 1)
    )
    workers, stalls = running.cost_of(option["units"])
    return option | {
        "number": number,
        "name": name,
        "percent": round(100 * option["held"]),
        "places": sorted(groups["place"], key=lambda unit: -unit["people"]),
        "homes": len(groups["home"]),
        "home_people": sum(unit["people"] for unit in groups["home"]),
        "areas": groups["area"],
        "workers": workers,
        "stalls": stalls,
    }


@officer_required(Permission.ZONE_PROPOSE, Permission.ZONE_DECIDE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick what to close: the largest area's units, the proposed ones ticked; it says at once what that holds."""
    officer, found = _found(request, pk)
    if request.method == "POST":
        chosen = [
            (kind, int(number))
            for kind, _, number in (v.partition(":") for v in request.POST.getlist("unit"))
            if number.isdigit()
        ]
        try:
            zone_actions.edit_zone(by=officer, proposal=found, chosen=chosen)
            return redirect("zoning:zone", pk)
        except UserError as error:
            messages.error(request, error.text(_language()))
    by_hand = [option for option in found.options if option.get("by_hand")]
    taken = (by_hand or [found.options[len(found.options) // 2]])[0]["units"]
    ticked = {(unit["kind"], unit["id"]) for unit in taken}
    every = {(unit["kind"], unit["id"]): unit for option in found.options for unit in option["units"]}
    rows = [(f"{key[0]}:{key[1]}", unit, key in ticked) for key, unit in every.items()]
    rows.sort(key=lambda row: (row[1]["kind"] != "place", -row[1]["people"], row[1]["name"]))
    return render(request, "zoning/edit.html", {"zone": found, "rows": rows})


@officer_required(Permission.ZONE_DECIDE)
@require_POST
def decide_zone(request: HttpRequest, pk: int) -> HttpResponse:
    officer, found = _found(request, pk)
    try:
        option = int(request.POST.get("option", "-1"))
        review, signer = timezone.localdate() + timedelta(days=1), request.POST.get("signer", "")
        zone_actions.decide_zone(by=officer, proposal=found, option=option, review_on=review, signer=signer)
    except (UserError, ValueError) as error:
        messages.error(request, error.text(_language()) if isinstance(error, UserError) else str(error))
        return redirect("zoning:zone", pk)
    return redirect("zoning:run", pk)


@officer_required(Permission.ZONE_PROPOSE, Permission.ZONE_DECIDE)
def papers(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The draft decision and the notices, to be numbered and signed by the office."""
    _officer, found = _found(request, pk)
    drafts = letters.papers(found)
    body, kind = (docx.write(drafts), DOCX) if form == "docx" else (letter.as_pdf(drafts), "application/pdf")
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="zone-{found.pk}.{form}"'
    return response


@officer_required(Permission.ZONE_PROPOSE, Permission.ZONE_DECIDE)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """The running zone: needs by hour, gates, passes, doors, what it costs and holds, how it ends."""
    officer, found = _found(request, pk)
    if found.state == ZoneProposal.State.PROPOSED:
        return redirect("zoning:zone", pk)
    needs = list(found.needs.order_by("due"))
    reviews = found.reviews.order_by("-day")
    now, language = timezone.now(), _language()
    context = {
        "zone": found,
        "people": zone_actions.people_now(found),
        "needs": [
            (one, running.word("needs", one.kind, language), one.due < now) for one in needs if not one.done_at
        ],
        "done": sum(one.done_at is not None for one in needs),
        "gates": found.gates.filter(closed_at=None),
        "passes": [
            (one, running.word("passes", one.kind, language))
            for one in found.passes.filter(until__gt=now, withdrawn_at=None)
        ],
        "doors": running.doors(found, needs),
        "reviews": reviews[:14],
        "review": reviews.first(),
        "totals": running.totals(found.reviews.all()),
        "plan": running.lift_plan(found),
        "goods": running.facts()["goods"]["en" if language == "en" else "vi"],
        "need_kinds": running.words("needs", language),
        "pass_kinds": running.words("passes", language),
        "open": found.state == ZoneProposal.State.DECIDED,
        "may_decide": officer.may(Permission.ZONE_DECIDE),
    }
    return render(request, "zoning/run.html", context)


@officer_required(Permission.ZONE_PROPOSE, Permission.ZONE_DECIDE)
@require_POST
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """One deed of the running zone."""
    officer, found = _found(request, pk)
    deeds = {"need": _need, "done": _done, "gate": _gate, "pass": _pass, "take": _take, "lift": _lift}
    if what not in deeds:
        raise Http404
    try:
        deeds[what](request, officer, found)
    except UserError as error:
        messages.error(request, error.text(_language()))
    return redirect("zoning:run", pk)


def _need(request: HttpRequest, officer: Officer, found: ZoneProposal) -> None:
    given = request.POST
    zone_actions.add_need(
        by=officer,
        zone=found,
        kind=given.get("kind", ""),
        what=given.get("what", ""),
        owner=given.get("owner", ""),
        door=given.get("door", ""),
        due=_moment(given.get("due", "")),
    )


def _moment(text: str) -> datetime | None:
    try:
        return timezone.make_aware(datetime.fromisoformat(text)) if text else None
    except ValueError:
        return None


def _done(request: HttpRequest, officer: Officer, found: ZoneProposal) -> None:
    number = request.POST.get("need", "")
    need = get_object_or_404(found.needs, pk=int(number) if number.isdigit() else 0)
    zone_actions.answer_need(by=officer, need=need, answer=request.POST.get("answer", ""))


def _gate(request: HttpRequest, officer: Officer, found: ZoneProposal) -> None:
    given = {name: request.POST.get(name, "") for name in ("name", "staff", "hours", "phone")}
    zone_actions.add_gate(by=officer, zone=found, **given)


def _pass(request: HttpRequest, officer: Officer, found: ZoneProposal) -> None:
    given = {name: request.POST.get(name, "") for name in ("kind", "bearer", "why")}
    until = _moment(request.POST.get("until", "")) or timezone.now() + timedelta(hours=12)
    zone_actions.give_pass(by=officer, zone=found, until=until, **given)


def _take(_request: HttpRequest, officer: Officer, found: ZoneProposal) -> None:
    review = found.reviews.order_by("-day").first()
    if review is None or not officer.may(Permission.ZONE_DECIDE):
        raise UserError("zoning.nothing-to-take")
    zone_actions.take_review(by=officer, review=review)


def _lift(_request: HttpRequest, officer: Officer, found: ZoneProposal) -> None:
    if not officer.may(Permission.ZONE_DECIDE):
        raise UserError("zoning.not-running")
    zone_actions.lift_zone(by=officer, zone=found)
