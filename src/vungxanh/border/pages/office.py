"""Passenger lists, and the rules: in force, withdrawn, recalled."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vungxanh.border import entry_rules, queries, results, words
from vungxanh.border.actions import lists as list_actions
from vungxanh.border.actions import rules as rule_actions
from vungxanh.border.forms import ListForm, RequestForm, RuleForm, WithdrawForm
from vungxanh.border.models import PassengerLine, PassengerList, Recall
from vungxanh.border.rule_text import parsed, written
from vungxanh.core.errors import UserError
from vungxanh.core.listing import Column, Listing
from vungxanh.exchange.bounds import LARGEST_FILE
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.queries import masked
from vungxanh.people.roles import Permission


@officer_required(Permission.BORDER_READ)
def passenger_lists(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    form = ListForm(request.POST or None, request.FILES or None, language=request.LANGUAGE_CODE)
    if request.method == "POST" and form.is_valid():
        try:
            row = _taken(form, officer)
        except UserError as exc:
            form.add_error(exc.field if exc.field in form.fields else "file", exc.text(request.LANGUAGE_CODE))
        else:
            return redirect("border:list", pk=row.pk)
    gates = queries.gates_of(officer, Permission.BORDER_REVIEW)
    context = {
        "form": form,
        "asking": RequestForm(gates=gates, language=request.LANGUAGE_CODE, auto_id="ask_%s"),
        "lists": queries.lists(officer)[:50],
        "requests": queries.requests(officer)[:50],
        "may": officer.may(Permission.BORDER_REVIEW),
        "now": timezone.now(),
    }
    return render(request, "border/lists.html", context, status=422 if form.errors else 200)


@require_POST
@officer_required(Permission.BORDER_REVIEW)
def ask_list(request: HttpRequest) -> HttpResponse:
    """A list asked of a carrier or a hotel; it stands on the gate's work list until it comes."""
    officer = officer_of(request)
    gates = queries.gates_of(officer, Permission.BORDER_REVIEW)
    form = RequestForm(request.POST, gates=gates, language=request.LANGUAGE_CODE, auto_id="ask_%s")
    if not form.is_valid():
        messages.error(request, _("The request needs a name and a day."))
        return redirect("border:lists")
    data = form.cleaned_data
    of = list_actions.Of(data["gate"], data["entry_on"], data["flight"], data["kind"])
    try:
        list_actions.ask(of=of, asked_of=data["asked_of"], email=data["email"], by=officer)
    except UserError as exc:
        messages.error(request, exc.text(request.LANGUAGE_CODE))
    else:
        messages.success(request, _("Asked. It stays on the work list until the list comes."))
    return redirect("border:lists")


def _taken(form: ListForm, officer: Any) -> Any:
    data = form.cleaned_data
    return list_actions.take(
        content=data["file"].read(LARGEST_FILE + 1),
        file_name=data["file"].name,
        gate=data["gate"],
        flight=data["flight"],
        kind=data["kind"] or PassengerList.Kind.CARRIER,
        sender_name=data["sender_name"],
        entry_on=data["entry_on"],
        by=officer,
    )


