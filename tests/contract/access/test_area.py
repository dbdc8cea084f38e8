"""A row of one province, asked for by officers of that province and of another: the latter learn nothing of it."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.test import Client
from django.utils import timezone

from tests.contract.access.test_access import TABLE, sample
from vungxanh.people.models import Assignment, Officer
from vungxanh.people.roles import ROLES

HERE, THERE = "/19/", "/01/"
SCOPE = {"scope_path": "/19/05443/", "scope_sector": "health"}
#: address -> the table that its number counts in, and what a row of it must say beside what any row says
ROWS: dict[str, tuple[str, dict[str, Any]]] = {
    "cases/<int:number>": ("outbreak.Case", {"onset": date(2026, 11, 1)}),
    "cases/import/<int:number>": ("outbreak.ImportFile", {}),
    "declare/desk/d/<int:number>": ("declarations.Declaration", {}),
    "declare/desk/lists/in/<int:number>": ("declarations.ListIn", {}),
    "declare/desk/lists/out/<int:number>": ("declarations.ListOut", {}),
    "command/directives/<int:pk>": ("command.Directive", {}),
    "command/messages/<int:pk>": ("command.Message", {}),
    "command/hotline/<int:pk>": ("command.HotlineEvent", {}),
    "command/inspections/<int:pk>": ("places.Place", {}),
    "command/reports/<int:pk>": ("command.Report", {}),
    "border/entries/<int:pk>": ("border.Declaration", {}),
    "border/lists/<int:pk>": ("border.PassengerList", {}),
    "safety/place/<int:number>": ("places.Place", {}),
    "venues/exposed/<int:number>": ("places.ExposedPlace", {"case": "19-1"}),
    "zones/<int:pk>": ("zoning.ZoneProposal", {}),
}


def filled(model: type[models.Model], **given: Any) -> models.Model:
    """A row with something in every field that must have something; what it refers to is made likewise."""
    names = {field.name for field in model._meta.fields}
    given |= {name: value for name, value in SCOPE.items() if name in names}
    for field in model._meta.fields:
        name = field.name
        if name in given or field.primary_key or field.has_default() or field.null:
            continue
        if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
            continue
        given[name] = _value(field)
    return model._default_manager.create(**given)


def _value(field: Any) -> Any:
    if field.is_relation:
        return filled(field.related_model)
    if field.choices:
        return field.choices[0][0]
    kinds: tuple[tuple[type, Callable[[], Any]], ...] = (
        (models.DateTimeField, timezone.now),
        (models.DateField, date.today),
        (models.DurationField, timedelta),
        (models.TimeField, lambda: time(8)),
        (models.JSONField, dict),
        (models.BooleanField, bool),
        (models.FloatField, float),
        (models.IntegerField, lambda: 1),
        (models.BinaryField, lambda: b"0123456789abcdef"),
        (models.UUIDField, lambda: "00000000-0000-4000-8000-000000000001"),
        (models.CharField, lambda: "x"),
        (models.TextField, lambda: "x"),
        (ArrayField, list),
    )
    return next(make() for kind, make in kinds if isinstance(field, kind))


@pytest.fixture
def officers(db: None) -> dict[str, Client]:
    """Officers of every role at once, of the province and of another."""
    made = {}
    for path in (HERE, THERE):
        officer = Officer.objects.create_user(f"all{path}", name="Mọi việc")
        for key in ROLES:
            Assignment.objects.create(officer=officer, role=key, scope_path=path)
        made[path] = Client(raise_request_exception=False)
        made[path].force_login(officer)
    return made


@pytest.mark.parametrize("address", ROWS)
def test_a_row_of_another_province_does_not_exist(address: str, officers: dict[str, Client]) -> None:
    assert address in TABLE["officers"]
    table, said = ROWS[address]
    row = filled(apps.get_model(table), **said)
    url = sample(address).replace("2147480000", str(row.pk))
    here, there = officers[HERE].get(url).status_code, officers[THERE].get(url).status_code
    assert here not in {403, 404}, "found; a row of bare fields may not be one that can be shown"
    assert there in {404, 422}
    assert (here, there) != (422, 422)
