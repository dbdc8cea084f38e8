"""Reads: forms that are open today, drafts and declarations of a device, an officer's declarations."""

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from vungxanh.core.errors import UserError
from vungxanh.core.scope import HasGrants, scoped
from vungxanh.core.vault import keyed_hash
from vungxanh.declarations.models import Declaration, Draft
from vungxanh.forms import catalogue
from vungxanh.forms.definition import Form, Order, shipped
from vungxanh.people.roles import Permission
from vungxanh.rules.dated import Basis

#: as many declarations as one device shows; a family has fewer
MOST = 50
DRILL = Order(id="demo", valid_from=date(2020, 1, 1), basis=Basis(doc="DIỄN TẬP – KHÔNG CÓ THẬT", own=True))


def order_of(form: Form, day: date) -> Order | None:
    """What puts the form in force on that day; a demonstration opens every form."""
    return form.order_on(day) or (DRILL if settings.DEMO else None)


def open_forms(day: date) -> list[tuple[Form, Order]]:
    """The version of each form in force, in the order in which people need them."""
    found = catalogue.in_force(day)
    if settings.DEMO:
        found = {form.id: (form, DRILL) for form in shipped()} | found
    rank = ["population", "movement", "daily", "measles"]
    chosen = [pair for pair in found.values() if pair[0].at == "anywhere"]
    return sorted(chosen, key=lambda pair: (_rank(pair[0].slug, rank), pair[0].id))


def _rank(slug: str, rank: list[str]) -> int:
    return rank.index(slug) if slug in rank else len(rank)


def open_form(slug: str, day: date) -> tuple[Form, Order]:
    """Raises UserError `forms.unknown-form`."""
    for form, order in open_forms(day):
        if form.slug == slug:
            return form, order
    raise UserError("forms.unknown-form", name=slug[:40])


def has_ended(form: Form, day: date) -> bool:
    """Is this version no longer the one that is asked on `day`?"""
    return all(open_one.key != form.key for open_one, _order in open_forms(day))


version = catalogue.version


def draft_of(key: str) -> Draft | None:
    if not key:
        return None
    rows = Draft.objects.filter(key_hash=keyed_hash("draft", key), expires_at__gt=timezone.now())
    return rows.first()


def answers_of(row: Draft | Declaration) -> dict[str, Any]:
    """Answers in plain; a declaration's are those that name nobody."""
    found: dict[str, Any] = json.loads(row.answers.open())
    return found


def of_device(token: str) -> "QuerySet[Declaration]":
    """Declarations made on this device, newest first."""
    if not token:
        return Declaration.objects.none()  # scope: the device's own rows
    mine = Declaration.objects.filter(device_hash=keyed_hash("device", token))  # scope: the device's own rows
    return mine.select_related("corrected_by").order_by("-received_at")


def people_of(token: str) -> list[int]:
    """Who was declared for on this device, the latest first."""
    rows = of_device(token).filter(withdrawn_at=None).values_list("person", flat=True)[:MOST]
    return list(dict.fromkeys(rows))


def visible(officer: HasGrants) -> "QuerySet[Declaration]":
    """What an officer may see of declarations, newest first."""
    return scoped(Declaration.objects.all(), officer, Permission.DECLARATION_READ).order_by("-received_at")
