"""The director's morning brief: one page to print. And whom tracing misses."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vungxanh.core.scope import scoped
from vungxanh.outbreak import (
    aggregates,
    behind,
    capacity,
    counted,
    diseases,
    number_pages,
    order_pages,
    queries,
    times,
)
from vungxanh.outbreak.models import Case, Contact, FollowUp, Order, Submission
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer, Person, Phone
from vungxanh.people.roles import Permission

MOST_LATE = 12


@require_GET
@officer_required(Permission.CASE_READ)
def brief(request: HttpRequest) -> HttpResponse:
    """Yesterday in five numbers with their change, where, what is late, what waits for a signature."""
    disease = diseases.chosen(request.GET.get("disease", ""))
    context = {
        "body": counted.body("brief", officer_of(request), {"disease": disease}),
        "day": times.day_with_year(timezone.localdate()),
        "disease": disease,
        "diseases": diseases.choices(),
    }
    return render(request, "outbreak/brief.html", context)


def brief_figures(officer: Officer, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page counts. Work that is late is counted over all diseases."""
    disease, yesterday = asked["disease"], timezone.localdate() - timedelta(days=1)
    rows = queries.cases(officer, disease=disease).exclude(status=Case.Status.WITHDRAWN)
    found = aggregates.curve(rows, "onset", "source")
    return {
        "disease": disease,
        "numbers": numbers_of(officer, yesterday, disease),
        "areas": number_pages.areas(officer, rows, disease)[:10],
        "spread": number_pages.spread(rows, "onset", found, disease),
        "curve": aggregates.bars(found, "onset"),
        "late": _late(officer),
        "drafts": scoped(Order.objects.filter(status="draft"), officer, Permission.CASE_READ).count(),
        "capacity": [one for one in capacity.newest(officer) if one.is_warning or one.is_stale],
    }


counted.register("brief", "outbreak/brief_figures.html", brief_figures)


def numbers_of(officer: Officer, day: date, disease: str) -> list[tuple[str, int, int, str]]:
    """(what, on the day, change against the day before, address of the list)."""
    begin = timezone.make_aware(datetime.combine(day, time()))
    on = f"disease={disease}&since={day}&until={day}"

    def both(model: Any, moment: str, more: Q) -> tuple[int, int]:
        seen = scoped(model.objects.filter(more), officer, Permission.CASE_READ)
        counts = [
            seen.filter(**{f"{moment}__gte": start, f"{moment}__lt": start + timedelta(days=1)}).count()
            for start in (begin, begin - timedelta(days=1))
        ]
        return counts[0], counts[0] - counts[1]

    own, of_case = Q(disease=disease), Q(case__disease=disease)
    cases, contacts, orders, ended = (
        reverse(f"outbreak:{name}") for name in ("cases", "contacts", "orders", "followups")
    )
    counting = own & ~Q(status=Case.Status.WITHDRAWN)
    exposed = of_case & ~Q(status=Contact.Status.DROPPED)
    return [
        (_("Cases reported"), *both(Case, "reported_at", counting), f"{cases}?counted=1&{on}"),
        (_("Contacts found"), *both(Contact, "found_at", exposed), f"{contacts}?{on}"),
        (_("Orders signed"), *both(Order, "signed_at", own), f"{orders}?status=all&moment=signed_at&{on}"),
        (_("People told"), *both(Order, "notified_at", own), f"{orders}?status=all&moment=notified_at&{on}"),
        (_("Follow-ups ended"), *both(FollowUp, "ended_at", own), f"{ended}?{on}"),
    ]


def _late(officer: Officer) -> list[tuple[str, int, str]]:
    """(what is late, how many, address of the list)."""
    now, today = timezone.now(), timezone.localdate()
    watched = scoped(FollowUp.objects.filter(status="active"), officer, Permission.CASE_READ)
    calls = watched.filter(checks__outcome="", checks__day__lt=today).distinct()
    reports = scoped(Submission.objects.filter(state="prepared", due__lt=now), officer, Permission.CASE_READ)
    waiting = scoped(Contact.objects.filter(status="interview"), officer, Permission.CASE_READ)
    found = [
        (_("People with calls overdue"), calls.count(), f"{reverse('outbreak:followups')}?late=1"),
        (_("Orders out of time"), order_pages.counts(officer)[1], f"{reverse('outbreak:orders')}?late=1"),
        (_("Reports overdue"), reports.count(), reverse("outbreak:reports")),
        (
            _("Contacts waiting for an interview"),
            waiting.count(),
            f"{reverse('outbreak:contacts')}?status=interview",
        ),
    ]
    return [one for one in found if one[1]][:MOST_LATE]


