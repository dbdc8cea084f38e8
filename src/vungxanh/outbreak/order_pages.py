"""Pages of orders: drafted for a case, listed by the clock that runs out first, signed, told, ended, printed."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_POST

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.scope import scoped
from vungxanh.exchange import docx, letter
from vungxanh.outbreak import behind, clocks, letters, order_actions, queries, times
from vungxanh.outbreak.models import Order
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer
from vungxanh.people.queries import masked, reveal
from vungxanh.people.roles import Permission

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: most orders on one page and in one file of letters
MOST = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One order with the clock that runs."""

    order: Order
    name: str
    clock: clocks.Clock | None
    now: datetime

    @property
    def who(self) -> str:
        if self.clock is None:
            return ""
        return self.clock.who_en if times.is_english() else self.clock.who_vi

    @property
    def step(self) -> str:
        steps = {
            "list": pgettext("clock", "list"),
            "decide": pgettext("clock", "decide"),
            "hold": pgettext("clock", "longest hold"),
            "notify": pgettext("clock", "tell"),
        }
        return steps[self.clock.step] if self.clock else ""

    @property
    def left(self) -> str:
        """`còn 1 giờ 20 phút` or `trễ 3 giờ 5 phút`."""
        if self.clock is None:
            return ""
        minutes = int(self.clock.left(self.now).total_seconds() // 60)
        facts = {"hours": abs(minutes) // 60, "minutes": abs(minutes) % 60}
        return (
            _("%(hours)s h %(minutes)s min late") if minutes < 0 else _("%(hours)s h %(minutes)s min left")
        ) % facts

    @property
    def is_late(self) -> bool:
        return self.clock is not None and self.clock.is_late(self.now)


def visible(officer: Officer, params: Mapping[str, str]) -> list[Order]:
    """Orders within the officer's scope: the open ones, those of a `status`, or `all`; narrowed by a figure."""
    found = behind.orders(scoped(Order.objects.all(), officer, Permission.CASE_READ), params)
    status = params.get("status", "")
    if status != "all":
        found = found.filter(status__in=[status] if status in Order.Status.values else list(order_actions.OPEN))
    return list(found.order_by("until", "pk")[:MOST])


def counts(officer: Officer) -> tuple[int, int]:
    """(open orders, those with a clock that has run out). An order that was told has no clock left."""
    found = scoped(Order.objects.filter(status__in=order_actions.OPEN), officer, Permission.CASE_READ)
    now = timezone.now()
    waiting = found.exclude(status=Order.Status.NOTIFIED)
    return found.count(), sum(line(order, {}, now).is_late for order in waiting[:MOST])


def line(order: Order, names: dict[int, str], now: datetime) -> Line:
    found = clocks.clocks(
        clocks.kind_of(order.act, order.form),
        detected=order.detected_at,
        listed=order.listed_at,
        signed=order.signed_at,
        notified=order.notified_at,
    )
    is_open = order.status in order_actions.OPEN
    name = names.get(order.person) or _("Person %(number)s") % {"number": order.person}
    return Line(order, name, clocks.running(found) if is_open else None, now)


@require_GET
@officer_required(Permission.CASE_READ)
def orders(request: HttpRequest) -> HttpResponse:
    """Orders, the clock that runs out first on top."""
    status = request.GET.get("status", "")
    found = visible(officer_of(request), request.GET.dict())
    names, now = masked(order.person for order in found), timezone.now()
    lines = [line(order, names, now) for order in found]
    if request.GET.get("late"):
        lines = [one for one in lines if one.is_late]
    lines.sort(key=lambda one: (one.clock is None, one.clock.due if one.clock else now, one.order.pk))
    context = {
        "lines": lines,
        "status": status,
        "statuses": Order.Status.choices,
        "late": sum(one.is_late for one in lines),
        "basis": clocks.basis(),
        "may_prepare": officer_of(request).may(Permission.ORDER_PREPARE),
        "may_sign": officer_of(request).may(Permission.ORDER_SIGN),
    }
    return render(request, "outbreak/orders.html", context)


class Draft(forms.Form):
    """In which form the contacts of a case are to be isolated."""

    form = forms.ChoiceField(choices=Order.Form.choices)
    where = forms.CharField(required=False, max_length=200)


@require_POST
@officer_required(Permission.ORDER_PREPARE)
def draft(request: HttpRequest, number: int) -> HttpResponse:
    """Draft orders for the contacts of a case."""
    case = queries.case(officer_of(request), number, Permission.ORDER_PREPARE)
    data = Draft(request.POST)
    form = data.cleaned_data["form"] if data.is_valid() else str(request.POST.get("form", ""))
    made = order_actions.prepare_for_contacts(
        by=officer_of(request), case=case, form=form, where=data.cleaned_data.get("where", "")
    )
    messages.success(request, _("%(count)s drafts. An official decides and signs.") % {"count": len(made)})
    return redirect("outbreak:orders")


def chosen(request: HttpRequest, permission: Permission) -> list[Order]:
    """The ticked orders that the officer may act on."""
    ticked = [int(value) for value in request.POST.getlist("order") if value.isdigit()]
    return list(scoped(Order.objects.filter(pk__in=ticked), officer_of(request), permission).order_by("pk")[:MOST])


@require_POST
@officer_required(Permission.ORDER_PREPARE, Permission.ORDER_SIGN)
def act(request: HttpRequest) -> HttpResponse:
    """One step for all that were ticked: sign, notify, end, cancel, or print them."""
    step = request.POST.get("step", "")
    if step in {"docx", "pdf"}:
        return papers(request, step)
    officer = officer_of(request)
    permission = Permission.ORDER_SIGN if step == "sign" else Permission.ORDER_PREPARE
    found = chosen(request, permission)
    done = _steps(officer, step, found, request)
    messages.success(request, _("%(count)s orders: done.") % {"count": done})
    return redirect("outbreak:orders")


def _steps(officer: Officer, step: str, found: list[Order], request: HttpRequest) -> int:
    if step == "sign":
        signer, title = request.POST.get("signer", ""), request.POST.get("title", "")
        return order_actions.sign(by=officer, orders=found, signer=signer, title=title)
    simple = {"notify": order_actions.notify, "end": order_actions.end, "cancel": order_actions.cancel}
    if step not in simple:
        raise UserError("outbreak.wrong-step", orders="–")
    return simple[step](by=officer, orders=found)


def papers(request: HttpRequest, form: str) -> HttpResponse:
    """Letters of the ticked orders in one file; names are revealed for it, person by person, on the record."""
    officer = officer_of(request)
    found = chosen(request, Permission.ORDER_PREPARE)
    people = reveal([order.person for order in found], by=officer, purpose="isolation letter")
    made = letters.letters(found, people)
    if not made:
        raise UserError("outbreak.wrong-step", orders="–")
    if form == "pdf":
        content, kind = letter.as_pdf(made, drill=settings.DEMO), "application/pdf"
    else:
        content, kind = docx.write(made, drill=settings.DEMO), DOCX
    name = f"attachment; filename=letters-{timezone.localdate():%Y-%m-%d}.{form}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": name})


