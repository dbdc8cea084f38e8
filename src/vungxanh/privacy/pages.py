"""Pages of the data-protection officer and the auditor, and the public numbers."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from django.contrib import messages as notes
from django.db.models import Max, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from vungxanh.core import audit, retention
from vungxanh.core.errors import UserError
from vungxanh.core.listing import Column, Listing
from vungxanh.core.models import AuditEvent, LegalHold, Removal
from vungxanh.core.scope import ANY_PATH, grants_of, scoped
from vungxanh.exchange import csv, docx
from vungxanh.people.access import OfficerRequest, officer_required
from vungxanh.people.models import Officer
from vungxanh.people.roles import Permission
from vungxanh.privacy import actions, register
from vungxanh.privacy.actions import BreachIn
from vungxanh.privacy.flow import Flow, draw
from vungxanh.privacy.forms import BreachForm, HoldForm, ReviewForm, TellForm, said
from vungxanh.privacy.law import breach_rule, unusual
from vungxanh.privacy.looks import by_purpose, flags, looks
from vungxanh.privacy.models import Breach, LookReview
from vungxanh.privacy.notice import notice

READ, WRITE = Permission.AUDIT_READ, Permission.SUBJECT_REQUEST
DAYS, MOST_DAYS = 30, 400
RULES: Mapping[str, Any] = {
    "many": lambda: _("many people in a day"),
    "same": lambda: _("the same person again and again"),
    "night": lambda: _("many people at night"),
}


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return min(int(asked), MOST_DAYS) if asked.isdecimal() and len(asked) < 5 and int(asked) else DAYS


def _names(numbers: set[int]) -> dict[int, str]:
    return dict(Officer.objects.filter(pk__in=numbers).values_list("pk", "name"))


@require_GET
@officer_required(READ)
def home(request: OfficerRequest) -> HttpResponse:
    """What asks for the data-protection officer today."""
    open_flags = [flag for flag in flags(DAYS) if flag.reviewed is None]
    breaches = scoped(Breach.objects.exclude(state=Breach.State.CLOSED), request.officer, READ).order_by("due")
    context = {
        "flags": len(open_flags),
        "breaches": breaches,
        "now": timezone.now(),
        "holds": LegalHold.objects.filter(lifted_at=None).count(),
        "late": _is_stalled(),
        "looks": looks(DAYS).count(),
        "days": DAYS,
        "may_write": request.officer.may(WRITE),
    }
    return render(request, "privacy/home.html", context)


def _is_stalled() -> bool:
    """The worker has not run the register for an hour."""
    from vungxanh.core.models import JobRun

    last = JobRun.objects.filter(name="retention").values_list("ended_at", flat=True).first()
    return last is None or last < timezone.now() - timedelta(hours=1)


@require_GET
@officer_required(READ)
def look_ups(request: OfficerRequest) -> HttpResponse:
    """Who looked at whom and why; the unusual days in front."""
    days, purpose = _days(request), request.GET.get("purpose", "").strip()[:100]
    officer = request.GET.get("officer", "")
    number = int(officer) if officer.isdecimal() and len(officer) < 12 else None
    rows = looks(days, officer=number, purpose=purpose)
    if "csv" in request.GET:
        return _as_csv(request, rows[:200_000], days)
    found = list(flags(days))
    listing = Listing(
        name="looks",
        columns=_columns(_names({one for one in rows.values_list("by", flat=True).distinct() if one})),
        rows=rows,
        params=request.GET,
        caption=_("Look-ups of people"),
        default_sort="-at",
        exports=[("CSV", f"?{_with(request, csv='1')}")],
    )
    names = _names({flag.officer for flag in found})
    context = {
        "listing": listing,
        "flags": [(flag, names.get(flag.officer, "–"), RULES[flag.rule]()) for flag in found],
        "rule": unusual(),
        "form": ReviewForm(),
        "days": days,
        "purpose": purpose,
        "officer": number or "",
        "may_write": request.officer.may(WRITE),
        "me": request.officer.pk,
    }
    return render(request, "privacy/looks.html", context)


def _with(request: HttpRequest, **changes: str) -> str:
    params = request.GET.copy()
    for key, value in changes.items():
        params[key] = value
    return params.urlencode()


def _columns(names: dict[int, str]) -> list[Column[AuditEvent]]:
    return [
        Column("at", _("When"), lambda row: _when(row.at), "at", head=True),
        Column("by", _("Officer"), lambda row: names.get(row.by or 0, "–"), "by"),
        Column("subject", _("Whom"), lambda row: row.subject, "subject"),
        Column("purpose", pgettext("purpose", "Why"), lambda row: row.purpose, "purpose"),
        Column("action", _("What"), lambda row: row.action, "action"),
    ]


def _as_csv(request: OfficerRequest, rows: Any, days: int) -> HttpResponse:
    audit.record(by=request.officer, action="privacy:looks:exported", subject="audit:many", details={"days": days})
    lines = ([row.at.isoformat(), row.by, row.subject, row.purpose, row.action] for row in rows.iterator(2000))
    body = csv.write(["at", "officer", "subject", "purpose", "action"], lines)
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="look-ups.csv"'
    return response


@require_POST
@officer_required(WRITE)
def review(request: OfficerRequest) -> HttpResponse:
    """What came of an unusual day."""
    given = request.POST
    number = given.get("officer", "")
    try:
        actions.review(
            officer=int(number) if number.isdecimal() else 0,
            day=given.get("day", ""),
            rule=given.get("rule", ""),
            outcome=given.get("outcome", ""),
            note=given.get("note", ""),
            by=request.officer,
        )
        notes.success(request, _("Written down."))
    except UserError as exc:
        notes.error(request, str(exc))
    return redirect("privacy:looks")


@officer_required(READ)
def breaches(request: OfficerRequest) -> HttpResponse:
    """Every breach, and the form for a new one."""
    form = BreachForm(request.POST or None, initial={"found_at": timezone.localtime()})
    if request.method == "POST":
        if not request.officer.may(WRITE):
            return render(request, "web/error.html", {"status": 403}, status=403)
        if form.is_valid() and (made := _written(form, request.officer)):
            return redirect("privacy:breach", made.pk)
    rows = scoped(Breach.objects.all(), request.officer, READ)
    listing = Listing(
        name="breaches",
        columns=_breach_columns(),
        rows=rows,
        params=request.GET,
        caption=_("Breaches"),
        default_sort="-found",
    )
    context = {"form": form, "listing": listing, "rule": breach_rule(), "may_write": request.officer.may(WRITE)}
    return render(request, "privacy/breaches.html", context)


def _breach_columns() -> list[Column[Breach]]:
    return [
        Column("id", _("No."), _link, "pk", head=True),
        Column("found", _("Found at"), lambda row: _when(row.found_at), "found_at"),
        Column("state", _("State"), lambda row: row.get_state_display(), "state"),
        Column("due", _("Tell the authority by"), lambda row: _when(row.due), "due"),
        Column("people", _("People"), lambda row: row.people, "people", numeric=True),
    ]


def _link(row: Breach) -> str:
    return format_html('<a href="{}">{}</a>', reverse("privacy:breach", args=[row.pk]), row.pk)


def _when(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%d/%m/%Y %H:%M") if moment else "–"


def _written(form: BreachForm, officer: Officer) -> Breach | None:
    paths = [grant.path for grant in grants_of(officer, WRITE)]
    path = min(paths, key=len, default=ANY_PATH)
    try:
        return actions.write_breach(given=cast("BreachIn", form.cleaned_data), by=officer, path=path)
    except UserError as exc:
        form.add_error(exc.field if exc.field in form.fields else None, str(exc))
        return None


def _breach(request: OfficerRequest, number: int) -> Breach:
    found = scoped(Breach.objects.filter(pk=number), request.officer, READ).first()
    if found is None:
        raise Http404
    return found


@officer_required(READ)
def breach(request: OfficerRequest, number: int) -> HttpResponse:
    """One breach: correct it, tell the authority, close it."""
    row = _breach(request, number)
    given = request.POST if request.method == "POST" else None
    if given is not None and not request.officer.may(WRITE):
        return render(request, "web/error.html", {"status": 403}, status=403)
    step = given.get("step", "") if given else ""
    form = BreachForm(given if step == "correct" else None, initial=_initial(row))
    tell = TellForm(given if step == "tell" else None)
    if given is not None and _stepped(step, row, form, tell, request):
        return redirect("privacy:breach", row.pk)
    names = {record.key: said(record.name) for record in register.records()}
    context = {
        "row": row,
        "form": form,
        "tell": tell,
        "kinds": [names.get(kind, kind) for kind in row.kinds],
        "is_late": row.told_at is None and timezone.now() > row.due,
        "rule": breach_rule(),
        "may_write": request.officer.may(WRITE),
    }
    return render(request, "privacy/breach.html", context)


def _initial(row: Breach) -> dict[str, Any]:
    local = {name: timezone.localtime(at) for name in ("found_at", "began_at") if (at := getattr(row, name))}
    return {name: getattr(row, name) for name in BreachForm.base_fields} | local


def _stepped(step: str, row: Breach, form: BreachForm, tell: TellForm, request: OfficerRequest) -> bool:
    """True where the step was taken; else the form says what is missing."""
    asked: BreachForm | TellForm | None = form if step == "correct" else tell if step == "tell" else None
    if asked is not None and not asked.is_valid():
        return False
    try:
        if step == "correct":
            corrected = cast("BreachIn", form.cleaned_data)
            actions.correct_breach(breach=row, given=corrected, by=request.officer)
        elif step == "tell":
            actions.tell_breach(breach=row, **tell.cleaned_data, by=request.officer)
        else:
            actions.close_breach(breach=row, by=request.officer)
    except UserError as exc:
        if asked is None or exc.field not in asked.fields:
            notes.error(request, str(exc))
            return asked is None
        asked.add_error(exc.field, str(exc))
        return False
    notes.success(request, _("Written down."))
    return True


@require_GET
@officer_required(READ)
def breach_notice(request: OfficerRequest, number: int) -> HttpResponse:
    """The draft of the notice; a named official signs and sends it."""
    row = _breach(request, number)
    body = docx.write([notice(row)])
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="thong-bao-vi-pham-{row.pk}.docx"'
    return response


@require_GET
@officer_required(READ)
def kept(request: OfficerRequest) -> HttpResponse:
    """What is kept, how long, on what basis; what went; what is held."""
    since = timezone.now() - timedelta(days=DAYS)
    went = Removal.objects.filter(at__gte=since).values("room", "kind")
    gone = {(row["room"], row["kind"]): row for row in went.annotate(n=Sum("count"), last=Max("at"))}
    held = {(one.room, one.kind): one for one in LegalHold.objects.filter(lifted_at=None)}
    rows = [
        {"room": room, "kind": kind, "gone": gone.get((room, kind.name)), "held": held.get((room, kind.name))}
        for room, kind in retention.kinds()
    ]
    context = {
        "rows": rows,
        "stalled": _is_stalled(),
        "form": HoldForm(),
        "days": DAYS,
        "may_write": request.officer.may(WRITE),
        "past": LegalHold.objects.exclude(lifted_at=None).order_by("-lifted_at")[:20],
    }
    return render(request, "privacy/kept.html", context)


@require_POST
@officer_required(WRITE)
def hold(request: OfficerRequest) -> HttpResponse:
    """Hold a kind of data, or lift a hold."""
    given = request.POST
    number = given.get("lift", "")
    try:
        if number.isdecimal():
            actions.lift(number=int(number), by=request.officer)
        else:
            room, _dot, kind = given.get("kind", "").partition(".")
            words = {name: given.get(name, "")[:limit] for name, limit in (("reason", 300), ("basis", 200))}
            actions.hold(room=room, kind=kind, **words, by=request.officer)
        notes.success(request, _("Written down."))
    except UserError as exc:
        notes.error(request, str(exc))
    return redirect("privacy:kept")


@require_GET
@officer_required(READ)
def file(request: OfficerRequest) -> HttpResponse:
    """The skeleton of the impact-assessment file: what is processed and how it flows, from the house itself."""
    rows = [(record, register.term(record)) for record in register.records()]
    flows = [
        Flow(said(record.source), said(record.name), said(record.recipients), record.sensitive)
        for record, _term in rows
    ]
    shown = [
        {
            "name": said(record.name),
            "purpose": said(record.purpose),
            "whose": said(record.whose),
            "basis": record.basis,
            "sensitive": record.sensitive,
            "recipients": said(record.recipients),
            "tables": record.tables,
            "term": term,
            "kept": record.kept,
        }
        for record, term in rows
    ]
    picture = draw(flows, _("Data flow: source, what is kept, who receives it"))
    return render(request, "privacy/file.html", {"rows": shown, "picture": picture})


@require_GET
def numbers(request: HttpRequest) -> HttpResponse:
    """For everybody: how often officers looked at people and why, what was removed, breaches told."""
    since = timezone.now() - timedelta(days=DAYS)
    context = {
        "days": DAYS,
        "purposes": [(said(text), count) for text, count in by_purpose(DAYS)],
        "removed": Removal.objects.filter(at__gte=since).aggregate(n=Sum("count"))["n"] or 0,
        "told": Breach.objects.filter(told_at__isnull=False).count(),  # scope: a count for everybody
        "reviewed": LookReview.objects.filter(at__gte=since).count(),
    }
    return render(request, "privacy/numbers.html", context)
