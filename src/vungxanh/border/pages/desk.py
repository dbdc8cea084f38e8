"""The desk: scan, one screen, three outcomes, running clocks."""

from typing import Any
from urllib.parse import urlencode

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vungxanh.border import asking, entry_forms, queries, results, words, zone
from vungxanh.border.actions import desk as actions
from vungxanh.border.actions import entries
from vungxanh.border.forms import ReviewForm
from vungxanh.border.models import Declaration, DeskRecord, Review
from vungxanh.codes import countries
from vungxanh.core import errors
from vungxanh.core.errors import UserError
from vungxanh.core.listing import Column, Listing
from vungxanh.forms.communes import named
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer
from vungxanh.people.queries import masked, reveal
from vungxanh.people.roles import Permission

PURPOSE = "entry review"
PURPOSE_PART = "entry: document and journey"


@never_cache
@csp_update({"script-src": ["'wasm-unsafe-eval'"]})
@officer_required(Permission.BORDER_LOOK)
def home(request: HttpRequest) -> HttpResponse:
    """Scan box first, then who is held, then who is expected today."""
    officer, now = officer_of(request), timezone.now()
    rows = queries.expected(officer, timezone.localdate(now))
    context = {
        "holds": [_hold_row(hold, now, request.LANGUAGE_CODE) for hold in queries.held(officer)[:50]],
        "listing": _expected(list(rows[:500]), request),
        "missing": request.GET.get("missing") == "1",
        "may_review": officer.may(Permission.BORDER_REVIEW),
        "may_read": officer.may(Permission.BORDER_READ),
        "kept": _kept_records(officer, request.LANGUAGE_CODE) if officer.may(Permission.BORDER_REVIEW) else [],
        "may_cross": officer.may(Permission.BORDER_CROSS),
    }
    return render(request, "border/desk.html", context)


def _kept_records(officer: Officer, language: str) -> list[dict[str, Any]]:
    return [
        {"row": one, "why": UserError(one.reason).text(language)} for one in queries.kept_records(officer)[:50]
    ]


def _hold_row(hold: Any, now: Any, language: str) -> dict[str, Any]:
    return {
        "declaration": hold.declaration,
        "who": masked([hold.declaration.person], language).get(hold.declaration.person, ""),
        "clocks": [_clock(one, now, language) for one in queries.readings(hold, now)],
    }


def _clock(reading: Any, now: Any, language: str) -> dict[str, Any]:
    left = reading.minutes_left(now)
    return {
        "name": reading.clock.name.vi if language == "vi" else reading.clock.name.en,
        "who": reading.clock.who.vi if language == "vi" else reading.clock.who.en,
        "state": reading.state,
        "due": reading.due,
        "left": left,
        "late": -left if left is not None and left < 0 else None,
    }


def _expected(rows: list[Declaration], request: HttpRequest) -> Listing[Any]:
    names = masked([row.person for row in rows], request.LANGUAGE_CODE)
    columns: list[Column[Any]] = [
        Column("who", _("Traveller"), lambda row: _link(row, names.get(row.person, "–")), head=True),
        Column("flight", _("Flight or vehicle"), lambda row: row.flight or row.mode, sort=lambda row: row.flight),
        Column("seat", _("Seat"), lambda row: row.seat, sort=lambda row: row.seat),
        Column("gate", _("Gate of entry"), lambda row: asking.gate_name(row.gate, request.LANGUAGE_CODE)),
        Column("state", _("At the desk"), _state),
    ]
    caption = _("Expected today")
    return Listing("border-expected", columns, rows, request.GET, caption=caption, per_page=25)


def _state(row: Declaration) -> str:
    review = getattr(row, "review", None)
    return review.get_outcome_display() if review else _("not yet seen")


def _link(row: Declaration, text: str) -> str:
    return format_html('<a href="{}">{}</a>', reverse("border:entry", args=[row.pk]), text)


@require_POST
@officer_required(Permission.BORDER_LOOK)
def scan(request: HttpRequest) -> HttpResponse:
    """What the scanner typed -> the entry, or the desk again saying that nothing was found."""
    text, now = request.POST.get("code", "")[:20_000], timezone.now()
    found = queries.scanned(text, officer_of(request), now)
    if found is None:
        return redirect(reverse("border:desk") + "?missing=1")
    if officer_of(request).may(Permission.BORDER_REVIEW):
        actions.seen(declaration=found)
    told = {"code": results.code_note(text, found, now), "zone": ",".join(_zone(text, found, officer_of(request)))}
    query = urlencode({name: value for name, value in told.items() if value})
    return redirect(reverse("border:entry", args=[found.pk]) + (f"?{query}" if query else ""))


def _zone(text: str, row: Declaration, officer: Officer) -> list[str]:
    """Fields in which the scanned document and the declaration differ; their names alone go into the address."""
    scanned = zone.of(text)
    person = scanned and reveal([row.person], by=officer, purpose=PURPOSE_PART).get(row.person)
    return zone.differences(scanned, person, timezone.localdate()) if scanned and person else []


