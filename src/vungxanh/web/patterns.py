"""The live pattern page: every part of the design system with made-up content. Development and drills only."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from vungxanh.core.figures import Band, Bars, Series
from vungxanh.core.listing import Column, Listing


@dataclass(frozen=True)
class Sample:
    name: str
    minutes: int | None


@dataclass(frozen=True)
class SampleItem:
    text: str
    minutes: int
    note: str = ""


@dataclass(frozen=True)
class SampleDay:
    date: str
    items: tuple[SampleItem, ...]


SAMPLES = tuple(Sample(f"N. T. Mẫu {number}", minutes) for number, minutes in enumerate((36, 5, None, 120, 61)))
LEVELS = (
    ("green", "Cấp 1"),
    ("yellow", "Cấp 2"),
    ("orange", "Cấp 3"),
    ("red", "Cấp 4"),
    ("unknown", ""),
)


def listing(request: HttpRequest) -> Listing[Sample]:
    columns: list[Column[Sample]] = [
        Column("name", _("Name"), lambda row: row.name, sort=lambda row: row.name, head=True),
        Column("minutes", _("Minutes"), lambda row: row.minutes, sort=lambda row: row.minutes, numeric=True),
    ]
    return Listing("patterns", columns, SAMPLES, request.GET, caption=_("Sample list"), per_page=3)


def days() -> list[SampleDay]:
    shop = SampleItem("09:10–09:46 (36 phút) Sạp 12, Chợ Mẫu", 36, "3 người")
    bus = SampleItem("17:05–18:20 (75 phút) Xe 20B-000.00", 75)
    return [SampleDay("Thứ Ba 3/5", (shop, bus)), SampleDay("Thứ Tư 4/5", (shop,))]


def bars() -> Bars:
    first, second = Series(_("Known source"), (1, 3, 4, 2)), Series(_("Unknown source"), (0, 1, 2, 2))
    return Bars(_("Cases by day of onset"), ("1/5", "2/5", "3/5", "4/5"), (first, second), axis=_("Day"))


def band() -> Band:
    labels = ("1/5", "2/5", "3/5", "4/5")
    return Band(
        _("Reproduction number"), labels, (None, 1.6, 1.3, 0.9), (None, 1.1, 0.9, 0.6), (None, 2.4, 1.9, 1.3)
    )


def page(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    context = {
        "listing": listing(request),
        "levels": LEVELS,
        "days": days(),
        "bars": bars(),
        "band": band(),
        "summary": [(_("Name"), "N. T. Mẫu", "#", _("Change")), (_("Born"), "1990")],
        "inputs": [(_("Distance"), "1,5 m"), (_("Minutes"), "36")],
    }
    return render(request, "web/patterns.html", context)
