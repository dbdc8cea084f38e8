"""Reports of goods: anybody's form and answer page, the officers' list, photographs, answers."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from vungxanh.command import senders
from vungxanh.command.actions import market as actions
from vungxanh.command.models import MarketKind, MarketReport, Photo
from vungxanh.command.pages.photo_fields import PhotosField
from vungxanh.core.errors import UserError
from vungxanh.core.listing import Column, Listing
from vungxanh.core.scope import ANY_PATH, grants_of, path_of, scoped
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer, Organisation
from vungxanh.people.roles import Permission
from vungxanh.places.units import resolve

HANDLE = Permission.RESERVE_WRITE
INPUT = {"class": "nhsuk-input"}
#: bodies that a report can go to
BODIES = ("market-surveillance", "department", "peoples-committee", "commune-committee")


class ReportForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What is it about"),
        choices=MarketKind.choices,
        widget=forms.Select(attrs={"class": "nhsuk-select"}),
    )
    where = forms.CharField(
        label=gettext_lazy("Name and address of the shop"), max_length=200, widget=forms.TextInput(attrs=INPUT)
    )
    commune = forms.CharField(
        label=gettext_lazy("Code of the commune, if you know it"),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={**INPUT, "inputmode": "numeric"}),
    )
    text = forms.CharField(
        label=gettext_lazy("What did you see"),
        help_text=gettext_lazy("Goods, price, day. No name of anybody is needed."),
        max_length=4000,
        widget=forms.Textarea(attrs={"class": "nhsuk-textarea", "rows": 4}),
    )
    photos = PhotosField(label=gettext_lazy("Photographs"))


def _path(code: str, otherwise: str) -> str:
    """Path of a commune code of today; an unknown one leaves the report to the whole area."""
    try:
        unit = resolve(code.strip(), localtime().date()) if code.strip() else None
    except UserError:
        return otherwise
    if unit is None:
        return otherwise
    return path_of(unit.parent, unit.code) if unit.parent else path_of(unit.code)


def tell(request: HttpRequest) -> HttpResponse:
    """Anybody's form; an officer who is logged in reports for their own area."""
    user = request.user
    officer = user if isinstance(user, Officer) else None
    form = ReportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        own = (
            max((grant.path for grant in grants_of(officer)), key=len)
            if officer and grants_of(officer)
            else ANY_PATH
        )
        try:
            if officer is None:
                senders.count(senders.network_of(request))
            made = actions.report(
                kind=given["kind"],
                where=given["where"],
                text=given["text"],
                photos=given["photos"],
                scope_path=_path(given["commune"], own),
                by=officer,
            )
            return redirect("command:market_answer", made.token)
        except UserError as exc:
            form.add_error(exc.field if exc.field in form.fields else None, exc.text(get_language() or "vi"))
    return render(request, "command/market_tell.html", {"form": form})


def told(request: HttpRequest, token: str) -> HttpResponse:
    """What became of it, for whoever holds the address."""
    rows = MarketReport.objects.select_related("sent_to")  # scope: the token is the key of its reporter
    return render(request, "command/market_told.html", {"row": get_object_or_404(rows, token=token)})


@officer_required(HANDLE, Permission.SAFETY_INSPECT)
def index(request: HttpRequest) -> HttpResponse:
    columns: list[Column[MarketReport]] = [
        Column("at", _("Received"), _link, sort="at", head=True),
        Column("kind", _("Kind"), lambda r: r.get_kind_display(), sort="kind"),
        Column("where", _("Where"), lambda r: r.where),
        Column("state", _("State"), lambda r: r.get_state_display(), sort="state"),
    ]
    rows = scoped(MarketReport.objects.all(), officer_of(request))
    listing = Listing(
        "command-market", columns, rows, request.GET, caption=_("Reports of goods"), default_sort="-at"
    )
    return render(request, "command/market.html", {"listing": listing})


def _link(row: MarketReport) -> str:
    moment = localtime(row.at).strftime("%H:%M %d/%m/%Y")
    return format_html('<a href="{}">{}</a>', reverse("command:market_report", args=[row.pk]), moment)


@officer_required(HANDLE, Permission.SAFETY_INSPECT)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    officer = officer_of(request)
    row = get_object_or_404(scoped(MarketReport.objects.select_related("sent_to"), officer), pk=pk)
    if request.method == "POST" and officer.may(HANDLE):
        try:
            if "send" in request.POST:
                to = get_object_or_404(_bodies(), pk=request.POST.get("to") or 0)
                actions.send(row=row, to=to, by=officer)
            else:
                actions.answer(row=row, text=request.POST.get("answer", ""), by=officer)
            notes.success(request, _("Saved."))
        except UserError as exc:
            notes.error(request, exc.text(get_language() or "vi"))
        return redirect("command:market_report", pk)
    photos = scoped(Photo.objects.filter(subject=f"market:{pk}"), officer).values_list("pk", flat=True)
    context: dict[str, Any] = {"row": row, "photos": photos, "bodies": _bodies(), "may": officer.may(HANDLE)}
    return render(request, "command/market_report.html", context)


def _bodies() -> Any:
    return Organisation.objects.filter(kind__in=BODIES).order_by("name")
