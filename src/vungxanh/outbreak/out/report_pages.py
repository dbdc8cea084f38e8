"""The page of reports: what is due first, in its own layout, sent, accepted, returned."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.scope import scoped
from vungxanh.exchange import bounds
from vungxanh.outbreak import times
from vungxanh.outbreak.models import Submission
from vungxanh.outbreak.out import report_actions, reports
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer
from vungxanh.people.queries import masked
from vungxanh.people.roles import Permission

MOST = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@officer_required(Permission.CASE_READ)
def report_list(request: HttpRequest) -> HttpResponse:
    """Reports by what is due first."""
    officer = officer_of(request)
    state = request.GET.get("state", "")
    found = scoped(Submission.objects.select_related("case", "spot"), officer, Permission.CASE_READ)
    wanted = [state] if state in Submission.State.values else ["prepared", "returned", "sent"]
    rows = list(found.filter(state__in=wanted).order_by("due", "pk")[:MOST])
    names, now = masked(row.case.person for row in rows if row.case), timezone.now()
    english = times.is_english()
    context = {
        "rows": [(row, _title(row, english=english), _subject(row, names), row.due < now) for row in rows],
        "state": state,
        "states": Submission.State.choices,
        "late": sum(row.state == "prepared" and row.due < now for row in rows),
        "may_send": officer.may(Permission.EXPORT_LIST),
    }
    return render(request, "outbreak/reports.html", context)


def _title(row: Submission, *, english: bool) -> str:
    form = reports.forms()[row.form]
    return form.en if english else form.vi


def _subject(row: Submission, names: dict[int, str]) -> str:
    if row.case is not None:
        return names.get(row.case.person) or f"VX-{row.case_id}"
    if row.spot is not None and row.day:
        return f"{row.spot.name}, {row.day:%d/%m/%Y}"
    return _("week from %(day)s") % {"day": f"{row.day:%d/%m/%Y}" if row.day else "?"}


def _chosen(request: HttpRequest, officer: Officer) -> list[Submission]:
    ticked = [int(value) for value in request.POST.getlist("report") if value.isdigit()]
    mine = scoped(Submission.objects.filter(pk__in=ticked), officer, Permission.EXPORT_LIST)
    return list(mine.select_related("case", "spot").order_by("pk")[:MOST])


@require_POST
@officer_required(Permission.EXPORT_LIST)
def act(request: HttpRequest) -> HttpResponse:
    """One step for all that were ticked."""
    officer = officer_of(request)
    step = request.POST.get("step", "")
    if step == "match":
        return _match(request, officer)
    found = _chosen(request, officer)
    if step == "file":
        return _file(officer, found)
    if step == "sent":
        done = report_actions.send(by=officer, found=found)
    else:
        why = request.POST.get("why", "")
        done = report_actions.answer(by=officer, found=found, accepted=step == "accepted", why=why)
    messages.success(
        request, ngettext("%(count)s report: done.", "%(count)s reports: done.", done) % {"count": done}
    )
    return redirect("outbreak:reports")


def _file(officer: Officer, found: list[Submission]) -> HttpResponse:
    """All ticked records of the first one's form."""
    if not found:
        raise UserError("outbreak.report-step")
    form = reports.forms()[found[0].form]
    mine = [row for row in found if row.form == form.id]
    content = reports.workbook(officer, form, mine)
    details = {"form": form.id, "rows": len(mine)}
    audit.record(
        by=officer,
        action="outbreak:reports:written",
        subject="report:many",
        purpose=reports.PURPOSE,
        details=details,
    )
    name = f"attachment; filename={form.id}-{timezone.localdate():%Y-%m-%d}.xlsx"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": name})


def _match(request: HttpRequest, officer: Officer) -> HttpResponse:
    upload = request.FILES.get("file")
    if upload is None or (upload.size or 0) > bounds.LARGEST_FILE:
        raise UserError("exchange.file-empty")
    waiting = scoped(Submission.objects.exclude(case=None), officer, Permission.EXPORT_LIST)
    found = list(waiting.select_related("case"))
    counted = report_actions.match(by=officer, content=upload.read(), found=found)
    said = _("%(matched)s accepted by the national list; %(unknown)s of its lines are not ours.")
    messages.success(request, said % {"matched": counted["matched"], "unknown": counted["unknown"]})
    return redirect("outbreak:reports")
