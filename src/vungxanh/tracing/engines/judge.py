"""From the items a pair shares to one verdict: the reference's way."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from vungxanh.core.minutes import local_date
from vungxanh.rules.condition import NEVER
from vungxanh.rules.contact import ContactInputs, ContactRule
from vungxanh.tracing.model import Certainty, EvidenceItem


@dataclass(frozen=True, slots=True)
class Shared:
    """An item with what the rule makes of it: seconds needed for certain (`worst`) and at the earliest (`best`);
    `seconds_in` gives the seconds that fall into an interval."""

    item: EvidenceItem
    worst: int
    best: int
    seconds_in: Callable[[int, int], int]
    inputs: ContactInputs


@dataclass(frozen=True, slots=True)
class Pair:
    """An infector and a contact who qualify under the rule."""

    infector: int
    contact: int
    first: int
    last: int
    seconds: int
    certainty: Certainty
    items: tuple[EvidenceItem, ...]

    @property
    def order(self) -> tuple[int, int, int]:
        """The named infector is the least: earliest overlap, then most seconds, then smallest id."""
        return (self.first, -self.seconds, self.infector)


def judge(infector: int, contact: int, shared: Sequence[Shared], rule: ContactRule) -> Pair | None:
    """The pair, or None where the rule says no. Items that can never count are no evidence."""
    kept = [s for s in shared if s.best < NEVER]
    certainty = verdict(kept, rule)
    if certainty is None:
        return None
    items = tuple(sorted((s.item for s in kept), key=lambda item: item.order))
    return Pair(
        infector,
        contact,
        min(i.start for i in items),
        max(i.end for i in items),
        sum(i.seconds for i in items),
        certainty,
        items,
    )


def verdict(kept: Sequence[Shared], rule: ContactRule) -> Certainty | None:
    """Three-valued, with what is only probable in between."""
    certain = [s for s in kept if not s.item.contained]
    recorded = [s for s in certain if not s.item.assumed and (rule.air_counts or not s.item.air)]
    asked = rule.seconds_asked
    if any(reaches([s for s in recorded if s.worst <= m], m, rule.minutes_over, rule) for m in asked):
        return Certainty.CONFIRMED
    if any(reaches([s for s in certain if s.worst <= m], m, "window", rule) for m in asked):
        return Certainty.PROBABLE
    if any(reaches([s for s in kept if s.best <= m], m, "window", rule) for m in asked):
        return Certainty.NEEDS_INTERVIEW
    return None


def reaches(items: Sequence[Shared], seconds: int, scope: str, rule: ContactRule) -> bool:
    """Is there an encounter (a day, the window) in which the items sum up to `seconds`?"""
    return any(total >= seconds for total in sums(items, scope, rule))


def sums(items: Sequence[Shared], scope: str, rule: ContactRule) -> Iterable[int]:
    if scope == "encounter":
        return [sum(s.item.seconds for s in group) for group in encounters(items)]
    if scope == "day":
        return days(items, rule.zone)
    return [sum(s.item.seconds for s in items)] if items else []


def encounters(items: Sequence[Shared]) -> list[list[Shared]]:
    """Items of one kind at one place that overlap or touch are one encounter."""
    found: list[list[Shared]] = []

    def where(s: Shared) -> tuple[str, int]:
        return (s.item.kind, -1 if s.item.place is None else s.item.place)

    for _, group in groupby(sorted(items, key=lambda s: (*where(s), s.item.start)), key=where):
        end = -1
        for s in group:
            if s.item.start > end:
                found.append([])
            found[-1].append(s)
            end = max(end, s.item.end)
    return found


def days(items: Sequence[Shared], zone: str) -> list[int]:
    """Seconds on each local day, every item cut at local midnight."""
    totals: dict[object, int] = {}
    for s in items:
        day_of = [local_date(m, zone) for m in range(s.item.start, s.item.end)]
        for day, group in groupby(enumerate(day_of), key=lambda pair: pair[1]):
            offsets = [offset for offset, _ in group]
            part = s.seconds_in(s.item.start + offsets[0], s.item.start + offsets[-1] + 1)
            totals[day] = totals.get(day, 0) + part
    return list(totals.values())
