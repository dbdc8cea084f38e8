"""Lists of contacts, follow-ups and pairs: what the figures were counted from."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from vungxanh.core.listing import Column, Listing
from vungxanh.core.scope import scoped
from vungxanh.outbreak import aggregates, behind, chain, diseases, queries, times
from vungxanh.outbreak.classes import classes
from vungxanh.outbreak.models import Case, Contact, FollowUp, Link
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.queries import masked
from vungxanh.people.roles import Permission
from vungxanh.work.models import WorkItem

TAKEN = {
    "open": gettext_lazy("not acknowledged yet"),
    "acknowledged": gettext_lazy("acknowledged"),
    "done": gettext_lazy("followed there"),
    "cancelled": gettext_lazy("taken back"),
}


def _shown(request: HttpRequest, listing: Listing[Any], title: str, said: str = "") -> HttpResponse:
    return render(request, "outbreak/behind.html", {"listing": listing, "title": title, "said": said})


def _who(names: dict[int, str], person: int) -> str:
    return names.get(person) or _("Person %(number)s") % {"number": person}


def _case(number: int) -> SafeString:
    address = reverse("outbreak:case", args=[number])
    return format_html('<a href="{}">{}</a>', address, _("Case %(number)s") % {"number": number})


@require_GET
@officer_required(Permission.CASE_READ)
def contacts(request: HttpRequest) -> HttpResponse:
    """Contacts with their class, and for those who live elsewhere whether their commune has acknowledged."""
    officer = officer_of(request)
    mine = scoped(Contact.objects.all(), officer, Permission.CASE_READ)
    if request.GET.get("away"):  # scope: contacts of the officer's cases, wherever they live
        mine = Contact.objects.filter(case__in=queries.cases(officer))
    rows = behind.contacts(mine.select_related("case"), request.GET.dict())
    names: dict[int, str] = {}
    ranks: dict[int, int] = {}
    taken: dict[tuple[int, str], WorkItem] = {}
    areas: dict[str, str] = {}
    columns: list[Column[Contact]] = [
        Column("class", _("Class"), lambda one: f"F{ranks[one.person]}" if one.person in ranks else ""),
        Column("person", _("Person"), lambda one: _who(names, one.person), head=True),
        Column("case", _("Case"), lambda one: _case(one.case_id), sort="case"),
        Column(
            "last",
            _("Last exposed"),
            lambda one: times.day_with_year(one.last_exposed.date()),
            sort="last_exposed",
        ),
        Column("status", _("Status"), lambda one: one.get_status_display(), sort="status"),
        Column("area", _("Commune"), lambda one: areas.get(one.scope_path, ""), sort="scope_path"),
        Column(
            "taken",
            _("Taken over elsewhere"),
            lambda one: handed_over(taken.get((one.person, f"case:{one.case_id}"))),
        ),
        Column("found", _("Found on"), lambda one: f"{one.found_at:%d/%m/%Y}", sort="found_at"),
    ]
    listing = Listing("contacts-all", columns, rows, request.GET, caption=_("Contacts"), default_sort="-found")
    found = list(listing.page.object_list)
    names |= masked(one.person for one in found)
    for disease in {one.case.disease for one in found}:
        ranks |= classes([one.person for one in found if one.case.disease == disease], disease)
    taken |= take_overs(found)
    areas |= aggregates.area_names({one.scope_path for one in found})
    return _shown(request, listing, _("Contacts"))


def take_overs(contacts: list[Contact]) -> dict[tuple[int, str], WorkItem]:
    """(person, case) -> the request to the commune where the contact lives."""
    # scope: what became of contacts in hand
    items = WorkItem.objects.filter(kind="contact.take-over", person__in=[one.person for one in contacts])
    return {(item.person or 0, item.source): item for item in items.order_by("pk")}


def handed_over(item: WorkItem | None) -> str:
    """`acknowledged, 3/5 10:20`; empty where nothing was handed over."""
    if item is None:
        return ""
    when = localtime(item.finished_at or item.made_at)
    return f"{TAKEN[item.state]}, {times.day(when.date())} {when:%H:%M}"


def handed_over_of(case: Case) -> list[tuple[str, str, str]]:
    """(person, area, what became of it) for contacts of a case who live in another area."""
    # scope: contacts of a case in hand, wherever they live
    mine = list(Contact.objects.filter(case=case).exclude(status=Contact.Status.DROPPED))
    items = take_overs(mine)
    away = [(one, items[key]) for one in mine if (key := (one.person, f"case:{case.pk}")) in items]
    names, areas = (
        masked(one.person for one, _item in away),
        aggregates.area_names({one.scope_path for one, _item in away}),
    )
    return [(_who(names, one.person), areas[one.scope_path], handed_over(item)) for one, item in away]


@require_GET
@officer_required(Permission.CASE_READ)
def followups(request: HttpRequest) -> HttpResponse:
    """People under follow-up, or whose follow-up ended."""
    mine = scoped(FollowUp.objects.all(), officer_of(request), Permission.CASE_READ)
    rows = behind.followups(mine, request.GET.dict())
    names: dict[int, str] = {}
    areas: dict[str, str] = {}
    columns: list[Column[FollowUp]] = [
        Column("person", _("Person"), lambda one: _who(names, one.person), head=True),
        Column("disease", _("Disease"), lambda one: diseases.name(one.disease), sort="disease"),
        Column("since", _("First day"), lambda one: times.day_with_year(one.since), sort="since"),
        Column("until", _("Last day"), lambda one: times.day_with_year(one.until), sort="until"),
        Column("status", _("Status"), lambda one: one.get_status_display(), sort="status"),
        Column("area", _("Commune"), lambda one: areas.get(one.scope_path, ""), sort="scope_path"),
    ]
    listing = Listing("followups", columns, rows, request.GET, caption=_("Under follow-up"), default_sort="until")
    found = list(listing.page.object_list)
    names |= masked(one.person for one in found)
    areas |= aggregates.area_names({one.scope_path for one in found})
    return _shown(request, listing, _("Under follow-up"))


@require_GET
@officer_required(Permission.CASE_READ)
def pairs(request: HttpRequest) -> HttpResponse:
    """Pairs of infector and infected that people told us, with the days between: the serial intervals counted."""
    officer = officer_of(request)
    mine = queries.cases(officer, disease=diseases.chosen(request.GET.get("disease", "")))
    counted = mine.exclude(status=Case.Status.WITHDRAWN)
    links = Link.objects.filter(target__in=counted).exclude(source__status=Case.Status.WITHDRAWN)
    rows = links.filter(source__onset__isnull=False, target__onset__isnull=False).select_related(
        "source", "target"
    )
    names: dict[int, str] = {}
    columns: list[Column[Link]] = [
        Column("source", _("Infector"), lambda one: _who(names, one.source.person), head=True),
        Column(
            "source-day",
            _("Onset"),
            lambda one: times.day_with_year(chain.began_on(one.source)),
            sort="source__onset",
        ),
        Column("target", _("Infected"), lambda one: _who(names, one.target.person)),
        Column("case", _("Case"), lambda one: _case(one.target_id), sort="target"),
        Column(
            "target-day",
            _("Onset"),
            lambda one: times.day_with_year(chain.began_on(one.target)),
            sort="target__onset",
        ),
        Column(
            "days",
            _("Days"),
            lambda one: (chain.began_on(one.target) - chain.began_on(one.source)).days,
            numeric=True,
        ),
        Column("kind", _("Who says so"), lambda one: one.get_kind_display(), sort="kind"),
    ]
    listing = Listing("pairs", columns, rows, request.GET, caption=_("Pairs"), default_sort="-target-day")
    found = list(listing.page.object_list)
    names |= masked({person for one in found for person in (one.source.person, one.target.person)})
    said = _("A negative number of days says that the infected fell ill before the infector: check both days.")
    return _shown(request, listing, _("Pairs"), said)
