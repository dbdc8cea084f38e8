"""Reports up the line: draw one up, change its words, open the list behind each number, sign, take it along."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from vungxanh.command.actions import reports as actions
from vungxanh.command.models import Report, ReportKind, ReportTemplate
from vungxanh.command.report_texts import as_text, letter, values_of
from vungxanh.command.reporting import figures
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.listing import Column, Listing
from vungxanh.core.scope import Sector, grants_of, scoped
from vungxanh.exchange import docx
from vungxanh.exchange.letter import Letter, as_pdf
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer
from vungxanh.people.roles import Permission

WRITE = Permission.STATISTICS_READ
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
}


class NewForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=ReportKind.choices,
        widget=forms.Select(attrs={"class": "nhsuk-select"}),
    )
    day = forms.DateField(
        label=gettext_lazy("Day, or a day of the week"),
        widget=forms.DateInput(
            attrs={"class": "nhsuk-input nhsuk-input--width-10", "type": "date"}, format="%Y-%m-%d"
        ),
    )


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    class Meta:
        model = ReportTemplate
        fields = (*actions.HEAD[:6], "body", *actions.HEAD[6:])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            area = isinstance(field.widget, forms.Textarea)
            field.widget.attrs["class"] = "nhsuk-textarea" if area else "nhsuk-input"
            if area:
                field.widget.attrs["rows"] = 16 if name == "body" else 3


class BodyForm(forms.Form):
    body = forms.CharField(
        label=gettext_lazy("Text, one paragraph a line"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"class": "nhsuk-textarea", "rows": 16}),
    )


def scope_of(officer: Officer) -> tuple[str, str]:
    """Area and sector of an officer's reports: the widest right to read counts."""
    grant = min(grants_of(officer, WRITE), key=lambda grant: len(grant.path))
    sectors = grant.sectors
    if sectors is None or Sector.HEALTH in sectors:
        return grant.path, Sector.HEALTH
    return grant.path, Sector.GOVERNMENT if Sector.GOVERNMENT in sectors else min(sectors)


@officer_required(WRITE)
def index(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    form = NewForm(request.POST or None, initial={"day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        path, sector = scope_of(officer)
        try:
            given = form.cleaned_data
            made = actions.draw_up(
                kind=given["kind"], day=given["day"], scope_path=path, scope_sector=sector, by=officer
            )
            return redirect("command:report", made.pk)
        except UserError as exc:
            form.add_error(exc.field, exc.text(get_language() or "vi"))
    columns: list[Column[Report]] = [
        Column("until", _("Period"), _period, sort="until", head=True),
        Column("kind", _("Kind"), lambda r: r.get_kind_display(), sort="kind"),
        Column("number", _("Number"), lambda r: r.number or _("draft")),
        Column("signer", _("Signed by"), lambda r: r.signer),
    ]
    rows = scoped(Report.objects.all(), officer, WRITE)
    listing = Listing("command-reports", columns, rows, request.GET, caption=_("Reports"), default_sort="-until")
    return render(request, "command/reports.html", {"form": form, "listing": listing, "kinds": ReportKind.choices})


def _period(report: Report) -> str:
    first, last = (
        timezone.localdate(report.since),
        timezone.localdate(report.until - timedelta(minutes=1)),
    )
    text = f"{first:%d/%m/%Y}" if first == last else f"{first:%d/%m}–{last:%d/%m/%Y}"
    return format_html('<a href="{}">{}</a>', reverse("command:report", args=[report.pk]), text)


def _report(request: HttpRequest, pk: int) -> Report:
    return get_object_or_404(scoped(Report.objects.all(), officer_of(request), WRITE), pk=pk)


def paper_of(report: Report) -> Letter:
    """The report as it stands."""
    values = values_of(report.figures, report.words, report.since, report.until, report.head["body_name"])
    return letter(
        report.head,
        report.body,
        values,
        number=report.number,
        day=timezone.localdate(report.signed_at) if report.signed_at else None,
        signer=report.signer,
        draft=report.signed_at is None,
    )


@officer_required(WRITE)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    row, officer = _report(request, pk), officer_of(request)
    form = BodyForm(request.POST if "reword" in request.POST else None, initial={"body": row.body})
    if request.method == "POST":
        try:
            _act(request, row, form)
            return redirect("command:report", pk)
        except UserError as exc:
            notes.error(request, exc.text(get_language() or "vi"))
    named = [
        (key, figure.name, row.figures.get(key)) for key, figure in figures().items() if f"{{{key}}}" in row.body
    ]
    context = {
        "report": row,
        "paper": paper_of(row),
        "text": as_text(paper_of(row)),
        "named": named,
        "form": form,
        "may_sign": officer.may(Permission.DISPATCH_ISSUE) and row.signed_at is None,
    }
    return render(request, "command/report.html", context)


def _act(request: HttpRequest, row: Report, form: BodyForm) -> None:
    officer = officer_of(request)
    if "sign" in request.POST and officer.may(Permission.DISPATCH_ISSUE):
        actions.sign(report=row, number=request.POST.get("number", ""), by=officer)
        notes.success(request, _("Signed."))
    elif "reword" in request.POST and form.is_valid():
        actions.reword(report=row, body=form.cleaned_data["body"], by=officer)
        notes.success(request, _("Saved."))


@officer_required(WRITE)
def behind(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The rows behind one number, as far as this officer may see them."""
    row, figure, officer = _report(request, pk), figures().get(key), officer_of(request)
    if figure is None or key not in row.lists:
        raise Http404
    rows = figure.rows(officer, row.lists[key]).order_by("pk")
    shown = Listing(f"report-{key}", figure.columns(), rows, request.GET, caption=figure.name)
    audit.record(by=officer, action="command:report:list-read", subject=f"report:{pk}", details={"figure": key})
    context = {"report": row, "figure": figure, "number": row.figures[key], "listing": shown}
    return render(request, "command/report_list.html", context)


@officer_required(WRITE)
def download(request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
    row = _report(request, pk)
    if suffix not in TYPES:
        raise Http404
    paper = paper_of(row)
    made: bytes = {
        "docx": lambda: docx.write([paper], drill=settings.DEMO),
        "pdf": lambda: as_pdf([paper], drill=settings.DEMO),
        "txt": lambda: as_text(paper).encode(),
    }[suffix]()
    audit.record(
        by=officer_of(request), action="command:report:taken", subject=f"report:{pk}", details={"as": suffix}
    )
    name = f"bao-cao-{timezone.localdate(row.since):%Y-%m-%d}.{suffix}"
    return HttpResponse(
        made, content_type=TYPES[suffix], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@officer_required(WRITE)
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """Edit what this office writes."""
    if kind not in ReportKind.values:
        raise Http404
    officer = officer_of(request)
    row = actions.template_of(kind, *scope_of(officer))
    form = TemplateForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_template(template=form.save(commit=False), by=officer)
            notes.success(request, _("Saved."))
            return redirect("command:reports")
        except UserError as exc:
            form.add_error(exc.field, exc.text(get_language() or "vi"))
    context = {"form": form, "names": [(key, one.name) for key, one in figures().items()]}
    return render(request, "command/report_template.html", context)
