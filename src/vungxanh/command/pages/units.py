"""Per unit: what we were told, what we did, passing it down. Per issuer: who has not answered. The file."""

from base64 import b64decode
from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vungxanh.command import queries
from vungxanh.command.actions import directives as actions
from vungxanh.command.models import Directive, Receipt
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.listing import Column, Listing
from vungxanh.core.scope import scoped
from vungxanh.core.vietnamese import fold
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Organisation
from vungxanh.people.roles import Permission

#: units offered at once; a search narrows them
MOST = 400


@officer_required(Permission.DISPATCH_ANSWER)
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit's page, to print as it stands."""
    row = get_object_or_404(Organisation, pk=pk)
    rows = queries.told(officer_of(request), pk)
    if not rows.exists():
        raise Http404
    return render(request, "command/unit.html", {"unit": row, "receipts": rows[:100]})


@officer_required(Permission.DISPATCH_ISSUE)
def issuer(request: HttpRequest) -> HttpResponse:
    """Who has not answered, over every document of ours in force."""
    columns: list[Column[Any]] = [
        Column("unit", _("Unit"), _unit_link, sort="organisation__name", head=True),
        Column("sent", _("Received documents"), lambda r: r["sent"], sort="sent", numeric=True),
        Column("silent", _("Not answered"), lambda r: r["silent"], sort="silent", numeric=True),
        Column("undone", _("Duties not done"), lambda r: r["undone"], sort="undone", numeric=True),
        Column("reminded", _("Reminders"), lambda r: r["reminded"], numeric=True),
    ]
    rows = queries.units_of_issuer(officer_of(request))
    listing = _ByUnit("command-issuer", columns, rows, request.GET, caption=_("Who has not answered"))
    return render(request, "command/issuer.html", {"listing": listing})


class _ByUnit(Listing[Any]):
    """Grouped rows have no key of their own: the unit breaks ties."""

    def _ordered(self) -> Any:
        sign = "-" if self.sort.startswith("-") else ""
        column = next((c for c in self.columns if c.key == self.sort.lstrip("-") and c.sort), None)
        return self.rows.order_by(f"{sign}{column.sort}", "organisation") if column else self.rows  # type: ignore[union-attr]


def _unit_link(row: dict[str, Any]) -> str:
    address = reverse("command:unit", args=[row["organisation"]])
    return format_html('<a href="{}">{}</a>', address, row["organisation__name"])


@officer_required(Permission.DISPATCH_ANSWER)
def pass_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose who gets the unit's duties next."""
    officer = officer_of(request)
    rows = scoped(Receipt.objects.all(), officer, Permission.DISPATCH_ANSWER)
    row = get_object_or_404(rows.select_related("directive", "organisation"), pk=pk)
    below, wanted = queries.units_below(row, officer), fold(request.GET.get("q", ""))
    if request.method == "POST":
        chosen = [int(value) for value in request.POST.getlist("units") if value.isdecimal()]
        try:
            sent = actions.pass_down(receipt=row, units=list(_allowed(below, chosen, row)), by=officer)
            notes.success(request, _("Passed down to %(count)d units.") % {"count": sent})
            return redirect("command:receipt", pk)
        except UserError as exc:
            notes.error(request, exc.text(get_language() or "vi"))
    shown = [unit for unit in below if wanted in fold(unit.name)] if wanted else list(below[:MOST])
    context = {"receipt": row, "units": shown[:MOST], "total": below.count(), "q": request.GET.get("q", "")}
    return render(request, "command/pass_down.html", context)


def _allowed(below: Any, chosen: list[int], row: Receipt) -> list[int]:
    """What may be chosen; a unit above in the line stays in, so that the action says why it is refused."""
    above, at = set(), row
    while at.passed_from is not None:
        at = at.passed_from
        above.add(at.organisation_id)
    return [*below.filter(pk__in=chosen).values_list("pk", flat=True), *(above & set(chosen))]


@officer_required(Permission.DISPATCH_ANSWER)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of a document, for its issuer and for units that received it; always as a download."""
    officer = officer_of(request)
    mine = scoped(Directive.objects.filter(pk=pk), officer, Permission.DISPATCH_ISSUE).first()
    got = scoped(Receipt.objects.filter(directive=pk), officer, Permission.DISPATCH_ANSWER).first()
    row = mine or (got.directive if got else None)
    if row is None or row.file is None:
        raise Http404
    audit.record(by=officer, action="command:directive:file-read", subject=f"directive:{pk}")
    name = "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in fold(row.file_name))
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(b64decode(row.file.open()), content_type="application/octet-stream", headers=headers)
