"""Officers' pages: what we issued, what we were told, one directive, one unit's copy."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from vungxanh.command import addressees, queries
from vungxanh.command.actions import directives as actions
from vungxanh.command.forms import DutyForm, HeadForm, PasteForm, ReportForm, WordsForm
from vungxanh.command.models import ChargeState, Difficulty, Directive, Receipt
from vungxanh.command.reading import Citation, gone, read
from vungxanh.command.rule_changes import kinds as rule_kinds
from vungxanh.command.schemas import DirectiveIn, DutyIn, from_reading
from vungxanh.core.errors import UserError, message
from vungxanh.core.listing import Column, Listing
from vungxanh.core.scope import scoped
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission

DutySet = formset_factory(DutyForm, extra=1)


@officer_required(Permission.DISPATCH_ANSWER)
def home(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    context = {
        "inbox": _inbox_list(queries.inbox(officer), request),
        "issued": _issued_list(queries.issued(officer), request),
        "may_issue": officer.may(Permission.DISPATCH_ISSUE),
    }
    return render(request, "command/home.html", context)


def _inbox_list(rows: "QuerySet[Receipt]", request: HttpRequest) -> Listing[Any]:
    columns: list[Column[Any]] = [
        Column("directive", _("Document"), lambda r: _link("receipt", r.pk, str(r.directive)), head=True),
        Column("about", _("About"), lambda r: r.directive.abstract),
        Column("unit", _("Unit"), lambda r: r.organisation.name, sort="organisation__name"),
        Column("sent", _("Received"), lambda r: _moment(r.sent_at), sort="sent_at"),
        Column(
            "read", _("Acknowledged"), lambda r: _moment(r.acknowledged_at) or _("not yet"), sort="acknowledged_at"
        ),
        Column("done", _("Duties done"), lambda r: f"{r.done}/{r.duties}", numeric=True),
    ]
    return Listing("command-inbox", columns, rows, request.GET, caption=_("What we were told"), per_page=25)


def _issued_list(rows: "QuerySet[Directive]", request: HttpRequest) -> Listing[Any]:
    columns: list[Column[Any]] = [
        Column("directive", _("Document"), lambda d: _link("directive", d.pk, str(d)), sort="number", head=True),
        Column("day", _("Date"), lambda d: d.day and d.day.strftime("%d/%m/%Y"), sort="day"),
        Column("about", _("About"), lambda d: d.abstract),
        Column("state", _("State"), lambda d: d.get_state_display(), sort="state"),
        Column("units", _("Units"), lambda d: d.units, numeric=True),
        Column("silent", _("Not answered"), lambda d: d.silent, numeric=True),
    ]
    return Listing("command-issued", columns, rows, request.GET, caption=_("What we issued"), per_page=25)


def _link(name: str, pk: int, text: str) -> str:
    from django.urls import reverse
    from django.utils.html import format_html

    return format_html('<a href="{}">{}</a>', reverse(f"command:{name}", args=[pk]), text)


def _moment(moment: Any) -> str:
    from django.utils import timezone

    return timezone.localtime(moment).strftime("%H:%M %d/%m/%Y") if moment else ""


@officer_required(Permission.DISPATCH_ISSUE)
def paste(request: HttpRequest) -> HttpResponse:
    form = PasteForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        officer = officer_of(request)
        text = form.cleaned_data["text"]
        made = actions.draft(
            given=from_reading(read(text), text),
            scope_path=addressees.area_of(officer),
            scope_org=None,
            scope_sector="government",
            by=officer,
        )
        if form.content:
            actions.attach(directive=made, name=form.name, content=form.content, by=officer)
        return redirect("command:review", made.pk)
    return render(request, "command/paste.html", {"form": form})


@officer_required(Permission.DISPATCH_ISSUE)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Read, correct, choose addressees; save as draft or put in force."""
    officer, directive = officer_of(request), _issued(request, pk)
    choices = _choices(directive, officer)
    same = queries.same_matter(directive)
    head = HeadForm(request.POST or None, instance=directive, same=same)
    duties = DutySet(
        request.POST or None,
        prefix="duty",
        initial=None if request.POST else _initial(directive, officer),
        form_kwargs={"choices": choices},
    )
    if request.method == "POST" and head.is_valid() and duties.is_valid():
        try:
            return _keep(request, directive, head, duties)
        except UserError as exc:
            head.add_error(exc.field if exc.field in head.fields else None, exc.text(request.LANGUAGE_CODE))
    context = {
        "directive": directive,
        "form": head,
        "duties": duties,
        "warnings": _warnings(directive, request.LANGUAGE_CODE),
        "cited": directive.cited.select_related("known"),
        "same": same,
        "rule_kinds": rule_kinds(),
    }
    return render(request, "command/review.html", context)


