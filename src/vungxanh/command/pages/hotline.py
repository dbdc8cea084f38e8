"""The hotline desk: write down a call, screen and verify what was told, call back."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from vungxanh.command.actions import hotline as actions
from vungxanh.command.events import onward
from vungxanh.command.for_caller import links
from vungxanh.command.models import NEXT, EventKind, EventState, HotlineEvent
from vungxanh.command.pages import callers
from vungxanh.core.errors import UserError
from vungxanh.core.listing import Column, Listing
from vungxanh.core.scope import grants_of, scoped
from vungxanh.notify.queries import waiting
from vungxanh.people import serving
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer
from vungxanh.people.queries import masked
from vungxanh.people.roles import Permission

#: the hotline itself, and who opens a case from what it verified
READ = (Permission.HOTLINE_ANSWER, Permission.CASE_WRITE)
WHEN = {"class": "nhsuk-input", "type": "datetime-local"}


class EventForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=EventKind.choices, widget=forms.Select(attrs={"class": "nhsuk-select"})
    )
    text = forms.CharField(
        label=gettext_lazy("What was told"),
        help_text=gettext_lazy("No name or number of anybody here: a person is registered on their own page."),
        max_length=4000,
        widget=forms.Textarea(attrs={"class": "nhsuk-textarea", "rows": 4}),
    )
    call_back_at = forms.DateTimeField(
        label=gettext_lazy("Call back at"),
        required=False,
        widget=forms.DateTimeInput(
            attrs={"class": "nhsuk-input", "type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
    )


def _seen(officer: Officer) -> "QuerySet[HotlineEvent]":
    """Events of the officer's area: all for the hotline, suspected cases for who opens cases."""
    rows = HotlineEvent.objects.all()  # scope: both halves below are
    mine = scoped(rows, officer, Permission.HOTLINE_ANSWER)
    cases = scoped(rows.filter(kind=EventKind.SUSPECTED), officer, Permission.CASE_WRITE)
    return mine | cases


@officer_required(*READ)
def desk(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    form = EventForm(request.POST or None)
    may_answer = officer.may(Permission.HOTLINE_ANSWER)
    if request.method == "POST" and may_answer and form.is_valid():
        given = form.cleaned_data
        path = max((grant.path for grant in grants_of(officer, Permission.HOTLINE_ANSWER)), key=len)
        event = actions.receive(
            kind=EventKind(given["kind"]),
            text=given["text"],
            caller=callers.present(request)[0],
            call_back_at=given["call_back_at"],
            scope_path=path,
            by=officer,
        )
        serving.done(request)
        notes.success(request, _("Written down."))
        return redirect("command:event", event.pk)
    rows = _seen(officer)
    state = request.GET.get("state", "")
    shown = rows.filter(state=state) if state in EventState.values else rows
    due = rows.filter(call_back_at__isnull=False, called_back_at=None).order_by("call_back_at")[:20]
    context = {
        "form": form if may_answer else None,
        "listing": _listing(shown, request),
        "states": EventState.choices,
        "due": due,
        "caller": callers.present(request),
        "declare": links(officer),
        "missed": waiting(officer)[:20],
    }
    return render(request, "command/hotline.html", context)


def _listing(rows: Any, request: HttpRequest) -> Listing[HotlineEvent]:
    columns: list[Column[HotlineEvent]] = [
        Column("at", _("Received"), _link, sort="received_at", head=True),
        Column("kind", _("Kind"), lambda e: e.get_kind_display(), sort="kind"),
        Column("text", _("What was told"), lambda e: e.text[:120]),
        Column("state", _("State"), lambda e: e.get_state_display(), sort="state"),
    ]
    return Listing("command-events", columns, rows, request.GET, caption=_("Events"), default_sort="-at")


def _link(event: HotlineEvent) -> str:
    moment = localtime(event.received_at).strftime("%H:%M %d/%m/%Y")
    return format_html('<a href="{}">{}</a>', reverse("command:event", args=[event.pk]), moment)


@officer_required(*READ)
def event(request: HttpRequest, pk: int) -> HttpResponse:
    officer = officer_of(request)
    row = get_object_or_404(_seen(officer), pk=pk)
    may_answer = officer.may(Permission.HOTLINE_ANSWER)
    if request.method == "POST" and may_answer:
        try:
            if "serve" in request.POST and row.caller is not None:
                serving.serve(request, row.caller, back=reverse("command:event", args=[pk]))
                return redirect("command:hotline")
            if "called_back" in request.POST:
                actions.called_back(event=row, by=officer)
            else:
                state, outcome = EventState(request.POST.get("state", "")), request.POST.get("outcome", "")
                actions.move(event=row, state=state, outcome=outcome, by=officer)
            notes.success(request, _("Saved."))
        except UserError as exc:
            notes.error(request, exc.text(get_language() or "vi"))
        return redirect("command:event", pk)
    steps = [(str(state), state.label) for state in NEXT[row.state]] if may_answer else []
    context: dict[str, Any] = {
        "event": row,
        "steps": steps,
        "caller": "",
        "onward": [],
        "made": [],
        "may_answer": may_answer,
    }
    if row.caller is not None:
        context["caller"] = masked([row.caller]).get(row.caller, "")
        offered = [one for one in onward(row.kind) if officer.may(one.permission)]
        context["made"] = [made for one in offered for made in one.made(officer, row.caller, row.received_at)]
        if row.state == EventState.VERIFIED and not context["made"]:
            context["onward"] = [(one.name, one.url(row.caller)) for one in offered]
    return render(request, "command/event.html", context)
