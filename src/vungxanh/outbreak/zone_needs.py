"""For reserves: areas that may be closed in, with their people and days, and the population of communes."""

from collections.abc import Sequence
from datetime import date

from vungxanh.command.needs import Area, Census, register, register_census
from vungxanh.core.scope import HasGrants, scoped
from vungxanh.zoning.models import AreaFact, ZoneProposal


def areas(officer: HasGrants) -> list[Area]:
    """Proposed and decided zones that the officer may see; the middle option is the one proposed."""
    rows = scoped(ZoneProposal.objects.exclude(state=ZoneProposal.State.LIFTED), officer).order_by("-made_at")[:50]
    return [_area(row) for row in rows]


def _area(row: ZoneProposal) -> Area:
    option = row.options[len(row.options) // 2] if row.options else {}
    names = ", ".join(unit.get("name") or "" for unit in option.get("units", [])[:3])
    return Area(
        f"zone:{row.pk}", f"#{row.pk} {names}".strip(), int(option.get("people", 0)), row.days, row.scope_path
    )


def population(paths: Sequence[str], day: date) -> dict[str, Census]:
    """The newest population of each commune that was told for `day` or before."""
    rows = AreaFact.objects.filter(name="population", scope_path__in=paths, on__lte=day)  # scope: public numbers
    newest = rows.order_by("scope_path", "-on", "-told_at").distinct("scope_path")
    return {row.scope_path: Census(int(row.value), row.on, row.source) for row in newest}


def register_all() -> None:
    register_census(population)
    register("zones", areas)
