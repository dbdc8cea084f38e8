"""Evidence in words: how long, where, when, and by which part of which rule."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from vungxanh.lake.store import LakeStore
from vungxanh.outbreak import times
from vungxanh.outbreak.placenames import fallback, place_names
from vungxanh.outbreak.reasons import branches_of, rows_behind
from vungxanh.people.queries import masked
from vungxanh.rules.contact import ContactRule
from vungxanh.tracing.model import Certainty, ContactRow, EvidenceItem

#: what a row is called that gives nobody a class
UNCLASSED = gettext_lazy("no class yet")


@dataclass
class Book:
    """Names of people and places for the rows of one page, loaded at once; nobody is named in full."""

    rule: ContactRule
    lake: LakeStore
    people: dict[int, str] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)
    rows: dict[tuple[str, int], dict[str, object]] = field(default_factory=dict)

    def load(self, rows: Sequence[ContactRow], more_people: Iterable[int] = ()) -> "Book":
        """Load what the rows speak of."""
        items = [item for row in rows for item in row.evidence]
        people = {person for row in rows for person in (row.contact, *row.path)}
        self.people |= masked((people | set(more_people)) - self.people.keys())
        places = {item.place for item in items if item.place is not None and item.kind != "household"}
        self.places |= place_names(places - self.places.keys())
        if items:
            self.rows |= rows_behind(self.lake.evidence_of(people), items)
        return self

    def person(self, number: int) -> str:
        return self.people.get(number) or _("Person %(number)s") % {"number": number}

    def place(self, number: int | None) -> str:
        return self.places.get(number) if number in self.places else fallback(number)  # type: ignore[return-value]

    def branches(self, item: EvidenceItem) -> str:
        """Letters of the parts of the rule that hold for one item; with `?` where they only may."""
        found = branches_of(self.rule, item, self.rows)
        return ", ".join(branch.id if holds else f"{branch.id}?" for branch, holds in found)

    def item(self, item: EvidenceItem) -> str:
        """`36 minutes at Stall 12, Chợ Thái, Tue 3 May, 09:10–09:46; rule vn.covid19.f1.11042 b`."""
        rule = _("rule %(rule)s %(branch)s") % {"rule": self.rule.id, "branch": self.branches(item)}
        return "; ".join([what(item, self.place(item.place)), *marks(item), rule.strip()])

    def chain(self, row: ContactRow) -> str:
        """Through whom, for later generations."""
        return " → ".join(self.person(person) for person in row.path[:-1]) if row.generation > 1 else ""


def what(item: EvidenceItem, place: str) -> str:
    """How long and where, by kind of evidence."""
    if item.kind == "household":
        return _("lives in the same household")
    facts = {
        "minutes": times.minutes(item.seconds),
        "place": place,
        "when": times.span(item.start, item.end),
    }
    if item.kind in {"encounter", "named"}:
        return _met(item, facts)
    if item.kind == "seat":
        return _("%(minutes)s minutes on the same trip, %(place)s, %(when)s") % facts
    if item.kind == "roster":
        return _("%(minutes)s minutes in the same group, %(place)s, %(when)s") % facts
    return _("%(minutes)s minutes at %(place)s, %(when)s") % facts


def _met(item: EvidenceItem, facts: dict[str, str]) -> str:
    if item.kind == "named":
        return _("named in an interview: %(minutes)s minutes, %(when)s") % facts
    if item.place is None:
        return _("%(minutes)s minutes close to each other, %(when)s") % facts
    return _("%(minutes)s minutes close to each other at %(place)s, %(when)s") % facts


def marks(item: EvidenceItem) -> list[str]:
    """What the item rests on beyond a record."""
    found = []
    if item.assumed:
        found.append(_("the time of leaving is assumed"))
    if item.air:
        found.append(_("the case had left, the air remained"))
    if item.contained:
        found.append(_("one of them is only known to have been somewhere inside"))
    return found


def called(row: ContactRow) -> str:
    """F1, F2, … or that the row gives nobody such a name."""
    return row.called or str(UNCLASSED)


def certainty(value: Certainty) -> str:
    return {
        Certainty.CONFIRMED: pgettext("certainty", "confirmed"),
        Certainty.PROBABLE: _("probable"),
        Certainty.NEEDS_INTERVIEW: _("needs interview"),
    }[value]


def ended_by(reason: str) -> str:
    """Why an infectious window ends where it does."""
    return {
        "isolation": _("isolation"),
        "negative": _("negative test"),
        "to": _("the end that was asked for"),
        "lake": _("the last evidence known so far"),
    }[reason]
