"""Look-up of numbers: whoever prints or sends one asks here, for a topic, an area and a day."""

from dataclasses import dataclass
from datetime import date

from vungxanh.command.models import ContactPoint
from vungxanh.people.scope import in_force


@dataclass(frozen=True, slots=True)
class Number:
    """A number to call, who answers it and when."""

    number: str
    who: str
    hours: str


def number_for(topic: str, scope_path: str, on: date) -> Number | None:
    """The number of the unit nearest to `scope_path` that answers for `topic` on a day; None where none does.

    Nearest: the unit with the longest path that encloses the place asked for.
    """
    points = ContactPoint.objects.filter(in_force(on), topic=topic)  # scope: numbers to call are public
    rows = points.select_related("organisation")
    around = [row for row in rows if scope_path.startswith(row.organisation.scope_path)]
    if not around:
        return None
    best = max(around, key=lambda row: (len(row.organisation.scope_path), -row.pk))
    return Number(best.number, best.organisation.name, best.hours)


def topics() -> list[str]:
    """Topics that have a number."""
    known = ContactPoint.objects.values_list("topic", flat=True)  # scope: numbers to call are public
    return sorted(set(known))