class Extend(forms.Form):
    """A later last day."""

    until = forms.DateField(
        label=gettext_lazy("New last day"),
        widget=forms.DateInput(attrs={"type": "date", "class": "nhsuk-input nhsuk-input--width-10"}),
    )


class Refusal(forms.Form):
    """Somebody does not keep to the order."""

    why = forms.CharField(
        label=gettext_lazy("What was refused, and when"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "nhsuk-input"}),
    )


class Change(forms.Form):
    """Another form or place, and why."""

    form = forms.ChoiceField(
        label=gettext_lazy("Form"),
        choices=Order.Form.choices,
        widget=forms.Select(attrs={"class": "nhsuk-select"}),
    )
    where = forms.CharField(
        label=gettext_lazy("Where exactly"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "nhsuk-input"}),
    )
    why = forms.CharField(
        label=gettext_lazy("Reason for the change"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "nhsuk-input"}),
    )


def one(officer: Officer, number: int, permission: Permission) -> Order:
    """An order within the officer's scope. Raises Http404."""
    found = scoped(Order.objects.select_related("case"), officer, permission).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


@officer_required(Permission.CASE_READ)
def order(request: HttpRequest, number: int) -> HttpResponse:
    """One order: its clocks, what came before and after it, its papers; extended, changed, ended here."""
    officer = officer_of(request)
    found = one(officer, number, Permission.CASE_READ)
    shown: dict[str, forms.Form] = {
        "extend": Extend(),
        "change": Change(initial={"form": found.form, "where": found.where}),
        "coerce": Refusal(prefix="coerce"),
    }
    if request.method == "POST":
        found = one(officer, number, Permission.ORDER_PREPARE)
        step = request.POST.get("step", "")
        if step in shown:
            shown[step] = type(shown[step])(request.POST, prefix=shown[step].prefix)
        try:
            done = _one_step(request, officer, found, shown.get(step), step)
        except UserError as error:
            messages.error(request, error.text("en" if times.is_english() else "vi"))
        else:
            if done is not None:
                messages.success(request, _("Done."))
                return redirect("outbreak:order", number=done.pk)
    names, now = masked([found.person]), timezone.now()
    every = clocks.clocks(
        clocks.kind_of(found.act, found.form),
        detected=found.detected_at,
        listed=found.listed_at,
        signed=found.signed_at,
        notified=found.notified_at,
    )
    context = {
        "order": found,
        "line": line(found, names, now),
        "clocks": [Line(found, "", clock, now) for clock in every],
        "before": found.previous,
        "after": found.next.first(),
        "papers": found.papers.order_by("-pk").defer("content"),
        **shown,
        "forms": clocks.forms_of(found.act)[0],
        "may_prepare": officer.may(Permission.ORDER_PREPARE),
        "basis": clocks.basis(),
    }
    return render(request, "outbreak/order.html", context)