def _issued(request: HttpRequest, pk: int) -> Directive:
    rows = scoped(Directive.objects.all(), officer_of(request), Permission.DISPATCH_ISSUE)
    return get_object_or_404(rows, pk=pk)


def _choices(directive: Directive, officer: Any) -> list[tuple[str, str]]:
    kinds = addressees.kinds_in_reach(officer)
    found = [(f"kind:{kind}", f"{KINDS.get(kind, kind)} ({count})") for kind, count in kinds.items()]
    named = {key for duty in directive.duties.all() for key in addressees.propose(duty.addressee, officer)}
    units = addressees.units_in_reach(officer).filter(pk__in=[int(k[5:]) for k in named if k.startswith("unit:")])
    return [*((f"unit:{unit.pk}", unit.name) for unit in units), *found]


#: what a kind of unit is called; a kind that the register adds is shown by its own code
KINDS = {
    "commune-committee": gettext_lazy("All communes' people's committees"),
    "health-station": gettext_lazy("All health stations"),
    "market-board": gettext_lazy("All market boards"),
    "department": gettext_lazy("All departments"),
    "economic-zone-board": gettext_lazy("All economic zone boards"),
    "mall": gettext_lazy("All malls and supermarkets"),
    "press": gettext_lazy("Press, radio and television"),
    "division": gettext_lazy("All own divisions"),
}


def _initial(directive: Directive, officer: Any) -> list[dict[str, Any]]:
    return [
        {
            "ordinal": duty.ordinal,
            "addressee": duty.addressee,
            "place_kinds": " ".join(duty.place_kinds),
            "text": duty.text,
            "to": addressees.propose(duty.addressee, officer),
            "due": duty.due,
            "every": duty.every,
        }
        for duty in directive.duties.all()
    ]


def _keep(
    request: HttpRequest, directive: Directive, head: HeadForm, duties: "BaseFormSet[DutyForm]"
) -> HttpResponse:
    """Save the correction; with the button "confirm" also put it in force."""
    from django.db import transaction

    officer = officer_of(request)
    kept = [form.cleaned_data for form in duties if form.cleaned_data.get("text")]
    citations = tuple(Citation(c.kind, c.number, c.day, c.issuer) for c in directive.cited.all())
    fields = {name: head.cleaned_data[name] for name in ("number", "symbol", "day", "issuer_name", "abstract")}
    given = DirectiveIn(**fields, text=directive.text, citations=citations, duties=tuple(map(_duty, kept)))
    with transaction.atomic():
        for name in ("replaces", "compared", "answer_hours"):
            setattr(directive, name, head.cleaned_data.get(name, getattr(directive, name)))
        actions.redraft(directive=directive, given=given, by=officer)
        if "confirm" not in request.POST:
            messages.success(request, _("Saved as a draft. Nothing is in force yet."))
            return redirect("command:review", directive.pk)
        made = list(directive.duties.all())
        sent_to = {duty.pk: addressees.resolve(one["to"], officer) for duty, one in zip(made, kept, strict=True)}
        units = actions.confirm(directive=directive, sent_to=sent_to, by=officer)
    messages.success(request, _("In force and sent to %(units)d units.") % {"units": units})
    return redirect("command:directive", directive.pk)


def _duty(one: dict[str, Any]) -> DutyIn:
    return DutyIn(
        one["ordinal"], one["addressee"], one["text"], one["due"], one["every"], tuple(one["place_kinds"].split())
    )


def _warnings(directive: Directive, language: str) -> list[str]:
    found = [message(code, language).format(name=name) for code, name in read(directive.text).warnings]
    unknown = [str(cited) for cited in directive.cited.all() if cited.known_id is None]
    if unknown:
        found.append(_("Cited but not in this register: %(list)s.") % {"list": ", ".join(unknown)})
    return found


