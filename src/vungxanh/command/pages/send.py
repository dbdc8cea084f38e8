"""A message sent by any channel: what it says, whom it reaches, what it costs; ordered on a second page."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from vungxanh.command.message_words import words_of
from vungxanh.command.models import Message, MessageState
from vungxanh.core.errors import UserError
from vungxanh.core.scope import grants_of, scoped
from vungxanh.notify.actions import official_address, queue
from vungxanh.notify.interface import Channel
from vungxanh.notify.queries import estimate, listening
from vungxanh.notify.rules import faults
from vungxanh.notify.schemas import BatchIn
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer, Organisation, Person
from vungxanh.people.roles import Permission

CHANNELS = (
    (Channel.SMS, "SMS"),
    (Channel.ZALO, "Zalo"),
    (Channel.VOICE, gettext_lazy("Voice call that reads the text aloud")),
    (Channel.PUSH, gettext_lazy("Web push to browsers that agreed")),
    (Channel.EMAIL, "E-mail"),
)
WHOM = (
    ("units", gettext_lazy("Heads of units in the area, by e-mail")),
    ("people", gettext_lazy("People of the area")),
)


class SendForm(forms.Form):
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), choices=CHANNELS, widget=forms.Select(attrs={"class": "nhsuk-select"})
    )
    whom = forms.ChoiceField(
        label=gettext_lazy("To whom"), choices=WHOM, widget=forms.Select(attrs={"class": "nhsuk-select"})
    )
    text = forms.CharField(
        label=gettext_lazy("Text of the message"),
        help_text=gettext_lazy("To people: no link, no disease, no class; three SMS parts at most."),
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "nhsuk-textarea", "rows": 5}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (given.get("whom") == "units") != (given.get("channel") == "email"):
            self.add_error("channel", _("Units are reached by e-mail, people by any other channel."))
        return given


def first_text(row: Message) -> str:
    """What an SMS of the message would say: its first thing to do, where to check it, whom to call."""
    words = words_of(row)
    parts = [words.do[0] if words.do else words.title]
    parts += [_("Check: %(address)s") % {"address": official_address()}] if official_address() else []
    parts += [_("Call %(number)s") % {"number": words.call}] if words.call else []
    return ". ".join(part.strip(" .") for part in parts) + "."


def batch_of(row: Message, given: dict[str, Any], officer: Officer) -> BatchIn:
    """Only whom the officer's right to approve reaches, within the message's own area."""
    paths = [grant.path for grant in grants_of(officer, Permission.MESSAGE_APPROVE)]
    area = max([row.scope_path, *(path for path in paths if path.startswith(row.scope_path))], key=len)
    source, path, sector = f"message:{row.pk}", row.scope_path, row.scope_sector
    if given["whom"] == "units":
        heads = Organisation.objects.filter(scope_path__startswith=area).exclude(head=None).exclude(head__email="")
        emails = list(heads.values_list("head__email", flat=True).distinct())
        text = f"{row.title}\n\n{given['text']}"
        return BatchIn(
            Channel.EMAIL, text, source, subject=row.title, addresses=emails, citizen=False,
            scope_path=path, scope_sector=sector,
        )  # fmt: skip
    channel = Channel(given["channel"])
    subject = push_title(row) if channel == Channel.PUSH else ""
    persons = reachable(area, channel)
    return BatchIn(
        channel, given["text"], source, subject=subject, persons=persons, scope_path=path, scope_sector=sector
    )


def reachable(area: str, channel: Channel) -> list[int]:
    """People of an area who have a telephone; for web push, those with a browser that agreed to be told."""
    people = Person.objects.filter(scope_path__startswith=area, same_as=None)  # scope: numbers, for the machine
    people = people.filter(pk__in=listening()) if channel == Channel.PUSH else people.exclude(phones=None)
    return list(people.order_by("pk").values_list("pk", flat=True).distinct())


def push_title(row: Message) -> str:
    """What stands above the text on a locked screen: the title only where it names no disease, class or link."""
    return _("Message of the health authority") if any(faults(row.title, official_address())) else row.title


@officer_required(Permission.MESSAGE_APPROVE)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """The first post shows number, parts, cost and time; the second, with `order`, puts it on its way."""
    officer = officer_of(request)
    row = get_object_or_404(scoped(Message.objects.all(), officer), pk=pk)
    if row.state != MessageState.APPROVED:
        raise Http404
    form = SendForm(request.POST or None, initial={"text": first_text(row)})
    shown = None
    if request.method == "POST" and form.is_valid():
        try:
            asked = batch_of(row, form.cleaned_data, officer)
            shown = estimate(asked)
            if "order" in request.POST and shown.messages:
                queue(asked, by=officer)
                notes.success(request, _("%(count)d messages are on their way.") % {"count": shown.messages})
                return redirect("notify:outbox")
        except UserError as exc:
            form.add_error(exc.field if exc.field in form.fields else None, exc.text(get_language() or "vi"))
    context = {"message": row, "form": form, "estimate": shown, "channel": form.data.get("channel", "")}
    return render(request, "command/send.html", context)
