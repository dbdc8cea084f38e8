"""What everybody may see, from snapshots only: list, map as a picture, a page a commune and a place, open data."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungxanh.core.errors import UserError
from vungxanh.places.search import search as search_units
from vungxanh.safetymap import basemap, exports, features, queries
from vungxanh.safetymap.models import Snapshot
from vungxanh.safetymap.shown import commune_shown, kind_name, moment, place_shown, point_shown, window
from vungxanh.safetymap.svgmap import draw, live_labels

#: rows of a list on one page: an old phone on a slow network
MOST = 25

View = Callable[..., HttpResponse]


def published(view: View) -> View:
    """Hands the newest snapshot to a view; answers 304 to whoever has it; a cache may keep it for five minutes."""

    @require_safe
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        snapshot = queries.newest_snapshot()
        hour = int(timezone.now().timestamp()) // 3600  # what is stale, expired or in effect changes by itself
        mark = f'"{snapshot.digest if snapshot else "none"}-{get_language()}-{hour}"'
        if request.headers.get("If-None-Match") == mark and not request.GET:
            return HttpResponseNotModified()
        response = view(request, snapshot, *args, **kwargs)
        response["ETag"], response["Cache-Control"] = mark, "public, max-age=300"
        response["Vary"] = "Accept-Language, Cookie"
        return response

    return guarded


def _data(snapshot: Snapshot | None) -> dict[str, Any]:
    """What was published, without the exposed places that have expired since."""
    if snapshot is None:
        return {"communes": [], "places": [], "exposed": [], "made_at": None}
    now = timezone.now()
    exposed = [row for row in snapshot.data["exposed"] if (until := moment(row["expires_at"])) and until > now]
    return {**snapshot.data, "exposed": exposed}


@published
def index(request: HttpRequest, snapshot: Snapshot | None) -> HttpResponse:
    data, text = _data(snapshot), request.GET.get("q", "").strip()[:80]
    paths, old = _paths(text)
    communes = [row for row in data["communes"] if not text or row["path"] in paths or _called(row, text)]
    places = [row for row in data["places"] if not text or _inside(row, paths) or _called(row, text)]
    places.sort(key=lambda row: not row["assessed_at"])  # what is known comes first
    exposed = [row for row in data["exposed"] if not text or _inside(row, paths) or _called(row, text)]
    context = {
        "q": text,
        "old": old,
        "made_at": snapshot.made_at if snapshot else None,
        "communes": [(row, commune_shown(row)) for row in communes[:MOST]],
        "places": [(row, place_shown(row), kind_name(row["kind"])) for row in places[:MOST]],
        "exposed": [(row, window(row)) for row in exposed[:MOST]],
        "points": [(row, point_shown(row)) for row in _points(data, text, paths)[:MOST]],
        "labels": live_labels(_day(snapshot), _language()),
        "basemap": basemap.path().exists(),
        "more": max(len(communes), len(places)) > MOST,
        "picture": draw(_dots(communes), day=_day(snapshot), language=_language()),
        "shapes": {row["color"] or row["level"] for row in communes},
        "spots": any(row.get("spots") for row in communes),
        "sources": sorted({row["outline_source"] for row in communes if row.get("outline_source")}),
        "near": draw(_dots(communes), day=_day(snapshot), language=_language(), near=True) if communes else None,
    }
    return render(request, "safetymap/public.html", context)


def _points(data: dict[str, Any], text: str, paths: set[str]) -> list[dict[str, Any]]:
    """Points of service that a search means, all without one."""
    rows = data.get("points", [])
    return [row for row in rows if not text or _inside(row, paths) or _called(row, text)]


def _called(row: dict[str, Any], text: str) -> bool:
    return bool(queries.matching([row], text))


def _inside(row: dict[str, Any], paths: set[str]) -> bool:
    return any(row["path"].startswith(path) for path in paths)


def _paths(text: str) -> tuple[set[str], list[str]]:
    """Paths of today's communes that a name, old or new, means; and how an old name is called today."""
    if len(text) < 2:
        return set(), []
    try:
        found = search_units(text, timezone.localdate(), limit=10)
    except UserError:
        return set(), []
    paths, old = set(), []
    for match in found:
        now = match.today.certain if match.today else match.unit
        if now is None or now.level != "commune":
            continue
        paths.add(f"/{now.parent}/{now.code}/")
        if match.today and match.unit.full_name != now.full_name:
            old.append(_("%(old)s is now %(new)s") % {"old": match.unit.full_name, "new": now.full_name})
    return paths, old


def _dots(communes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "lat": row["lat"],
            "lon": row["lon"],
            "color": row["color"],
            "shape": row["color"] or row["level"],
            "spots": row.get("spots", 0),
            "population": row["population"],
            "outline": row.get("outline"),
            "title": f"{row['name']}: {commune_shown(row).word}",
        }
        for row in communes
    ]


def _day(snapshot: Snapshot | None) -> Any:
    return timezone.localdate(snapshot.made_at) if snapshot else timezone.localdate()


def _language() -> str:
    return (get_language() or "vi")[:2]


@published
def commune(request: HttpRequest, snapshot: Snapshot | None, code: str) -> HttpResponse:
    data = _data(snapshot)
    row = next((one for one in data["communes"] if one["code"] == code), None)
    if row is None:
        raise Http404
    inside = [one for one in data["places"] if one["path"].startswith(row["path"])]
    context = {
        "row": row,
        "shown": commune_shown(row),
        "driving": [one.get(_language(), "") for one in row["driving"]],
        "places": [(one, place_shown(one), kind_name(one["kind"])) for one in inside],
        "exposed": [(one, window(one)) for one in data["exposed"] if one["path"].startswith(row["path"])],
    }
    return render(request, "safetymap/commune.html", context)


@published
def place(request: HttpRequest, snapshot: Snapshot | None, number: int) -> HttpResponse:
    data = _data(snapshot)
    row = next((one for one in data["places"] if one["id"] == number), None)
    if row is None:
        raise Http404
    context = {
        "row": row,
        "shown": place_shown(row),
        "kind": kind_name(row["kind"]),
        "exposed": [(one, window(one)) for one in data["exposed"] if one["place"] == number],
        "made_at": moment_of(snapshot),
    }
    return render(request, "safetymap/place.html", context)


def moment_of(snapshot: Snapshot | None) -> datetime | None:
    return snapshot.made_at if snapshot else None


@published
def live(request: HttpRequest, snapshot: Snapshot | None) -> HttpResponse:
    """What the live map draws."""
    content = json.dumps(features.collection(_data(snapshot)), ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(content, content_type="application/geo+json; charset=utf-8")


@require_safe
def ground(request: HttpRequest) -> HttpResponse:
    """The basemap of this installation, checked when it was kept."""
    if not basemap.path().exists():
        raise Http404
    response = HttpResponse(basemap.path().read_bytes(), content_type="application/geo+json; charset=utf-8")
    response["Content-Encoding"], response["Cache-Control"] = "gzip", "public, max-age=86400"
    return response


@published
def open_data(request: HttpRequest, snapshot: Snapshot | None, form: str) -> HttpResponse:
    content, media = exports.FORMS[form](_data(snapshot))
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="vungxanh-an-toan.{form}"'
    return response


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """What each column of the open data means."""
    return HttpResponse(exports.schema(), content_type="application/schema+json; charset=utf-8")
