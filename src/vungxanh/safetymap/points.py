"""Where people declare or are tested: a place that an official made such a point, with its hours and telephone."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.places.actions import put_fact
from vungxanh.places.models import Place, PlaceFact
from vungxanh.places.queries import newest_facts

FACT = "safetymap.service"
KINDS = {"testing": _("Testing"), "declaration": pgettext_lazy("point", "Declaration")}


@transaction.atomic
def set_point(*, by: audit.By, place: Place, kind: str, hours: str = "", phone: str = "") -> None:
    """Make a place a point of service, or (kind "") no longer one; the next snapshot shows it.

    Raises UserError `safetymap.point-unknown`, `safetymap.closed-place`.
    """
    if kind and kind not in KINDS:
        raise UserError("safetymap.point-unknown", field="kind", kind=kind[:40])
    if kind and place.closed:
        raise UserError("safetymap.closed-place", name=place.name)
    value = {"kind": kind, "hours": hours.strip()[:60], "phone": phone.strip()[:20]}
    put_fact(place=place, kind=FACT, value=value, source="safetymap")
    audit.record(by=by, action="safetymap:point:set", subject=f"place:{place.pk}", details={"kind": kind})


def published() -> list[dict[str, Any]]:
    """Every point of service of an open place, by name."""
    marked = PlaceFact.objects.filter(kind=FACT).values("place")  # scope: what is published is for everybody
    open_ = Place.objects.filter(pk__in=marked, merged_into=None, closed=None)  # scope: as above
    rows = {place.pk: place for place in open_}
    facts = newest_facts(rows, FACT)
    found = [
        {"place": number, "name": rows[number].name, "path": rows[number].scope_path, **fact.value}
        for number, fact in facts.items()
        if fact.value["kind"]
    ]
    return sorted(found, key=lambda row: rows[row["place"]].name_sort)
