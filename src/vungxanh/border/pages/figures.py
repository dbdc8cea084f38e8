"""Statistics of entries, on the page and as files."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vungxanh.border import asking, queries, statistics
from vungxanh.border.statistics import Line
from vungxanh.codes import countries
from vungxanh.core import audit
from vungxanh.core.listing import Column, Listing
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
USUAL_DAYS = 14


def _asked(request: HttpRequest) -> tuple[date, date, str]:
    """Days and key of the address; what cannot be read is the last fortnight by day."""
    today = timezone.localdate()
    until = _day(request.GET.get("until", ""), today)
    since = _day(request.GET.get("since", ""), until - timedelta(days=USUAL_DAYS - 1))
    by = request.GET.get("by", "")
    return min(since, until), until, by if by in statistics.KEYS else "day"


def _day(text: str, usual: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return usual


@require_GET
@officer_required(Permission.BORDER_READ)
def page(request: HttpRequest) -> HttpResponse:
    """By day, gate, flight or nationality."""
    since, until, by = _asked(request)
    lines = statistics.count(queries.seen(officer_of(request)), since, until, by)
    label = _labels(by, request.LANGUAGE_CODE)
    columns: list[Column[Line]] = [
        Column("key", _names()[by], lambda line: label(line.key), sort=lambda line: line.key, head=True),
        Column("entries", _("Entries"), lambda line: line.entries, sort=lambda line: line.entries, numeric=True),
        Column("before", _("Declared before arrival"), lambda line: line.before, numeric=True),
        Column("corrected", _("Corrected at the desk"), lambda line: line.corrected, numeric=True),
        Column("held", _("Held at the gate"), lambda line: line.held, sort=lambda line: line.held, numeric=True),
        Column("wait", _("Median wait (min)"), lambda line: _number(line.waiting), numeric=True),
        Column("most", _("Nine of ten waited less (min)"), lambda line: _number(line.waiting_most), numeric=True),
    ]
    caption = _("Entries by %(by)s") % {"by": _names()[by].lower()}
    context = {
        "listing": Listing("border-figures", columns, lines, request.GET, caption=caption, per_page=100),
        "whole": statistics.whole(lines),
        "chart": statistics.chart(lines, caption),
        "since": since,
        "until": until,
        "by": by,
        "names": _names().items(),
        "question": request.GET.urlencode(),
    }
    return render(request, "border/figures.html", context)


def _names() -> dict[str, str]:
    return {"day": _("Day"), "gate": _("Gate of entry"), "flight": _("Flight"), "nationality": _("Nationality")}


def _labels(by: str, language: str) -> Any:
    if by == "gate":
        return lambda key: asking.gate_name(key, language)
    if by == "nationality":
        return lambda key: countries.name(key, language) if key != statistics.UNKNOWN else key
    if by == "day":
        return lambda key: date.fromisoformat(key).strftime("%d/%m/%Y")
    return lambda key: key


def _number(value: float | None) -> str:
    return statistics.UNKNOWN if value is None else f"{value:g}"


@require_GET
@officer_required(Permission.BORDER_READ)
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The same figures as CSV or XLSX. Counts only; recorded."""
    since, until, by = _asked(request)
    officer = officer_of(request)
    lines = statistics.count(queries.seen(officer), since, until, by)
    heading = f"{_names()[by]} · {since:%d/%m/%Y} – {until:%d/%m/%Y}"
    details = {"by": by, "since": since.isoformat(), "until": until.isoformat(), "kind": kind}
    audit.record(by=officer, action="border:figures:exported", subject="declaration:many", details=details)
    if kind == "xlsx":
        content, content_type = statistics.as_xlsx(lines, heading, drill=settings.DEMO), XLSX
    else:
        content, content_type = statistics.as_csv(lines), "text/csv; charset=utf-8"
    name = f"attachment; filename=entries-by-{by}.{kind}"
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": name})
