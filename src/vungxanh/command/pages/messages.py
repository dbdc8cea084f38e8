"""Officers' pages of messages, and the public page and feed that anybody can check a message against."""

from typing import Any

from django import forms
from django.conf import settings as django_settings
from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from vungxanh.command import addressees, directory
from vungxanh.command.actions import messages as actions
from vungxanh.command.message_texts import Words, caption, loudspeaker, radio, slogans_of
from vungxanh.command.models import Channel, Message, MessageState, MessageUse
from vungxanh.command.pictures import Kind, picture
from vungxanh.core.errors import UserError
from vungxanh.core.listing import Column, Listing
from vungxanh.core.scope import Sector, grants_of, scoped
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer
from vungxanh.people.roles import Permission

READ = (Permission.MESSAGE_DRAFT, Permission.MESSAGE_APPROVE)
LENGTHS = (30, 60, 90)


class MessageForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    class Meta:
        model = Message
        fields = ("title", "say", "do", "topic", "starts", "ends", "title_en", "say_en", "do_en")
        help_texts = {  # noqa: RUF012
            "say": gettext_lazy("The weightiest first; a short script leaves out from the end."),
            "topic": gettext_lazy("Its number is taken from the directory, never typed."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            area = isinstance(field.widget, forms.Textarea)
            field.widget.attrs["class"] = "nhsuk-textarea" if area else "nhsuk-input"
            if area:
                field.widget.attrs["rows"] = 4
            if name in {"starts", "ends"}:
                field.widget = forms.DateInput(attrs={"class": "nhsuk-input", "type": "date"}, format="%Y-%m-%d")
        known = [("", _("no number")), *((topic, topic) for topic in directory.topics())]
        self.fields["topic"].widget = forms.Select(attrs={"class": "nhsuk-select"}, choices=known)


class UseForm(forms.Form):
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"),
        choices=Channel.choices,
        widget=forms.Select(attrs={"class": "nhsuk-select"}),
    )
    where = forms.CharField(
        label=gettext_lazy("Where"), max_length=200, widget=forms.TextInput(attrs={"class": "nhsuk-input"})
    )


@officer_required(*READ)
def index(request: HttpRequest) -> HttpResponse:
    rows = scoped(Message.objects.all(), officer_of(request))
    columns: list[Column[Message]] = [
        Column("title", _("Title"), _title, sort="title", head=True),
        Column("state", _("State"), lambda m: m.get_state_display(), sort="state"),
        Column("starts", _("Valid from"), lambda m: m.starts.strftime("%d/%m/%Y"), sort="starts"),
        Column("ends", _("Valid until"), lambda m: m.ends.strftime("%d/%m/%Y") if m.ends else "", sort="ends"),
    ]
    listing = Listing(
        "command-messages", columns, rows, request.GET, caption=_("Messages"), default_sort="-starts"
    )
    return render(request, "command/messages.html", {"listing": listing})


def _title(message: Message) -> str:
    return format_html('<a href="{}">{}</a>', reverse("command:message", args=[message.pk]), message.title)


@officer_required(Permission.MESSAGE_DRAFT)
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    officer = officer_of(request)
    message = _message(request, pk) if pk else Message(**_own_scope(officer))
    form = MessageForm(request.POST or None, instance=message)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.keep(message=form.save(commit=False), by=officer)
            return redirect("command:message", made.pk)
        except UserError as exc:
            form.add_error(exc.field, exc.text(get_language() or "vi"))
    return render(request, "command/message_edit.html", {"form": form, "message": message})


def _own_scope(officer: Officer) -> dict[str, str]:
    """Area and sector of a new message: those of the author's widest right to draft."""
    grant = min(grants_of(officer, Permission.MESSAGE_DRAFT), key=lambda grant: len(grant.path))
    sectors = grant.sectors or {Sector.GOVERNMENT}
    sector = Sector.GOVERNMENT if Sector.GOVERNMENT in sectors else min(sectors)
    return {"scope_path": grant.path, "scope_sector": Sector.HEALTH if Sector.HEALTH in sectors else sector}


def _message(request: HttpRequest, pk: int) -> Message:
    return get_object_or_404(scoped(Message.objects.all(), officer_of(request)), pk=pk)


@officer_required(*READ)
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message in every form, its approval, its uses."""
    row, officer = _message(request, pk), officer_of(request)
    if request.method == "POST":
        return _act(request, row)
    words = words_of(row)
    context = {
        "message": row,
        "scripts": [(limit, loudspeaker(words, limit, request.GET.get("commune", ""))) for limit in LENGTHS],
        "commune": request.GET.get("commune", ""),
        "communes": addressees.units_in_reach(officer).filter(kind="commune-committee").order_by("name")[:500],
        "radio": radio(words),
        "caption": caption(words, _address(request, row)),
        "slogans": slogans_of(row.starts),
        "uses": row.uses.order_by("-at"),
        "form": UseForm(),
        "may_approve": officer.may(Permission.MESSAGE_APPROVE) and row.drafted_by != officer.pk,
        "address": _address(request, row),
    }
    return render(request, "command/message.html", context)


def _address(request: HttpRequest, row: Message) -> str:
    return request.build_absolute_uri(reverse("command:public", args=[row.pk]))


def words_of(row: Message, language: str = "vi") -> Words:
    """The words of a message, with its number from the directory; English only where it is written."""
    call = directory.number_for(row.topic, row.scope_path, timezone.localdate()) if row.topic else None
    english = language == "en" and bool(row.title_en and row.do_en)
    title, say, do = (row.title_en, row.say_en, row.do_en) if english else (row.title, row.say, row.do)
    return Words(
        title=title,
        say=tuple(line.strip() for line in say.splitlines() if line.strip()),
        do=tuple(line.strip() for line in do.splitlines() if line.strip()),
        issuer=call.who if call else "",
        call=call.number if call else "",
    )


def _act(request: HttpRequest, row: Message) -> HttpResponse:
    officer = officer_of(request)
    try:
        if "approve" in request.POST and officer.may(Permission.MESSAGE_APPROVE):
            actions.approve(message=row, by=officer)
            notes.success(request, _("Approved."))
        elif "withdraw" in request.POST and officer.may(Permission.MESSAGE_APPROVE):
            count = actions.withdraw(message=row, why=request.POST.get("why", ""), by=officer)
            notes.success(request, _("Withdrawn; %(count)d uses to correct.") % {"count": count})
        elif "corrected" in request.POST:
            use = get_object_or_404(MessageUse, pk=request.POST["corrected"], message=row)
            actions.corrected(use=use, by=officer)
        elif "use" in request.POST and (form := UseForm(request.POST)).is_valid():
            channel, where = Channel(form.cleaned_data["channel"]), form.cleaned_data["where"]
            actions.use(message=row, channel=channel, where=where, at=timezone.now(), by=officer)
            notes.success(request, _("Written down."))
    except UserError as exc:
        notes.error(request, exc.text(get_language() or "vi"))
    return redirect("command:message", row.pk)


KINDS: dict[str, tuple[Kind, str]] = {
    "pdf": ("pdf", "application/pdf"),
    "png": ("png", "image/png"),
    "svg": ("svg", "image/svg+xml"),
}


@officer_required(*READ)
def drawn(request: HttpRequest, pk: int, shape: str, suffix: str) -> HttpResponse:
    """An approved message as a picture: `shape` a3 or square. A draft is not drawn: it could be passed on."""
    row = _message(request, pk)
    if row.state != MessageState.APPROVED or suffix not in KINDS:
        raise Http404
    kind, content_type = KINDS[suffix]
    entry = slogans_of(row.starts)
    until = f" – {row.ends:%d/%m/%Y}" if row.ends else ""
    made = picture(
        words_of(row),
        kind=kind,
        square=shape == "square",
        address=_address(request, row),
        dates=f"{row.starts:%d/%m/%Y}{until}",
        slogans=tuple(entry["vi"]) if entry else (),  # type: ignore[arg-type]
        drill=django_settings.DEMO,
    )
    return HttpResponse(made, content_type=content_type)


@xframe_options_exempt
def public(request: HttpRequest, pk: int) -> HttpResponse:
    """Anybody's page of an approved message; may stand in a frame of another site. A withdrawn one says so."""
    shown = Message.objects.exclude(state=MessageState.DRAFT)  # scope: approved messages are for everybody
    row = get_object_or_404(shown, pk=pk)
    return render(request, "command/public.html", {"message": row, "words": words_of(row, get_language() or "vi")})


def feed(request: HttpRequest) -> HttpResponse:
    """RSS of messages in force today."""
    today = timezone.localdate()
    rss = Rss201rev2Feed(
        title=_("Messages"),
        link=request.build_absolute_uri("/"),
        description=_("Approved messages in force today."),
    )
    shown = Message.objects.filter(state=MessageState.APPROVED)  # scope: approved messages are for everybody
    rows = shown.filter(starts__lte=today).exclude(ends__lt=today)
    for row in rows.order_by("-approved_at")[:50]:
        rss.add_item(title=row.title, link=_address(request, row), description=row.do, pubdate=row.approved_at)
    return HttpResponse(rss.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")
