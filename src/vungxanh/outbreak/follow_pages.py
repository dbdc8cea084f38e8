"""Pages of contacts and follow-up: keep a trace, today's list with entry for many at once."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vungxanh.core.scope import scoped
from vungxanh.exchange import letter
from vungxanh.outbreak import aggregates, answers_actions, follow_actions, letters, queries, times, view
from vungxanh.outbreak.classes import classes
from vungxanh.outbreak.follow_actions import Entry
from vungxanh.outbreak.forms import Ask
from vungxanh.outbreak.models import Check, FollowUp
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer, Organisation
from vungxanh.people.queries import masked, reveal
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
    """Who is to be called or visited today, by commune and team, and what came of it."""
    officer, day = officer_of(request), timezone.localdate()
    due = queries.due_checks(officer, day)
    if request.method == "POST":
        return _entered(request, officer, due)
    areas = aggregates.area_names(set(due.order_by().values_list("followup__scope_path", flat=True).distinct()))
    teams = dict(Organisation.objects.filter(kind__in=TEAMS).values_list("pk", "name"))
    area, team = request.GET.get("area", ""), request.GET.get("team", "")
    if area in areas:
        due = due.filter(followup__scope_path=area)
    if team.isdigit():
        due = due.filter(followup__team=int(team))
    lines = due_lines(list(due[: queries.MOST_DUE]), day)
    context = {
        "lines": lines,
        "total": due.count(),
        "late": sum(line.late > 0 for line in lines),
        "symptoms": sum(line.last == Check.Outcome.SYMPTOMS for line in lines),
        "outcomes": Check.Outcome.choices,
        "results": Check.Result.choices,
        "day": times.day_with_year(day),
        "areas": sorted(areas.items(), key=lambda pair: pair[1]),
        "area": area,
        "teams": sorted(teams.items(), key=lambda pair: pair[1]),
        "team": team,
        "completed": completed(officer).count(),
        "may_ask": officer.may(Permission.CASE_WRITE),
    }
    return render(request, "outbreak/today.html", context)


#: organisations that follow people up
TEAMS = ("community-team", "team", "health-station")
#: certificates are offered so long after the end
CERTIFIED_FOR = timedelta(days=7)


def completed(officer: Officer) -> "QuerySet[FollowUp]":
    """Follow-ups that ended well in the last days: their certificates are to be handed out."""
    ended = scoped(FollowUp.objects.filter(status="completed"), officer, Permission.CONTACT_FOLLOW)
    return ended.filter(ended_at__gte=timezone.now() - CERTIFIED_FOR).order_by("-ended_at", "pk")


def _entered(request: HttpRequest, officer: Officer, due: "QuerySet[Check]") -> HttpResponse:
    """Outcomes, a team for a commune, or one question to all by SMS."""
    step = request.POST.get("step", "")
    back = redirect(request.get_full_path())
    people = due.order_by().values_list("followup__person", flat=True).distinct()
    area = request.POST.get("area", "")
    if step == "sms" and officer.may(Permission.CASE_WRITE):
        path = next((grant.path for grant in officer.grants()), "/")
        asked = list(people.filter(day=timezone.localdate()))
        if asked:
            answers_actions.ask_by_sms(by=officer, persons=asked, scope_path=path)
        messages.success(request, _("%(count)s people are asked by SMS.") % {"count": len(asked)})
        return back
    if step == "team" and area and officer.may(Permission.WORK_ASSIGN):
        mine = scoped(FollowUp.objects.filter(status="active", scope_path=area), officer, Permission.WORK_ASSIGN)
        team = request.POST.get("team", "")
        done = follow_actions.assign_team(by=officer, followups=mine, team=int(team) if team.isdigit() else None)
        messages.success(request, _("%(count)s people given to the team.") % {"count": done})
        return back
    counted = follow_actions.record_checks(
        by=officer, entries=entries(request), allowed=list(due.values_list("pk", flat=True))
    )
    messages.success(request, _("%(count)s entered.") % {"count": counted.total()})
    return back


@require_POST
@officer_required(Permission.CONTACT_FOLLOW)
def codes(request: HttpRequest) -> HttpResponse:
    """A sheet of codes for the ticked people, to be handed over: the only time that they can be read."""
    officer = officer_of(request)
    ticked = [int(value) for value in request.POST.getlist("check") if value.isdigit()]
    watched = scoped(FollowUp.objects.filter(status="active"), officer, Permission.CONTACT_FOLLOW)
    mine = list(watched.filter(checks__in=ticked).distinct()[: queries.MOST_DUE])
    made = answers_actions.give_codes(by=officer, followups=mine)
    names = masked(followup.person for followup in mine)
    rows = [(names.get(followup.person, ""), made[followup.pk]) for followup in mine]
    return render(request, "outbreak/codes.html", {"rows": rows})


@require_GET
@officer_required(Permission.CONTACT_FOLLOW)
def certificates(request: HttpRequest) -> HttpResponse:
    """Certificates of the follow-ups that ended, in one PDF; names are revealed on the record."""
    officer = officer_of(request)
    found = list(completed(officer)[:1000])
    people = reveal([one.person for one in found], by=officer, purpose="certificate of a follow-up")
    made = [letters.follow_certificate(one, people[one.person]) for one in found if one.person in people]
    if not made:
        raise Http404
    headers = {"Content-Disposition": "attachment; filename=certificates.pdf"}
    return HttpResponse(letter.as_pdf(made, drill=settings.DEMO), content_type="application/pdf", headers=headers)


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
        watched = [c.followup.person for c in checks if c.followup.disease == disease]
        ranks.update(classes(watched, disease, called=True))
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