@officer_required(Permission.BORDER_READ)
def passenger_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has not declared, who differs; those first."""
    officer = officer_of(request)
    row = get_object_or_404(queries.lists(officer), pk=pk)
    lines = queries.lines(row, officer)
    names = masked([line.person for line in lines if line.person], request.LANGUAGE_CODE)
    columns: list[Column[Any]] = [
        Column("line", _("Line"), lambda line: line.line, numeric=True),
        Column("who", _("Passenger"), lambda line: names.get(line.person or 0, "–"), head=True),
        Column("seat", _("Seat"), lambda line: line.seat),
        Column("state", _("Declaration"), _state),
        Column("differs", _("Differs in"), _differences),
    ]
    if row.replaces_id:
        columns.append(Column("change", _("Against the list before"), _change))
    listing: Listing[Any] = Listing(
        "border-list", columns, lines, request.GET, caption=_("Passengers"), per_page=400
    )
    gone = masked(row.gone, request.LANGUAGE_CODE)
    return render(request, "border/list.html", {"row": row, "listing": listing, "gone": list(gone.values())})


def _change(line: PassengerLine) -> str:
    return {"new": _("new on the list"), "moved": _("another seat"), "": ""}[line.change]


def _state(line: PassengerLine) -> str:
    said = {
        "declared": _("declared"),
        "differs": _("declared, differs"),
        "likely": _("probably declared"),
        "missing": _("not declared"),
        "fault": _("line cannot be read"),
    }
    if line.declaration_id:
        url = reverse("border:entry", args=[line.declaration_id])
        return format_html('<a href="{}">{}</a>', url, said[line.state])
    return said[line.state]


def _differences(line: PassengerLine) -> str:
    if line.fault:
        return (
            UserError(line.fault).text(get_language() or "vi") if "." in line.fault else _("The name is missing.")
        )
    return words.differences(line.differences)


@officer_required(Permission.BORDER_READ, Permission.RULE_APPROVE)
def rules(request: HttpRequest) -> HttpResponse:
    """Versions that count, and what was recalled."""
    vi = request.LANGUAGE_CODE == "vi"
    found = [{"rule": one, "name": one.name.vi if vi else one.name.en} for one in results.rules().values()]
    context = {
        "rules": found,
        "recalls": Recall.objects.order_by("-at")[:20],
        "may": officer_of(request).may(Permission.RULE_APPROVE),
    }
    return render(request, "border/rules.html", context)


@officer_required(Permission.RULE_APPROVE)
def new_rule(request: HttpRequest) -> HttpResponse:
    """A new version as text: checked, tried on the newest results, then put in force by its typed key."""
    base = results.rules().get(request.GET.get("base", ""))
    form = RuleForm(request.POST or None, initial={"text": written(base) if base else ""})
    context: dict[str, Any] = {"form": form, "base": base}
    if request.method == "POST" and form.is_valid():
        try:
            body = parsed(form.cleaned_data["text"])
            rule = entry_rules.read(body)
            if request.POST.get("act") == "put" and form.cleaned_data["typed"].strip() == rule.key:
                rule_actions.put_in_force(body=body, by=officer_of(request))
                messages.success(request, _("%(key)s is in force.") % {"key": rule.key})
                return redirect("border:rules")
            tried = rule_actions.effect(rule).items()
            context |= {"rule": rule, "tried": [{"before": a, "after": b, "count": n} for (a, b), n in tried]}
            if request.POST.get("act") == "put":
                form.add_error("typed", _("Type %(key)s to put it in force.") % {"key": rule.key})
        except UserError as exc:
            form.add_error("text", exc.text(request.LANGUAGE_CODE))
    return render(request, "border/new_rule.html", context, status=422 if form.errors else 200)


@officer_required(Permission.BORDER_READ, Permission.RULE_APPROVE)
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody whom a withdrawn rule touched: before, now, told."""
    row = get_object_or_404(Recall, pk=pk)
    touched = queries.touched(row, officer_of(request))
    names = masked([one.declaration.person for one in touched], request.LANGUAGE_CODE)
    columns: list[Column[Any]] = [
        Column("who", _("Traveller"), lambda one: _entry_link(one, names), head=True),
        Column("day", _("Date of entry"), lambda one: f"{one.declaration.entry_on:%d/%m/%Y}"),
        Column("gate", _("Gate of entry"), lambda one: one.declaration.gate),
        Column("before", _("Result before"), lambda one: _class(one.rule_before, one.class_before, request)),
        Column("after", _("Result now"), lambda one: _class(one.rule_key, one.class_id, request)),
        Column("told", _("Told"), _told),
    ]
    caption = _("Everybody whom the rule touched")
    listing: Listing[Any] = Listing("border-recall", columns, touched, request.GET, caption=caption, per_page=100)
    return render(request, "border/recall.html", {"row": row, "listing": listing})


def _entry_link(one: Any, names: dict[int, str]) -> str:
    url = reverse("border:entry", args=[one.declaration_id])
    return format_html('<a href="{}">{}</a>', url, names.get(one.declaration.person, "–"))


def _class(rule_key: str, class_id: str, request: HttpRequest) -> str:
    if not rule_key:
        return "–"
    name = results.rule(rule_key).class_of(class_id).name
    return name.vi if request.LANGUAGE_CODE == "vi" else name.en


def _told(one: Any) -> str:
    if one.class_id == one.class_before:
        return _("unchanged")
    return _("has seen it") if one.told_at else _("message and commune")


@officer_required(Permission.RULE_APPROVE)
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """A rule found wrong: everybody whose result it touched is worked out again and told."""
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["typed"].strip() != key:
                raise UserError("border.unknown-rule", field="typed", key=form.cleaned_data["typed"][:80])
            made = rule_actions.withdraw(key=key, reason=form.cleaned_data["reason"], by=officer_of(request))
        except UserError as exc:
            form.add_error(exc.field if exc.field in form.fields else None, exc.text(request.LANGUAGE_CODE))
        else:
            said = _("Withdrawn. %(touched)s results worked out again, %(changed)s changed.")
            messages.success(request, said % {"touched": made.touched, "changed": made.changed})
            return redirect("border:recall", pk=made.pk)
    context = {"form": form, "key": key}
    return render(request, "border/withdraw.html", context, status=422 if form.errors else 200)