@officer_required(Permission.DISPATCH_ISSUE)
def directive(request: HttpRequest, pk: int) -> HttpResponse:
    """The issuer's page: who has not answered, what is hard, what is done."""
    row = _issued(request, pk)
    if row.state == "draft":
        return redirect("command:review", pk)
    silent = request.GET.get("show") != "all"
    units = queries.receipts(row, officer_of(request), silent=silent)
    columns: list[Column[Any]] = [
        Column("unit", _("Unit"), lambda r: r.organisation.name, sort="organisation__name", head=True),
        Column("sent", _("Sent"), lambda r: _moment(r.sent_at), sort="sent_at"),
        Column(
            "read", _("Acknowledged"), lambda r: _moment(r.acknowledged_at) or _("not yet"), sort="acknowledged_at"
        ),
        Column("reminders", _("Reminders"), lambda r: r.reminders, sort="reminders", numeric=True),
    ]
    caption = _("Who has not answered") if silent else _("All units")
    context = {
        "directive": row,
        "board": queries.board(row),
        "difficulties": queries.difficulties(row)[:50],
        "units": Listing("command-units", columns, units, request.GET, caption=caption, default_sort="unit"),
        "silent": silent,
        "words": WordsForm(),
    }
    return render(request, "command/directive.html", context)


@require_POST
@officer_required(Permission.DISPATCH_ISSUE)
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """The issuer's two buttons: remind, withdraw (typed confirmation)."""
    row, officer = _issued(request, pk), officer_of(request)
    if "remind" in request.POST:
        count = actions.remind(directive=row, by=officer)
        messages.success(request, _("Reminded %(count)d units.") % {"count": count})
    elif request.POST.get("withdraw", "").strip() == str(row):
        actions.withdraw(directive=row, by=officer)
        messages.success(request, _("Withdrawn. Its history stays."))
    else:
        messages.error(request, _("Not withdrawn: type %(number)s to confirm.") % {"number": row})
    return redirect("command:directive", pk)


@require_POST
@officer_required(Permission.DISPATCH_ISSUE)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    difficulty = get_object_or_404(Difficulty.objects.select_related("receipt__directive"), pk=pk)
    row = _issued(request, difficulty.receipt.directive_id)
    try:
        actions.answer(difficulty=difficulty, text=request.POST.get("text", ""), by=officer_of(request))
    except UserError as exc:
        messages.error(request, exc.text(request.LANGUAGE_CODE))
    return redirect("command:directive", row.pk)


@officer_required(Permission.DISPATCH_ANSWER)
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit's copy: what we were told, what we did."""
    row = _receipt(request, pk)
    if request.method == "POST":
        return _unit_act(request, row)
    today = row.directive.day
    context = {
        "receipt": row,
        "charges": row.charges.select_related("duty").order_by("duty__position"),
        "states": ChargeState.choices,
        "difficulties": row.difficulties.order_by("-asked_at"),
        "gone": gone(row.organisation.name, today) if today else None,
        "words": WordsForm(),
    }
    return render(request, "command/receipt.html", context)


def _receipt(request: HttpRequest, pk: int) -> Receipt:
    rows = scoped(Receipt.objects.all(), officer_of(request), Permission.DISPATCH_ANSWER)
    return get_object_or_404(rows.select_related("directive", "organisation"), pk=pk)


def _unit_act(request: HttpRequest, row: Receipt) -> HttpResponse:
    officer = officer_of(request)
    try:
        if "acknowledge" in request.POST:
            actions.acknowledge(receipt=row, by=officer)
        elif "report" in request.POST:
            charge = get_object_or_404(row.charges.all(), pk=request.POST["report"])
            form = ReportForm(request.POST)
            if form.is_valid():
                state, note = ChargeState(form.cleaned_data["state"]), form.cleaned_data["note"]
                actions.report(charge=charge, state=state, note=note, by=officer)
        elif "ask" in request.POST:
            actions.ask(receipt=row, duty=None, text=request.POST.get("text", ""), by=officer)
    except UserError as exc:
        messages.error(request, exc.text(request.LANGUAGE_CODE))
    else:
        messages.success(request, _("Saved."))
    return redirect("command:receipt", row.pk)
