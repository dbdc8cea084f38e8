"""Frequent crossers' scans, people met away from a gate, and declarations that officers write."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vungxanh.border import entry_forms, queries
from vungxanh.border.actions import crossings as actions
from vungxanh.border.actions import entries
from vungxanh.border.forms import CrossingForm, MetForm
from vungxanh.border.models import Declaration, Draft
from vungxanh.border.periods import periods
from vungxanh.core.errors import UserError
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer
from vungxanh.people.queries import masked, reveal
from vungxanh.people.roles import Permission


@never_cache
@officer_required(Permission.BORDER_CROSS)
def crossings(request: HttpRequest) -> HttpResponse:
    """Scan one frequent crosser after the other; today's scans below."""
    officer = officer_of(request)
    gates = queries.gates_of(officer, Permission.BORDER_CROSS)
    form = CrossingForm(request.POST or None, gates=gates, language=request.LANGUAGE_CODE)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.record(given=form.given(), by=officer)
        except UserError as exc:
            form.add_error(exc.field if exc.field in form.fields else None, exc.text(request.LANGUAGE_CODE))
        else:
            unwell = _("Written down. Unwell: quarantine staff are told, and the person declares anew.")
            messages.success(request, unwell if row.unwell else _("Written down."))
            return redirect("border:crossings")
    rows = list(queries.crossings(officer, timezone.localdate())[:200])
    names = masked({one.person for one in rows} | {one.mate for one in rows if one.mate}, request.LANGUAGE_CODE)
    shown = [{"row": one, "who": names.get(one.person, "–"), "mate": names.get(one.mate or 0, "")} for one in rows]
    yards = sorted({yard for gate in gates for yard in periods().yards.get(gate.code, ())})
    context = {"form": form, "rows": shown, "sender": uuid4(), "yards": yards}
    return render(request, "border/crossings.html", context, status=422 if form.errors else 200)


@officer_required(Permission.BORDER_CROSS)
def met(request: HttpRequest) -> HttpResponse:
    """Somebody met away from a gate declares like everybody else; nothing is asked about how they came."""
    officer = officer_of(request)
    gates = queries.gates_of(officer, Permission.BORDER_CROSS)
    form = MetForm(request.POST or None, gates=gates, language=request.LANGUAGE_CODE)
    if request.method == "POST" and form.is_valid():
        today = timezone.localdate()
        told = {"gate": form.cleaned_data["gate"], "entry_on": today.isoformat()}
        draft = _begin(officer, told, met_at=form.cleaned_data["where"])
        if draft is not None:
            return _first_page(draft)
        form.add_error(None, _("No entry form is in force today."))
    return render(request, "border/met.html", {"form": form}, status=422 if form.errors else 200)


def _begin(officer: Officer, answers: dict[str, object], met_at: str = "") -> Draft | None:
    form = entry_forms.on(timezone.localdate())
    return entries.start(form=form.key, answers=answers, met_at=met_at, by=officer) if form else None


def _first_page(draft: Draft) -> HttpResponse:
    return redirect("border:ask", token=draft.token, page=entry_forms.form(draft.form).pages[0].id)


@require_POST
@officer_required(Permission.DECLARATION_KEY)
def declare(request: HttpRequest) -> HttpResponse:
    """Somebody at the desk without a declaration: the officer writes it with them."""
    draft = _begin(officer_of(request), {"entry_on": timezone.localdate().isoformat()})
    return _first_page(draft) if draft else redirect("border:desk")


@require_POST
@officer_required(Permission.BORDER_REVIEW)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A mistake found at the desk: everything is there, the officer changes what is wrong; counted as such."""
    officer = officer_of(request)
    row: Declaration = get_object_or_404(queries.seen(officer), pk=pk, withdrawn_at=None)
    if hasattr(row, "review"):
        raise UserError("border.already-reviewed")
    person = reveal([row.person], by=officer, purpose="correct at the desk").get(row.person)
    answers = entries.whole_answers(row, person) if person else row.answers
    draft = entries.start(form=row.form, answers=answers, corrects=row, by=officer)
    return redirect("border:check", token=draft.token)
