"""Pages of figures counted ahead. Counting 100,000 cases takes seconds; nobody waits for it, the page says when.

Up to `LIVE_CASES` a page is counted as it is asked for. Above, the worker counts what was asked in the last day
anew each minute, and a page is served from there while it is younger than `OLDEST`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from vungxanh.outbreak.models import Case, CountedPage
from vungxanh.people.models import Officer

#: up to so many cases in the whole register counting is quick enough to be done for each reader
LIVE_CASES = 5_000
#: counted longer ago, a page is counted anew before it is shown
OLDEST = timedelta(minutes=10)
#: the worker leaves alone what was counted within this time, and what nobody asked for within a day
RECOUNT, ASKED = timedelta(minutes=1), timedelta(days=1)
#: pages that one run of the worker counts, the oldest first: a run stays within seconds
MOST_A_RUN = 8

Count = Callable[[Officer, Mapping[str, str]], dict[str, Any]]
_pages: dict[str, tuple[str, Count]] = {}


def register(page: str, template: str, count: Count) -> None:
    """`count(officer, asked)` gives the template what it shows; nothing in it may name a person."""
    _pages[page] = (template, count)


@dataclass(frozen=True, slots=True)
class Body:
    """`counted_at` None: counted for this reader just now."""

    html: SafeString
    counted_at: datetime | None = None


def body(page: str, officer: Officer, asked: Mapping[str, str]) -> Body:
    """The page's figures within the officer's scope."""
    if not Case.objects.all()[LIVE_CASES : LIVE_CASES + 1].exists():  # scope: how many, to choose a way
        return Body(_render(page, officer, asked))
    now, key = timezone.now(), _key(page, officer, asked)
    held = CountedPage.objects.filter(key=key, counted_at__gte=now - OLDEST).first()
    if held is None:
        held = _count(page, officer, asked, key)
    CountedPage.objects.filter(key=key).update(asked_at=now, officer=officer.pk)
    return Body(mark_safe(held.html), held.counted_at)  # noqa: S308  our own template's output


def recount() -> int:
    """Count anew what is asked for. -> pages. Run by the worker."""
    from vungxanh.outbreak import urls  # noqa: F401  with it the pages have said what they count

    now = timezone.now()
    CountedPage.objects.filter(asked_at__lt=now - ASKED).delete()
    due = CountedPage.objects.filter(counted_at__lt=now - RECOUNT).order_by("counted_at")[:MOST_A_RUN]
    return sum(_again(held) for held in due)


def _again(held: CountedPage) -> bool:
    """Under the officer's grants of now: after midnight, or with other grants, it is another page."""
    officer = Officer.objects.filter(pk=held.officer, is_active=True).first()
    if officer is None:
        held.delete()
        return False
    with override(held.language):
        key = _key(held.page, officer, held.asked)
        if key != held.key:
            held.delete()
        _count(held.page, officer, held.asked, key, held.asked_at)
    return True


def _count(
    page: str, officer: Officer, asked: Mapping[str, str], key: str, asked_at: datetime | None = None
) -> CountedPage:
    began = timezone.now()
    facts = {"page": page, "asked": dict(asked), "language": get_language() or "vi", "officer": officer.pk}
    facts |= {"html": _render(page, officer, asked), "counted_at": began}
    made, _new = CountedPage.objects.update_or_create(
        key=key, defaults=facts, create_defaults={**facts, "asked_at": asked_at or began}
    )
    return made


def _render(page: str, officer: Officer, asked: Mapping[str, str]) -> SafeString:
    template, count = _pages[page]
    return render_to_string(template, count(officer, asked))


def _key(page: str, officer: Officer, asked: Mapping[str, str]) -> str:
    """Two officers with the same grants read the same figures. A page of yesterday is another page."""
    grants = sorted(
        (grant.path, _listed(grant.orgs), _listed(grant.sectors), _listed(grant.permissions))
        for grant in officer.grants()
    )
    told = [page, sorted(asked.items()), get_language(), str(timezone.localdate()), grants]
    return sha256(json.dumps(told).encode()).hexdigest()


def _listed(values: frozenset[Any] | None) -> list[str]:
    """As text in order; "all" is told apart from none."""
    return ["*"] if values is None else sorted(map(str, values))
