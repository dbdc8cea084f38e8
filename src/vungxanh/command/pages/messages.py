"""Officers' pages of messages: drafts, approval, every form, texts in other languages, the log by commune."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vungxanh.command import directory
from vungxanh.command.actions import messages as actions
from vungxanh.command.languages import names
from vungxanh.command.message_texts import caption, loudspeaker, radio, slogans_of
from vungxanh.command.message_words import texts, words_of
from vungxanh.command.models import Channel, Message, MessageText, MessageUse
from vungxanh.command.pages.broadcast import UseForm, with_photos
from vungxanh.command.pages.pictures import address_of
from vungxanh.core.errors import UserError
from vungxanh.core.listing import Column, Listing
from vungxanh.core.scope import Sector, grants_of, scoped
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer, Organisation
from vungxanh.people.roles import Permission
from vungxanh.people.scope import in_force

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


class TextForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    class Meta:
        model = MessageText
        fields = ("language", "title", "say", "do", "translator")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            area = isinstance(field.widget, forms.Textarea)
            field.widget.attrs["class"] = "nhsuk-textarea" if area else "nhsuk-input"
        chosen = list(names(get_language() or "vi").items())
        self.fields["language"].widget = forms.Select(attrs={"class": "nhsuk-select"}, choices=chosen)
        for name in ("title", "say", "do"):
            self.fields[name].widget.attrs["id"] = f"id_text_{name}"


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
    commune = request.GET.get("commune", "")
    known = names(get_language() or "vi")
    written = [("en", _("English"))] if row.title_en and row.do_en else []
    written += [(text.language, known.get(text.language, "")) for text in texts(row).values()]
    context = {
        "message": row,
        "scripts": [(limit, loudspeaker(words, limit, commune)) for limit in LENGTHS],
        "commune": commune,
        "communes": _communes(officer),
        "radio": radio(words),
        "captions": [
            (code, name, caption(words_of(row, code), address_of(request, row)))
            for code, name in [("vi", _("Vietnamese")), *written]
        ],
        "slogans": slogans_of(row.starts),
        "uses": with_photos(row.uses.order_by("-at")[:200], officer),
        "form": UseForm(),
        "text_form": TextForm(),
        "texts": [(known.get(text.language, text.language), text) for text in row.texts.order_by("language")],
        "written": written,
        "may_approve": officer.may(Permission.MESSAGE_APPROVE) and row.drafted_by != officer.pk,
        "officer": officer,
        "address": address_of(request, row),
        "frame": request.build_absolute_uri(reverse("command:embed", args=[row.pk])),
        "communes_done": row.uses.exclude(commune="").values("scope_path").distinct().count(),
    }
    return render(request, "command/message.html", context)


def _communes(officer: Officer) -> Any:
    """Where the officer may want it read out: committees of the area, whatever right opens it."""
    area = Q(pk__in=[])
    for grant in (*grants_of(officer, READ[0]), *grants_of(officer, READ[1])):
        area |= Q(scope_path__startswith=grant.path)
    today = in_force(timezone.localdate())
    return Organisation.objects.filter(area, today, kind="commune-committee").order_by("name")


@officer_required(*READ)
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """Commune by commune: said, hung, or not yet."""
    row, officer = _message(request, pk), officer_of(request)
    uses = MessageUse.objects.filter(message=row, scope_path=OuterRef("scope_path"))  # scope: of a message in hand
    counted = uses.order_by().values("scope_path").annotate(n=Count("pk")).values("n")
    last = uses.order_by("-at").values("at")[:1]
    units = _communes(officer).annotate(times=Coalesce(Subquery(counted), 0), last=Subquery(last))
    columns: list[Column[Any]] = [
        Column("unit", _("Commune"), lambda u: u.name, sort="name", head=True),
        Column("times", _("Times used"), lambda u: u.times, sort="times", numeric=True),
        Column("last", _("Last"), lambda u: _moment(u.last), sort="last"),
    ]
    listing = Listing("command-log", columns, units, request.GET, caption=_("Log"), default_sort="times")
    return render(request, "command/message_log.html", {"message": row, "listing": listing})


def _moment(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%H:%M %d/%m/%Y") if moment else ""


@require_POST
@officer_required(*READ, Permission.DISPATCH_ANSWER)
def corrected(request: HttpRequest, pk: int) -> HttpResponse:
    """A poster was taken down, a broadcast corrected: by the author's office or by the commune itself."""
    officer = officer_of(request)
    mine = scoped(MessageUse.objects.all(), officer)
    of_messages = MessageUse.objects.filter(message__in=scoped(Message.objects.all(), officer))  # scope: is
    use = get_object_or_404(mine | of_messages, pk=pk)
    actions.corrected(use=use, by=officer)
    if scoped(Message.objects.filter(pk=use.message_id), officer).exists() and officer.may(READ[0]):
        return redirect("command:message", use.message_id)
    return redirect("command:broadcasts")


def _act(request: HttpRequest, row: Message) -> HttpResponse:
    officer = officer_of(request)
    try:
        if "approve" in request.POST and officer.may(Permission.MESSAGE_APPROVE):
            actions.approve(message=row, by=officer)
            notes.success(request, _("Approved."))
        elif "withdraw" in request.POST and officer.may(Permission.MESSAGE_APPROVE):
            count = actions.withdraw(message=row, why=request.POST.get("why", ""), by=officer)
            notes.success(request, _("Withdrawn; %(count)d uses to correct.") % {"count": count})
        elif "read" in request.POST:
            text = get_object_or_404(MessageText, pk=request.POST["read"], message=row)
            actions.check_text(text=text, checker=request.POST.get("checker", ""), by=officer)
        elif "write" in request.POST:
            _write_text(request, row)
        elif "use" in request.POST and (form := UseForm(request.POST, request.FILES)).is_valid():
            _write_use(row, form.cleaned_data, officer)
            notes.success(request, _("Written down."))
    except UserError as exc:
        notes.error(request, exc.text(get_language() or "vi"))
    return redirect("command:message", row.pk)


def _write_use(row: Message, given: dict[str, Any], officer: Officer) -> None:
    actions.use(
        message=row,
        channel=Channel(given["channel"]),
        where=given["where"],
        at=given["at"] or timezone.now(),
        photos=given["photos"],
        by=officer,
    )


def _write_text(request: HttpRequest, row: Message) -> None:
    """A text in another language; the same language again replaces it and must be read anew."""
    known = row.texts.filter(language=request.POST.get("language", "")).first()
    form = TextForm(request.POST, instance=known or MessageText(message=row))
    if form.is_valid():
        actions.write_text(text=form.save(commit=False), by=officer_of(request))
        notes.success(request, _("Saved; it is shown once a second person has read it."))
    else:
        notes.error(request, _("Give title, what to do, and who wrote it."))