@never_cache
@officer_required(Permission.BORDER_LOOK)
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One screen: who, what they declared, what differs, certificates, result and reasons, three outcomes."""
    officer = officer_of(request)
    row = get_object_or_404(queries.looked(officer), pk=pk)
    if not queries.seen(officer).filter(pk=pk).exists():
        return render(request, "border/part.html", _part(row, officer, request.LANGUAGE_CODE))
    form = ReviewForm(request.POST or None, officer=officer)
    if request.method == "POST" and form.is_valid():
        try:
            actions.review(declaration=row, given=form.given(), by=officer)
        except UserError as exc:
            form.add_error(exc.field if exc.field in form.fields else None, exc.text(request.LANGUAGE_CODE))
        else:
            messages.success(request, _("Written down."))
            return redirect("border:entry", pk=row.pk)
    context = _screen(row, officer, request.LANGUAGE_CODE) | {
        "form": form,
        "shown": request.GET.get("code", ""),
        "zone": words.differences(name for name in request.GET.get("zone", "").split(",") if name in zone.FIELDS),
    }
    return render(request, "border/entry.html", context, status=422 if form.errors else 200)


def _part(row: Declaration, officer: Officer, language: str) -> dict[str, Any]:
    """What immigration and border guard see: who, with what, whether they may go on. No answer about health."""
    person = reveal([row.person], by=officer, purpose=PURPOSE_PART).get(row.person)
    review = Review.objects.filter(declaration=row).first()  # scope: of a row the officer sees
    hold = getattr(row, "hold", None)
    return {
        "row": row,
        "person": person,
        "country": countries.name(person.nationality, language) if person else "",
        "gate": asking.gate_name(row.gate, language),
        "from": countries.name(str(row.answers.get("from_country", "")), language),
        "goes_on": bool(review and (review.outcome == Review.Outcome.RELEASE or (hold and hold.release_at))),
        "waits": review is None,
        "earlier": queries.earlier(row, officer),
        "party": _party(row, officer, language),
        "period": getattr(row, "period", None),
    }


def _party(row: Declaration, officer: Officer, language: str) -> list[dict[str, Any]]:
    found = list(queries.party(row, officer)[:50])
    names = masked([one.person for one in found], language)
    return [{"row": one, "who": names.get(one.person, "–")} for one in found]


def _screen(row: Declaration, officer: Officer, language: str) -> dict[str, Any]:
    now = timezone.now()
    result = entries.current(row)
    hold = getattr(row, "hold", None)
    form = results.form_of(row)
    person = reveal([row.person], by=officer, purpose=PURPOSE).get(row.person)
    return {
        "row": row,
        "person": person,
        "country": countries.name(person.nationality, language) if person else "",
        "gate": asking.gate_name(row.gate, language),
        "result": result,
        "said": results.explained(result, language) if result else None,
        "expired": bool(result and result.expires_at < now),
        "areas": [(countries.name(area["country"], language), area) for area in queries.risk_areas(row, result)]
        if result
        else [],
        "told": [one for one in asking.review_rows(form, row.answers, language, "") if one["value"]],
        "notes": [_note(code, language) for code in row.notes],
        "certificates": [{"row": one, "said": words.certificate(one)} for one in row.certificates.all()],
        "pictures": row.pictures.defer("content").order_by("pk"),
        "earlier": queries.earlier(row, officer),
        "lines": [
            {"line": one.line, "said": words.differences(one.differences)}
            for one in row.lines.exclude(differences=[])
        ],
        "review": Review.objects.filter(declaration=row).first(),  # scope: of a row the officer sees
        "hold": hold,
        "clocks": [_clock(one, now, language) for one in queries.readings(hold, now)] if hold else [],
        "steps": [name for name in actions.STEPS if hold and not getattr(hold, f"{name}_at")],
        "corrected": row.withdrawn_at is not None,
        "party": _party(row, officer, language),
        "period": getattr(row, "period", None),
        "commune": queries.commune_state(row),
        "met_at": named(row.met_at, "", timezone.localdate()) if row.met_at else "",
        "records": row.desk_records.filter(state=DeskRecord.State.KEPT, settled_at=None),
    }


def _note(code: str, language: str) -> str:
    for package in ("border", "forms"):
        if code in errors.catalogue(package):
            return errors.message(f"{package}.{code}", language).format(days=entry_forms.days_ahead())
    return code


@require_POST
@officer_required(Permission.BORDER_REVIEW)
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """A certificate scanned at the desk."""
    officer = officer_of(request)
    row = get_object_or_404(queries.seen(officer), pk=pk)
    try:
        entries.add_certificate(declaration=row, text=request.POST.get("code", "")[:20_000], by=officer)
    except UserError as exc:
        messages.error(request, exc.text(request.LANGUAGE_CODE))
    return redirect("border:entry", pk=pk)


@require_POST
@officer_required(Permission.BORDER_REVIEW)
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of a hold, done now."""
    officer = officer_of(request)
    row = get_object_or_404(queries.seen(officer), pk=pk)
    try:
        name = request.POST.get("decided_by_name", "")
        actions.step(hold=row.hold, name=request.POST.get("step", ""), decided_by_name=name, by=officer)
    except UserError as exc:
        messages.error(request, exc.text(request.LANGUAGE_CODE))
    return redirect("border:entry", pk=pk)
