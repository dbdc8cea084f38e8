"""Reserves of an area: people × days, what is held, when it runs out; counts and prices written down."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from vungxanh.command.actions import reserves as actions
from vungxanh.command.models import Good, Price, Stock
from vungxanh.command.needs import Area, communes, zones
from vungxanh.command.reckoning import Jump, Reckoning, jump, reckon
from vungxanh.core.scope import grants_of, scoped
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission

#: communes shown at once
MOST = 300
INPUT, PICK = {"class": "nhsuk-input"}, {"class": "nhsuk-select"}


@cache
def settings() -> dict[str, Any]:
    return tomllib.loads((resources.files("vungxanh.command") / "goods.toml").read_text("utf-8"))


def ensure_goods() -> Iterable[Good]:
    """The watch list; made from goods.toml where the table is empty."""
    if not Good.objects.exists():
        Good.objects.bulk_create(
            (
                Good(
                    code=entry["code"],
                    name=entry["vi"],
                    name_en=entry["en"],
                    unit=entry["unit"],
                    a_person_a_day=Decimal(entry["a_person_a_day"]),
                    basis="goods.toml",
                )
                for entry in settings()["good"]
            ),
            ignore_conflicts=True,
        )
    return Good.objects.order_by("code")


@dataclass(frozen=True, slots=True)
class Line:
    """One good of the table."""

    good: Good
    name: str
    reckoning: Reckoning
    jump: Jump | None
    late: bool
    supplier: str
    lead_days: int
    where: tuple[str, ...]


class PeopleForm(forms.Form):
    people = forms.IntegerField(label=gettext_lazy("People"), min_value=0, max_value=100_000_000)
    days = forms.IntegerField(label=gettext_lazy("Days"), min_value=1, max_value=365)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "nhsuk-input nhsuk-input--width-10"


class CountForm(forms.Form):
    good = forms.ModelChoiceField(
        label=gettext_lazy("Goods"),
        queryset=Good.objects.all(),
        widget=forms.Select(attrs={"class": "nhsuk-select"}),
    )
    where = forms.CharField(label=gettext_lazy("Where"), max_length=200, widget=forms.TextInput(attrs=INPUT))
    quantity = forms.DecimalField(
        label=gettext_lazy("Quantity"), min_value=0, required=False, widget=forms.NumberInput(attrs=INPUT)
    )
    lead_days = forms.IntegerField(
        label=gettext_lazy("Days until delivery"),
        min_value=0,
        max_value=365,
        required=False,
        widget=forms.NumberInput(attrs=INPUT),
    )
    supplier = forms.CharField(
        label=gettext_lazy("Supplier"), max_length=200, required=False, widget=forms.TextInput(attrs=INPUT)
    )
    dong = forms.IntegerField(
        label=gettext_lazy("Price in đồng"), min_value=1, required=False, widget=forms.NumberInput(attrs=INPUT)
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("quantity") is None and given.get("dong") is None:
            self.add_error("quantity", _("Enter a quantity, a price, or both."))
        return given


@officer_required(Permission.RESERVE_WRITE, Permission.STATISTICS_READ)
def index(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    goods = ensure_goods()
    form = CountForm(request.POST or None)
    if request.method == "POST" and officer.may(Permission.RESERVE_WRITE) and form.is_valid():
        _write(form.cleaned_data, officer)
        notes.success(request, _("Written down."))
        return redirect("command:reserves")
    asked = PeopleForm(request.GET if "people" in request.GET else {"people": 1000, "days": 14})
    people, days = (asked.cleaned_data["people"], asked.cleaned_data["days"]) if asked.is_valid() else (0, 14)
    chosen = _chosen(request.GET.get("area", ""), officer, days)
    path = ""
    if chosen is not None:
        people, days, path = chosen.people, chosen.days, chosen.path
        asked = PeopleForm({"people": people, "days": days})
    context = {
        "lines": [_line(good, officer, people, days, timezone.localdate(), path) for good in goods],
        "area": chosen,
        "by_zone": _first_to_run_out(zones(officer), list(goods), officer),
        "by_commune": _first_to_run_out(communes(officer, days)[:MOST], list(goods), officer),
        "asked": asked,
        "form": form,
        "may_write": officer.may(Permission.RESERVE_WRITE),
    }
    return render(request, "command/reserves.html", context)


def _write(given: dict[str, Any], officer: Any) -> None:
    path = max((grant.path for grant in grants_of(officer, Permission.RESERVE_WRITE)), key=len)
    if given["quantity"] is not None:
        actions.count(
            good=given["good"],
            where=given["where"],
            quantity=given["quantity"],
            supplier=given["supplier"],
            lead_days=given["lead_days"] or 0,
            scope_path=path,
            by=officer,
        )
    if given["dong"] is not None:
        today = timezone.localdate()
        actions.price(
            good=given["good"], where=given["where"], dong=given["dong"], day=today, scope_path=path, by=officer
        )


def _chosen(key: str, officer: Any, days: int) -> Area | None:
    return next((area for area in [*zones(officer), *communes(officer, days)] if area.key == key), None)


def _first_to_run_out(areas: list[Area], goods: list[Good], officer: Any) -> list[tuple[Area, Line | None]]:
    """Each area with the good that runs out first there; the soonest first."""
    found = []
    today = timezone.localdate()
    for area in areas:
        lines = (
            [_line(good, officer, area.people, area.days, today, area.path) for good in goods]
            if area.people
            else []
        )
        first = min(lines, key=lambda line: line.reckoning.runs_out or date.max, default=None)
        found.append((area, first))
    return sorted(found, key=lambda pair: (pair[1].reckoning.runs_out or date.max) if pair[1] else date.max)


def _line(good: Good, officer: Any, people: int, days: int, today: date, path: str = "") -> Line:
    """`path`: only what lies under it is held for this area."""
    counts = scoped(Stock.objects.filter(good=good, scope_path__startswith=path), officer)
    last = list(counts.order_by("where", "-counted_at").distinct("where"))
    held = sum((row.quantity for row in last), Decimal(0))
    lead = max((row.lead_days for row in last), default=0)
    reckoning = reckon(a_day=good.a_person_a_day, people=people, days=days, held=held, lead_days=lead, today=today)
    seen = list(scoped(Price.objects.filter(good=good), officer).values_list("day", "dong"))
    name = good.name_en if (get_language() or "vi").startswith("en") else good.name
    late = reckoning.order_by is not None and reckoning.order_by <= today and held < reckoning.needed
    supplier = next((row.supplier for row in last if row.supplier), "")
    where = tuple(row.where for row in last if row.quantity)
    return Line(good, name, reckoning, jump(seen, settings()["price_jump"]), late, supplier, lead, where)