@require_GET
@officer_required(Permission.CASE_READ)
def misses(request: HttpRequest) -> HttpResponse:
    """Cases that nobody had found as a contact before they fell ill: by age, telephone, language, distance."""
    disease = diseases.chosen(request.GET.get("disease", ""))
    body = counted.body("misses", officer_of(request), {"disease": disease})
    context = {"body": body, "disease": disease, "diseases": diseases.choices()}
    return render(request, "outbreak/misses.html", context)


@dataclass(frozen=True, slots=True)
class Missed:
    """One line: of so many cases with this trait so many were missed; `narrow` finds them in the list of cases."""

    word: str
    total: int
    missed: int
    narrow: str

    @property
    def percent(self) -> int:
        return round(100 * self.missed / self.total)


def misses_figures(officer: Officer, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page counts."""
    disease = asked["disease"]
    rows = queries.cases(officer, disease=disease).exclude(status=Case.Status.WITHDRAWN)
    known = list(aggregates.with_source(rows.order_by()).values_list("person", "linked", "scope_path"))
    people = _people([person for person, _linked, _path in known])
    names = aggregates.area_names({path for _person, _linked, path in known})
    tables = [
        (word, _shares(known, lambda person, _path, at=at: people.get(person, _NOBODY)[at]))  # type: ignore[misc]
        for at, word in enumerate((_("Age"), _("Telephone"), _("Language")))
    ]
    tables.append((_("Where they live"), _shares(known, lambda _person, path: (names[path], f"home={path}"))))
    missed = sum(not linked for _person, linked, _path in known)
    return {"tables": tables, "cases": len(known), "missed": missed, "disease": disease}


counted.register("misses", "outbreak/misses_figures.html", misses_figures)

#: (word, what finds it in the list of cases)
Trait = tuple[str, str]
_NOBODY: tuple[Trait, Trait, Trait] = (("?", "age=?"), ("?", "phone=no"), ("?", "language=other"))
#: communes in the table of misses, the worst first
MOST_ROWS = 30


def _people(persons: list[int]) -> dict[int, tuple[Trait, Trait, Trait]]:
    """Person -> age group, whether they have a telephone, language that is likely: no name is read."""
    with_phone = set(Phone.objects.filter(person__in=persons, plausible=True).values_list("person", flat=True))
    # scope: year of birth and nationality of cases in hand, counted
    rows = Person.objects.filter(pk__in=persons).values_list("pk", "birth_year", "nationality")
    return {
        person: (
            _age(born),
            (_("has a telephone"), "phone=yes") if person in with_phone else (_("no telephone"), "phone=no"),
            (_("Vietnamese"), "language=vi")
            if nationality == "VNM"
            else (_("another language"), "language=other"),
        )
        for person, born, nationality in rows
    }


def _age(born: int | None) -> Trait:
    if born is None:
        return "?", "age=?"
    years = timezone.localdate().year - born
    group = next((name for name, (low, high) in behind.AGES.items() if low <= years <= high), "?")
    return group, f"age={group.replace('+', '%2B')}"


def _shares(known: Sequence[tuple[int, bool, str]], trait: Callable[[int, str], Trait]) -> list[Missed]:
    """The worst first."""
    counts: Counter[Trait] = Counter()
    lost: Counter[Trait] = Counter()
    for person, linked, path in known:
        found = trait(person, path)
        counts[found] += 1
        lost[found] += not linked
    rows = [Missed(word, total, lost[word, narrow], narrow) for (word, narrow), total in counts.items()]
    return sorted(rows, key=lambda row: (-row.percent, -row.total, row.word))[:MOST_ROWS]
