"""The director's morning brief: one page to print. And whom tracing misses."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vungxanh.core.scope import scoped
from vungxanh.outbreak import aggregates, capacity, number_pages, order_pages, queries, times
from vungxanh.outbreak.models import Case, Contact, FollowUp, Order, Submission
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer, Person, Phone
from vungxanh.people.roles import Permission

MOST_LATE = 12


@require_GET
@officer_required(Permission.CASE_READ)
def brief(request: HttpRequest) -> HttpResponse:
    """Yesterday in five numbers with their change, where, what is late, what waits for a signature."""
    officer, today = officer_of(request), timezone.localdate()
    rows = queries.cases(officer).exclude(status=Case.Status.WITHDRAWN)
    found = aggregates.curve(rows, "onset", "source")
    context = {
        "day": times.day_with_year(today),
        "numbers": yesterday(officer, today - timedelta(days=1)),
        "areas": number_pages.areas(officer, rows)[:10],
        "spread": number_pages.spread(rows, "onset", found),
        "curve": aggregates.bars(found, "onset"),
        "late": _late(officer),
        "drafts": scoped(Order.objects.filter(status="draft"), officer, Permission.CASE_READ).count(),
        "capacity": [one for one in capacity.newest(officer) if one.is_warning or one.is_stale],
    }
    return render(request, "outbreak/brief.html", context)


def yesterday(officer: Officer, day: Any) -> list[tuple[str, int, int]]:
    """(what, yesterday, change against the day before)."""
    begin = timezone.make_aware(datetime.combine(day, time()))

    def both(model: Any, moment: str, more: Q | None = None) -> tuple[int, int]:
        seen = scoped(model.objects.filter(more or Q()), officer, Permission.CASE_READ)
        counts = [
            seen.filter(**{f"{moment}__gte": start, f"{moment}__lt": start + timedelta(days=1)}).count()
            for start in (begin, begin - timedelta(days=1))
        ]
        return counts[0], counts[0] - counts[1]

    return [
        (_("Cases reported"), *both(Case, "reported_at", ~Q(status=Case.Status.WITHDRAWN))),
        (_("Contacts found"), *both(Contact, "found_at", ~Q(status=Contact.Status.DROPPED))),
        (_("Orders signed"), *both(Order, "signed_at")),
        (_("People told"), *both(Order, "notified_at")),
        (_("Follow-ups ended"), *both(FollowUp, "ended_at")),
    ]


def _late(officer: Officer) -> list[tuple[str, int, str]]:
    """(what is late, how many, address)."""
    from django.urls import reverse

    now, today = timezone.now(), timezone.localdate()
    watched = scoped(FollowUp.objects.filter(status="active"), officer, Permission.CASE_READ)
    checks = watched.filter(checks__outcome="", checks__day__lt=today).count()
    reports = scoped(Submission.objects.filter(state="prepared", due__lt=now), officer, Permission.CASE_READ)
    waiting = scoped(Contact.objects.filter(status="interview"), officer, Permission.CASE_READ)
    found = [
        (_("Calls overdue"), checks, reverse("outbreak:today")),
        (_("Orders out of time"), order_pages.counts(officer)[1], reverse("outbreak:orders")),
        (_("Reports overdue"), reports.count(), reverse("outbreak:reports")),
        (_("Contacts waiting for an interview"), waiting.count(), reverse("outbreak:cases")),
    ]
    return [one for one in found if one[1]][:MOST_LATE]


@require_GET
@officer_required(Permission.CASE_READ)
def misses(request: HttpRequest) -> HttpResponse:
    """Cases that nobody had found as a contact before they fell ill: by age, telephone, language, distance."""
    officer = officer_of(request)
    rows = queries.cases(officer, disease=number_pages.DISEASE).exclude(status=Case.Status.WITHDRAWN)
    found = aggregates.with_source(rows.order_by("-reported_at"))[: number_pages.MOST_CASES]
    known = list(found.values_list("person", "linked", "scope_path"))
    people = _people([person for person, _linked, _path in known])
    tables = [
        (_("Age"), _shares(known, lambda person, _path: people.get(person, _NOBODY)[0])),
        (_("Telephone"), _shares(known, lambda person, _path: people.get(person, _NOBODY)[1])),
        (_("Language"), _shares(known, lambda person, _path: people.get(person, _NOBODY)[2])),
        (_("Where they live"), _shares(known, lambda _person, path: _distance(officer, path))),
    ]
    missed = sum(not linked for _person, linked, _path in known)
    return render(request, "outbreak/misses.html", {"tables": tables, "cases": len(known), "missed": missed})


_NOBODY = ("?", "?", "?")


def _people(persons: list[int]) -> dict[int, tuple[str, str, str]]:
    """Person -> (age group, has a telephone, language that is likely): no name is read."""
    with_phone = set(Phone.objects.filter(person__in=persons, plausible=True).values_list("person", flat=True))
    # scope: year of birth and nationality of cases in hand, counted
    rows = Person.objects.filter(pk__in=persons).values_list("pk", "birth_year", "nationality")
    year = timezone.localdate().year
    found = {}
    for person, born, nationality in rows:
        age = "?" if born is None else ("0-15" if year - born < 16 else "16-59" if year - born < 60 else "60+")
        phone = _("has a telephone") if person in with_phone else _("no telephone")
        language = _("Vietnamese") if nationality == "VNM" else _("another language")
        found[person] = (age, phone, language)
    return found


def _distance(officer: Officer, path: str) -> str:
    """As far as the register knows: in the officer's own commune, the same province, elsewhere."""
    own = next((grant.path for grant in officer.grants()), "/")
    if path.count("/") >= 3 and path.startswith(own):
        return _("a commune of this area")
    return _("commune not known") if path == own else _("elsewhere")


def _shares(known: Any, word: Any) -> list[tuple[str, int, int, int]]:
    """(word, cases, missed, percent missed), the worst first."""
    counts: dict[str, list[int]] = {}
    for person, linked, path in known:
        both = counts.setdefault(str(word(person, path)), [0, 0])
        both[0] += 1
        both[1] += not linked
    rows = [(name, total, missed, round(100 * missed / total)) for name, (total, missed) in counts.items()]
    return sorted(rows, key=lambda row: -row[3])