def _one_step(
    request: HttpRequest, officer: Officer, found: Order, form: forms.Form | None, step: str
) -> Order | None:
    """What was asked for; None where the form has to be filled in again."""
    upload = request.FILES.get("file")
    if step == "paper" and upload is not None:
        order_actions.keep_paper(by=officer, order=found, name=upload.name or "", content=upload.read())
        return found
    if step == "end":
        order_actions.end(by=officer, orders=[found])
        return found
    if form is None or not form.is_valid():
        return None
    data = form.cleaned_data
    if step == "extend":
        return order_actions.extend(by=officer, order=found, until=data["until"])
    if step == "coerce":
        return order_actions.coerce(by=officer, order=found, why=data["why"])
    return order_actions.change(by=officer, order=found, form=data["form"], where=data["where"], why=data["why"])


@require_GET
@officer_required(Permission.ORDER_PREPARE)
def for_signature(request: HttpRequest, number: int) -> HttpResponse:
    """The decision as a PDF with an empty field for the official's digital signature."""
    officer = officer_of(request)
    found = one(officer, number, Permission.ORDER_PREPARE)
    people = reveal([found.person], by=officer, purpose="isolation letter")
    made = letters.letters([found], people)
    if not made:
        raise Http404
    content = order_actions.hand_out(by=officer, order=found, pdf=letter.as_pdf(made, drill=settings.DEMO))
    name = f"attachment; filename=order-{number}.pdf"
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})


@require_GET
@officer_required(Permission.CASE_READ)
def paper(request: HttpRequest, number: int, paper: int) -> HttpResponse:
    """A signed paper as it came back; recorded."""
    officer = officer_of(request)
    found = one(officer, number, Permission.CASE_READ)
    row = found.papers.filter(pk=paper).first()
    if row is None:
        raise Http404
    audit.read(
        by=officer,
        action="outbreak:orders:paper-read",
        subjects=[f"order:{number}"],
        purpose="read a signed paper",
    )
    content = base64.b64decode(row.content.open())
    kind = "application/pdf" if content.startswith(b"%PDF-") else "application/octet-stream"
    name = f"attachment; filename=paper-{paper}{Path(row.name).suffix[:5]}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": name})
