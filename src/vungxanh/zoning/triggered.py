"""Facts of a rule by triggers (QĐ 2686): cases present, whether their source is known, who lies beside whom.

Counts say how many of the cases are linked: those have a known source. Everything else that the rule asks (a
cluster, F1 in the community, illegal entry, quarantine sites, the kind of place a source is) is stated of the
area; what nobody states leaves the level open upwards. Neighbours are stated (`neighbours`: a list of codes) or
read from the imported outlines.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from vungxanh.places.adjacency import touching
from vungxanh.places.models import CommuneBoundary
from vungxanh.places.table import scheme_on
from vungxanh.zoning.counts import Counts
from vungxanh.zoning.models import AreaFact

Known = Mapping[str, AreaFact]


def data_of(codes: Iterable[str], day: date, present_days: int, told: Counts, facts: Mapping[str, Known]) -> Any:
    """`{"areas": […], "neighbours": […]}` as the rules take it; a neighbour without counts is an area too."""
    pairs = neighbours(day, facts)
    named = {*codes, *(code for pair in pairs for code in pair)}
    areas = [_area(code, day, present_days, told, facts.get(code, {})) for code in sorted(named)]
    return {"areas": areas, "neighbours": pairs}


def _area(code: str, day: date, present_days: int, told: Counts, known: Known) -> dict[str, Any]:
    since = day - timedelta(days=present_days - 1)
    cases, linked = told.total(code, since, day), told.total(code, since, day, linked=True)
    stated = {name: row.value for name, row in known.items() if not name.startswith("epidemic:")}
    return {
        "area": code,
        "cases_known_source": linked,
        "cases_unknown_source": cases - linked,
        # without two cases there is no cluster, whatever nobody stated
        **({"clusters_unknown_source": 0, "cluster_source_kinds": []} if cases < 2 else {}),
        **({"case_source_kinds": []} if not cases else {}),
        **stated,
    }


def neighbours(day: date, facts: Mapping[str, Known]) -> list[list[str]]:
    """Pairs of communes that lie side by side."""
    rows = CommuneBoundary.objects.filter(commune_scheme=scheme_on(day))  # scope: an outline is for everybody
    drawn = touching(dict(rows.values_list("commune_code", "geometry")))
    stated = [
        [code, str(other)]
        for code, known in facts.items()
        if "neighbours" in known
        for other in known["neighbours"].value
    ]
    return sorted(map(list, {tuple(sorted(pair)) for pair in [*drawn, *stated]}))
