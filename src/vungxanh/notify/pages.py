"""Officers' pages: what people sent and nobody has read, what left and how it went."""

from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.notify import inbound
from vungxanh.notify.actions import settle
from vungxanh.notify.models import Inbound
from vungxanh.notify.queries import batches, outcome, uncertain, waiting
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer
from vungxanh.people.queries import masked, reveal
from vungxanh.people.roles import Permission

#: shown at once, the oldest first
MOST = 50


@officer_required(Permission.HOTLINE_ANSWER)
def inbox(request: HttpRequest) -> HttpResponse:
    """Messages and missed calls that wait; answered, closed, or handed on again."""
    officer = officer_of(request)
    if request.method == "POST":
        row = get_object_or_404(waiting(officer), pk=request.POST.get("row") or 0)
        try:
            _act(request, row, officer)
        except UserError as exc:
            notes.error(request, exc.text(get_language() or "vi"))
        return redirect("notify:inbox")
    rows = list(waiting(officer)[:MOST])
    names = masked([person for row in rows for person in row.persons])
    audit.read(
        by=officer, action="notify:inbound:read", subjects=[f"inbound:{row.pk}" for row in rows], purpose="inbox"
    )
    shown = [(row, row.text.open(), [names.get(person, "") for person in row.persons]) for row in rows]
    return render(request, "notify/inbox.html", {"rows": shown, "total": waiting(officer).count()})


def _act(request: HttpRequest, row: Inbound, officer: Officer) -> None:
    if "reply" in request.POST:
        inbound.reply(row, request.POST.get("text", "").strip(), by=officer)
        inbound.close(row, by=officer)
        notes.success(request, _("The answer is on its way."))
    elif "again" in request.POST:
        taken = inbound.hand_on_again(row)
        notes.success(request, _("Taken by a room.") if taken else _("No room took it; it waits on."))
    elif "number" in request.POST:
        people = (
            reveal(row.persons, by=officer, purpose=_("Call back"))
            if officer.may(Permission.PEOPLE_REVEAL)
            else {}
        )
        audit.record(by=officer, action="notify:inbound:number-shown", subject=f"inbound:{row.pk}")
        who = ", ".join(one.name for one in people.values())
        notes.success(request, f"{row.sender.open()} {who}".strip())
    else:
        inbound.close(row, by=officer)
        notes.success(request, _("Closed."))


@officer_required(Permission.MESSAGE_APPROVE, Permission.MESSAGE_DRAFT, Permission.HOTLINE_ANSWER)
def outbox(request: HttpRequest) -> HttpResponse:
    """Batches of the officer's scope and how they went; what may have gone or not is settled here."""
    officer = officer_of(request)
    if request.method == "POST":
        row = get_object_or_404(uncertain(officer), pk=request.POST.get("row") or 0)
        settle(delivery=row.pk, sent="sent" in request.POST, by=officer)
        return redirect("notify:outbox")
    rows: list[tuple[Any, dict[str, int]]] = [(row, outcome(row.pk)) for row in batches(officer)]
    return render(request, "notify/outbox.html", {"rows": rows, "uncertain": uncertain(officer)[:MOST]})
