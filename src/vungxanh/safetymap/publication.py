"""From decided rows to one published value: communes with their levels, places with theirs, exposed places.

What leaves here names no person and no small number: a count below `limits.suppress_below` becomes None.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from vungxanh.places.models import CommuneBoundary, ExposedPlace, Place, PlaceFact
from vungxanh.places.units import find
from vungxanh.rules.levels import level_rule
from vungxanh.safetymap import limits, points
from vungxanh.safetymap.actions import LEVEL_FACT
from vungxanh.zoning import counts
from vungxanh.zoning.models import AreaLevel


def collect(now: datetime) -> dict[str, Any]:
    """All that the public may see at `now`."""
    return {
        "made_at": now.isoformat(timespec="minutes"),
        "communes": communes(now),
        "places": places(),
        "points": points.published(),
        "exposed": exposed(now),
    }


def suppressed(count: int | None) -> int | None:
    """A count that may be shown; None where it is missing or too small (zero is no small number)."""
    return None if count is None or 0 < count < limits.suppress_below() else count


def communes(now: datetime) -> list[dict[str, Any]]:
    where, outlines = _centres(), _outlines()
    living, spots = _stated("population", now), _stated("open_spots", now)
    decided = AreaLevel.objects.filter(state=AreaLevel.State.DECIDED)  # scope: what is published is for everybody
    rows = decided.order_by("scope_path", "rule")
    return [
        {"population": living.get(row.commune_code), "spots": spots.get(row.commune_code, 0)}
        | _commune(row, where.get(row.scope_path), now)
        | outlines.get(row.scope_path, {})
        for row in rows
    ]


def _stated(name: str, now: datetime) -> dict[str, int]:
    """Commune -> a number stated of it: how many live there, how many outbreak spots are open."""
    found: Counter[str] = Counter()
    for disease in {"", *counts.diseases_with(name)}:
        for code, known in counts.facts_of(disease, timezone.localdate(now)).items():
            if name in known and known[name].disease == disease:
                found[code] += int(known[name].value)
    return dict(found)


def _outlines() -> dict[str, dict[str, Any]]:
    """Commune path -> its imported rings as [lon, lat], and whose they are; nothing where no file gave them."""
    drawn = CommuneBoundary.objects.all()  # scope: an outline is for everybody
    return {row.scope_path: {"outline": _rings(row.geometry), "outline_source": row.source} for row in drawn}


def _rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    """Islands and holes alike: filled by the even-odd rule they come out right."""
    given = geometry["coordinates"]
    polygons = given if geometry["type"] == "MultiPolygon" else [given]
    return [ring for polygon in polygons for ring in polygon]


def _commune(row: AreaLevel, centre: tuple[float, float] | None, now: datetime) -> dict[str, Any]:
    rule, unit = level_rule(row.rule), find(row.commune_code, row.on)
    if centre is None and unit is not None:
        centre = unit.lat, unit.lon
    named, numerator = rule.word(row.level), row.computed.get("numerator", {})
    in_law = rule.in_force(row.on)
    return {
        "code": row.commune_code,
        "scheme": row.commune_scheme,
        "path": row.scope_path,
        "name": row.name,
        "level": row.level,
        "word": named.word.model_dump() if named else None,
        # four colours only for the days on which they were law
        "color": named.color if named and in_law else None,
        "rule": row.rule,
        "basis": rule.basis.doc,
        "on": row.on.isoformat(),
        "effective_at": row.effective_at.isoformat(timespec="minutes") if row.effective_at else None,
        "upcoming": bool(row.effective_at and row.effective_at > now),
        "driving": row.computed.get("driving", []),
        "cases": suppressed(numerator.get("cases")),
        "rate": numerator.get("rate") if suppressed(numerator.get("cases")) is not None else None,
        "verified": bool(row.computed.get("verified")),
        "lat": centre[0] if centre else None,
        "lon": centre[1] if centre else None,
    } | ({"population": numerator["population"]} if numerator.get("population") else {})


def _centres() -> dict[str, tuple[float, float]]:
    """Commune path -> middle of its registered places: where a dot stands while no boundary is given."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    located = Place.objects.filter(lat__isnull=False, lon__isnull=False)  # scope: only means leave this function
    for path, lat, lon in located.values_list("scope_path", "lat", "lon"):
        found[commune_path(path)].append((float(lat or 0), float(lon or 0)))
    return {path: _middle(points) for path, points in found.items()}


def commune_path(path: str) -> str:
    """`/19/05443/p812/p813/` -> `/19/05443/`."""
    return path.split("/p")[0].rstrip("/") + "/"


def _middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)


def places() -> list[dict[str, Any]]:
    """Public kinds of place with their newest level, assessed or not."""
    rows = list(_public_places())
    facts = _newest(place.pk for place in rows)
    return [_place(place, facts.get(place.pk)) for place in rows]


def _public_places() -> Iterable[Place]:
    hidden = [*limits.private_kinds(), "trip", "floor", "stall", "classroom", "workshop"]
    whole = Place.objects.filter(parent=None, merged_into=None)  # scope: what is published is for everybody
    return whole.exclude(kind__in=hidden).order_by("name_sort")


def _newest(ids: Iterable[int]) -> dict[int, PlaceFact]:
    from vungxanh.places.queries import newest_facts

    return newest_facts(ids, LEVEL_FACT)


def _place(place: Place, fact: PlaceFact | None) -> dict[str, Any]:
    value = fact.value if fact else {}
    return {
        "id": place.pk,
        "name": place.name,
        "kind": place.kind,
        "path": place.scope_path,
        "lat": place.lat,
        "lon": place.lon,
        "closed": place.closed.isoformat() if place.closed else None,
        "band": value.get("band"),
        "band_name": value.get("band_name"),
        "may_open": value.get("may_open"),
        "assessor": value.get("assessor"),
        "set": value.get("set"),
        "assessed_at": fact.at.isoformat(timespec="minutes") if fact else None,
        "valid_until": fact.valid_until.isoformat(timespec="minutes") if fact and fact.valid_until else None,
    }


def exposed(now: datetime) -> list[dict[str, Any]]:
    """Released, not withdrawn, not expired."""
    released = ExposedPlace.objects.filter(released_at__isnull=False)  # scope: what is published is for everybody
    rows = released.filter(withdrawn_at=None, expires_at__gt=now)
    return [
        {
            "place": row.place_id,
            "name": row.place.name,
            "path": row.place.scope_path,
            "start": row.start.isoformat(timespec="minutes"),
            "end": row.end.isoformat(timespec="minutes"),
            "advice": row.advice,
            "expires_at": row.expires_at.isoformat(timespec="minutes") if row.expires_at else None,
        }
        for row in rows.select_related("place").order_by("-start")
    ]
