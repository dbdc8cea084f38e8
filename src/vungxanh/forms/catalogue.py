"""Every version of every form: those that come with the program and those put in force in the browser."""

from datetime import date
from functools import lru_cache

from vungxanh.core.errors import UserError
from vungxanh.forms.definition import Form, Order, read, shipped
from vungxanh.rules.store.models import RuleVersion

KIND = "form"


@lru_cache(maxsize=256)
def _stored(row: int, version: str) -> Form:
    """What is in force is never changed, so it is read once. `version` tells rows of one number apart in tests."""
    return read(RuleVersion.objects.values_list("content", flat=True).get(pk=row, version=version))


def versions() -> list[Form]:
    """Shipped first, then stored in the order in which they were put in force."""
    rows = RuleVersion.objects.filter(kind=KIND, state=RuleVersion.State.APPROVED).order_by("approved_at")
    return [*shipped(), *(_stored(*row) for row in rows.values_list("pk", "version"))]


def version(form: str, number: str) -> Form:
    """The version under which something was declared. Raises UserError `forms.unknown-form`."""
    for one in versions():
        if one.id == form and one.version == number:
            return one
    raise UserError("forms.unknown-form", name=f"{form}@{number}"[:60])


def in_force(day: date) -> dict[str, tuple[Form, Order]]:
    """Form id -> the version in force on `day` with its order.

    The order that began last counts; where two begin on one day, the one put in force last. An order that has been
    followed by another does not come back when that one ends.
    """
    latest: dict[str, tuple[Form, Order]] = {}
    for form in versions():
        order = form.latest_order(day)
        held = latest.get(form.id)
        if order and (held is None or order.valid_from >= held[1].valid_from):
            latest[form.id] = (form, order)
    return {name: (form, order) for name, (form, order) in latest.items() if order.in_force(day)}


def at_gate(day: date) -> Form:
    """The short form of gates: in force, else the latest that ships. Raises UserError `forms.unknown-form`."""
    found = [form for form in shipped() if form.at == "gate"]
    found += [form for form, _order in in_force(day).values() if form.at == "gate"]
    if not found:
        raise UserError("forms.unknown-form", name="gate")
    return found[-1]
