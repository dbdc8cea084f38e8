"""Areas that may be closed in, as the workbench knows them: how many people, for how many days; for reserves."""

from vungxanh.command.needs import Area, register
from vungxanh.core.scope import HasGrants, scoped
from vungxanh.zoning.models import ZoneProposal


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


def register_all() -> None:
    register("zones", areas)
