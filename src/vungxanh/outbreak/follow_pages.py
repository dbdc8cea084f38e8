"""Pages of contacts and follow-up: keep a trace, today's list with entry for many at once."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vungxanh.outbreak import follow_actions, queries, times, view
from vungxanh.outbreak.classes import classes
from vungxanh.outbreak.follow_actions import Entry
from vungxanh.outbreak.forms import Ask
from vungxanh.outbreak.models import Check
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.queries import masked
from vungxanh.people.roles import Permission


@dataclass(frozen=True, slots=True)
class Due:
    """One line of today's list."""

    check: Check
    name: str
    rank: int | None
    last: str
    late: int

    @property
    def number(self) -> int:
        return (self.check.day - self.check.followup.origin).days

    @property
    def of(self) -> int:
        return (self.check.followup.until - self.check.followup.origin).days

    @property
    def order(self) -> tuple[bool, int, bool, str]:
        """Symptoms first, then the longest overdue, then tests."""
        return (
            self.last != Check.Outcome.SYMPTOMS,
            -self.late,
            not self.check.test,
            self.check.followup.scope_path,
        )


@officer_required(Permission.CONTACT_FOLLOW)
def today(request: HttpRequest) -> HttpResponse:
    """Who is to be called or visited today, and what came of it."""
    officer, day = officer_of(request), timezone.localdate()
    due = queries.due_checks(officer, day)
    if request.method == "POST":
        counted = follow_actions.record_checks(
            by=officer, entries=entries(request), allowed=list(due.values_list("pk", flat=True))
        )
        messages.success(request, _("%(count)s entered.") % {"count": counted.total()})
        return redirect("outbreak:today")
    lines = due_lines(list(due[: queries.MOST_DUE]), day)
    context = {
        "lines": lines,
        "total": due.count(),
        "late": sum(line.late > 0 for line in lines),
        "symptoms": sum(line.last == Check.Outcome.SYMPTOMS for line in lines),
        "outcomes": Check.Outcome.choices,
        "results": Check.Result.choices,
        "day": times.day_with_year(day),
    }
    return render(request, "outbreak/today.html", context)


def entries(request: HttpRequest) -> list[Entry]:
    """`outcome-<check>` and `result-<check>` of a posted list; other words count as nothing."""
    found = []
    for name, value in request.POST.items():
        kind, _dash, number = name.partition("-")
        if kind == "outcome" and number.isdigit() and value in Check.Outcome.values:
            result = request.POST.get(f"result-{number}", "")
            found.append(Entry(int(number), str(value), result if result in Check.Result.values else ""))
    return found


def due_lines(checks: list[Check], day: date) -> list[Due]:
    names = masked(check.followup.person for check in checks)
    last = queries.last_outcomes(check.followup_id for check in checks)
    ranks: dict[int, int] = {}
    for disease in {check.followup.disease for check in checks}:
        ranks.update(classes([c.followup.person for c in checks if c.followup.disease == disease], disease))
    lines = [
        Due(
            check,
            names.get(check.followup.person) or _("Person %(number)s") % {"number": check.followup.person},
            ranks.get(check.followup.person),
            last.get(check.followup_id, ""),
            (day - check.day).days,
        )
        for check in checks
    ]
    return sorted(lines, key=lambda line: line.order)


@require_POST
@officer_required(Permission.CASE_WRITE)
def keep(request: HttpRequest, number: int) -> HttpResponse:
    """Write down the exposed under the rule in force and begin their follow-up."""
    officer = officer_of(request)
    case = queries.case(officer, number, Permission.CASE_WRITE)
    seen = view.answer(case, Ask({}))
    kept = follow_actions.keep_contacts(by=officer, case=case, rows=list(seen.result.rows))
    said = _("%(new)s new contacts, %(known)s known, %(dropped)s no longer exposed; %(followed)s under follow-up.")
    messages.success(
        request,
        said % {"new": kept.new, "known": kept.known, "dropped": kept.dropped, "followed": kept.followed},
    )
    return redirect("outbreak:case", number=number)
