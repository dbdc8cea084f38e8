"""A commune's own page: what is to be said and hung here, its script with the commune's name, what was done."""

from base64 import b64decode
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from vungxanh.command.actions import messages as actions
from vungxanh.command.message_texts import loudspeaker
from vungxanh.command.message_words import words_of
from vungxanh.command.models import Channel, Message, MessageState, MessageUse, Photo
from vungxanh.command.pages.photo_fields import PhotosField
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.scope import grants_of, scoped
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer, Organisation
from vungxanh.people.roles import Permission
from vungxanh.people.scope import in_force

LENGTHS = (30, 60, 90)
ANSWER = Permission.DISPATCH_ANSWER


class UseForm(forms.Form):
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"),
        choices=Channel.choices,
        widget=forms.Select(attrs={"class": "nhsuk-select"}),
    )
    where = forms.CharField(
        label=gettext_lazy("Where"), max_length=200, widget=forms.TextInput(attrs={"class": "nhsuk-input"})
    )
    at = forms.DateTimeField(
        label=gettext_lazy("When"),
        required=False,
        help_text=gettext_lazy("Left empty: now."),
        widget=forms.DateTimeInput(
            attrs={"class": "nhsuk-input", "type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
    )
    photos = PhotosField(label=gettext_lazy("Photographs"))


def commune_of(officer: Officer) -> Organisation | None:
    """The committee or station whose area the officer answers for, the smallest area first."""
    paths = sorted((grant.path for grant in grants_of(officer, ANSWER)), key=len, reverse=True)
    today = in_force(timezone.localdate())
    kinds = ("commune-committee", "health-station")
    for path in paths:
        found = Organisation.objects.filter(today, scope_path=path, kind__in=kinds).order_by("kind", "pk").first()
        if found:
            return found
    return None


def here(officer: Officer) -> list[Message]:
    """Approved messages in force today for an area that holds the officer's own."""
    today = timezone.localdate()
    paths = [grant.path for grant in grants_of(officer, ANSWER)]
    shown = Message.objects.filter(state=MessageState.APPROVED, starts__lte=today)  # scope: they are for everybody
    rows = shown.exclude(ends__lt=today).order_by("-approved_at")
    return [row for row in rows if any(path.startswith(row.scope_path) for path in paths)][:50]


@officer_required(ANSWER)
def index(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    uses = scoped(MessageUse.objects.select_related("message"), officer, ANSWER).order_by("-at")[:100]
    done: dict[int, int] = {}
    for use in uses:
        done[use.message_id] = done.get(use.message_id, 0) + 1
    rows = [(row, done.get(row.pk, 0)) for row in here(officer)]
    withdrawn = [use for use in uses if use.message.state == MessageState.WITHDRAWN and use.corrected_at is None]
    context = {"rows": rows, "uses": uses, "unit": commune_of(officer), "to_correct": withdrawn}
    return render(request, "command/broadcasts.html", context)


@officer_required(ANSWER)
def broadcast(request: HttpRequest, pk: int) -> HttpResponse:
    """One message for one commune: scripts to read, pictures to hang, the log."""
    officer = officer_of(request)
    row = next((message for message in here(officer) if message.pk == pk), None)
    if row is None:
        raise Http404
    unit = commune_of(officer)
    form = UseForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            _write(row, form.cleaned_data, unit, officer)
            notes.success(request, _("Written down."))
            return redirect("command:broadcast", pk)
        except UserError as exc:
            form.add_error(exc.field if exc.field in form.fields else None, exc.text(get_language() or "vi"))
    words = words_of(row)
    context = {
        "message": row,
        "unit": unit,
        "scripts": [(limit, loudspeaker(words, limit, unit.name if unit else "")) for limit in LENGTHS],
        "form": form,
        "uses": with_photos(scoped(row.uses.all(), officer, ANSWER).order_by("-at"), officer),
    }
    return render(request, "command/broadcast.html", context)


def _write(row: Message, given: dict[str, Any], unit: Organisation | None, officer: Officer) -> None:
    actions.use(
        message=row,
        channel=Channel(given["channel"]),
        where=given["where"],
        at=given["at"] or timezone.now(),
        commune=unit,
        photos=given["photos"],
        by=officer,
    )


def with_photos(uses: Any, officer: Officer) -> list[tuple[MessageUse, list[int]]]:
    """Each use with the numbers of its photographs."""
    rows = list(uses)
    shown = scoped(Photo.objects.filter(subject__in=[f"use:{use.pk}" for use in rows]), officer)
    found: dict[str, list[int]] = {}
    for subject, pk in shown.order_by("pk").values_list("subject", "pk"):
        found.setdefault(subject, []).append(pk)
    return [(use, found.get(f"use:{use.pk}", [])) for use in rows]


@officer_required()
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """One photograph, for officers of its scope; looking at it is recorded."""
    officer = officer_of(request)
    row = get_object_or_404(scoped(Photo.objects.all(), officer), pk=pk)
    audit.record(by=officer, action="command:photo:seen", subject=row.subject)
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    return HttpResponse(b64decode(row.content.open()), content_type=row.content_type, headers=headers)
