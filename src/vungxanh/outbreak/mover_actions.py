"""What the workbench does when two records of a person are merged, and when they are parted again.

Rows go from the record that is given up to the kept one. Where both had an open case of one disease the newer one
is withdrawn as a double; where both were contacts of one case the given-up one is dropped; of two follow-ups or
open orders the given-up one ends. All of it is noted, so that undoing gives exactly those rows back.
"""

from collections.abc import Mapping
from typing import Any

from vungxanh.outbreak.models import Case, CaseChange, Contact, FollowUp, LabResult, Order, Reference

WHY = "duplicate"
_MOVED: tuple[tuple[str, Any], ...] = (
    ("tests", LabResult),
    ("references", Reference),
    ("cases", Case),
    ("contacts", Contact),
    ("followups", FollowUp),
    ("orders", Order),
)
_OPEN_ORDERS = (Order.Status.DRAFT, Order.Status.SIGNED, Order.Status.NOTIFIED)


class WorkbenchMover:
    """Registered with `people.merge_actions`."""

    def move(self, given_up: int, kept: int) -> Mapping[str, Any]:
        closed = _close_doubles(given_up, kept)
        moved: dict[str, Any] = {"closed": closed}
        for name, model in _MOVED:
            rows = model.objects.filter(person=given_up)
            if model is LabResult:
                rows = rows.exclude(sampled_on__in=model.objects.filter(person=kept).values("sampled_on"))
            if model is Contact:
                rows = rows.exclude(case__in=Contact.objects.filter(person=kept).values("case"))
            moved[name] = list(rows.values_list("pk", flat=True))
            model.objects.filter(pk__in=moved[name]).update(person=kept)
        return moved

    def give_back(self, given_up: int, kept: int, moved: Mapping[str, Any]) -> None:
        for name, model in _MOVED:
            model.objects.filter(pk__in=moved.get(name, []), person=kept).update(person=given_up)
        for name, model, column in _CLOSED:
            for number, before in moved["closed"].get(name, []):
                model.objects.filter(pk=number).update(**{column: before})


_CLOSED: tuple[tuple[str, Any, str], ...] = (
    ("cases", Case, "status"),
    ("contacts", Contact, "status"),
    ("followups", FollowUp, "status"),
    ("orders", Order, "status"),
)


def _close_doubles(given_up: int, kept: int) -> dict[str, list[tuple[int, str]]]:
    """Close what may stand only once a person. -> table: (row, its status before)."""
    closed: dict[str, list[tuple[int, str]]] = {name: [] for name, _model, _column in _CLOSED}
    for case in _open_cases(given_up):
        if any(other.disease == case.disease for other in _open_cases(kept)):
            closed["cases"].append((case.pk, case.status))
            Case.objects.filter(pk=case.pk).update(status=Case.Status.WITHDRAWN)
            CaseChange.objects.create(case=case, field="status", before=case.status, after="withdrawn", why=WHY)
    mine = Contact.objects.filter(person=kept).values("case")
    contacts = Contact.objects.filter(person=given_up, case__in=mine)
    closed["contacts"] = _all(contacts, Contact.Status.DROPPED)
    diseases = FollowUp.objects.filter(person=kept, status="active").values("disease")
    followups = FollowUp.objects.filter(person=given_up, status="active", disease__in=diseases)
    closed["followups"] = _all(followups, FollowUp.Status.DROPPED)
    ordered = Order.objects.filter(person=kept, status__in=_OPEN_ORDERS).values("disease")
    orders = Order.objects.filter(person=given_up, status__in=_OPEN_ORDERS, disease__in=ordered)
    closed["orders"] = _all(orders, Order.Status.CANCELLED)
    return closed


def _open_cases(person: int) -> list[Case]:
    rows = Case.objects.filter(person=person, negative_at=None)
    return list(rows.exclude(status=Case.Status.WITHDRAWN))


def _all(rows: Any, status: str) -> list[tuple[int, str]]:
    found = list(rows.values_list("pk", "status"))
    rows.model.objects.filter(pk__in=[number for number, _status in found]).update(status=status)
    return found
