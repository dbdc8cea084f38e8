"""Look-up of numbers: whoever prints or sends one asks here, for a topic, an area and a day."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from django.db.models import Q
from django.utils import timezone

from vungxanh.command.models import ContactPoint, DutyShift
from vungxanh.people.scope import in_force

#: what a reader would dial: from three digits of an emergency number to twelve of a full one
DIALLED = re.compile(r"(?<![\d/.:,])(?:(?:\+84|0)[\d .]{6,13}\d|1[89]00[\d .]{3,9}\d|11[1-5](?![.:,]\d))(?![\d/])")


@dataclass(frozen=True, slots=True)
class Number:
    """A number to call, who answers it and when."""

    number: str
    who: str
    hours: str


def number_for(topic: str, scope_path: str, on: date) -> Number | None:
    """The number of the unit nearest to `scope_path` that answers for `topic` on a day; None where none does.

    Nearest: the unit with the longest path that encloses the place asked for. Today, whoever is on duty now.
    """
    points = ContactPoint.objects.filter(in_force(on), topic=topic, dead_since=None)  # scope: numbers are public
    rows = points.select_related("organisation")
    around = [row for row in rows if scope_path.startswith(row.organisation.scope_path)]
    if not around:
        return None
    best = max(around, key=lambda row: (len(row.organisation.scope_path), -row.pk))
    return Number(_on_duty(best, on) or best.number, best.organisation.name, best.hours)


def mailbox(topic: str, scope_path: str, on: date, organisation: int | None = None) -> ContactPoint | None:
    """The contact point with an e-mail address that answers for `topic`, nearest to `scope_path` as above.

    The topic is that of the number, or the kind of unit that it belongs to. With `organisation` only its own.
    """
    rows = ContactPoint.objects.filter(in_force(on)).exclude(email="")  # scope: contact points are public
    wanted = Q(organisation=organisation) if organisation else Q(topic=topic) | Q(organisation__kind=topic)
    found = rows.filter(wanted).select_related("organisation").order_by("pk")
    around = [row for row in found if organisation or scope_path.startswith(row.organisation.scope_path)]
    return max(around, key=lambda row: (row.topic == topic, len(row.organisation.scope_path)), default=None)


def _on_duty(point: ContactPoint, on: date) -> str:
    now = timezone.now()
    if timezone.localdate(now) != on:
        return ""
    shift = point.shifts.filter(begin__lte=now, end__gt=now).exclude(number="").first()
    return shift.number if shift else ""


def topics() -> list[str]:
    """Topics that have a number."""
    known = ContactPoint.objects.values_list("topic", flat=True)  # scope: numbers to call are public
    return sorted(set(known))


def _digits(text: str) -> str:
    """`+84 208 000 111` and `0208 000 111` are one."""
    found = re.sub(r"\D", "", text)
    return "0" + found[2:] if found.startswith("84") and len(found) > 9 else found


@cache
def emergency() -> frozenset[str]:
    """Numbers of the national plan (emergency.toml)."""
    table = tomllib.loads((resources.files("vungxanh.command") / "emergency.toml").read_text("utf-8"))
    return frozenset(table["numbers"])


def numbers_elsewhere(text: str) -> list[str]:
    """Numbers in a text that no organisation answers today. An empty directory cannot judge: then nothing."""
    today = timezone.localdate()
    known = ContactPoint.objects.filter(in_force(today), dead_since=None)  # scope: numbers to call are public
    numbers = {_digits(number) for number in known.values_list("number", flat=True)}
    if not numbers:
        return []
    shifts = DutyShift.objects.filter(point__in=known).exclude(number="")
    numbers |= {_digits(number) for number in shifts.values_list("number", flat=True)}
    known_here = numbers | emergency()
    return [found.strip() for found in DIALLED.findall(text) if _digits(found) not in known_here]
