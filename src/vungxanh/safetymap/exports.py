"""Open data of the published snapshot: CSV, GeoJSON, JSON with a schema. Nothing beyond the snapshot."""

import csv
import io
import json
from collections.abc import Callable
from importlib import resources
from typing import Any

#: a cell that a spreadsheet would run
FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    "type",
    "id",
    "name",
    "path",
    "level",
    "on",
    "valid_until",
    "source",
    "cases",
    "population",
    "lat",
    "lon",
)


def rows(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Communes, places and exposed places under one set of columns."""
    return [
        *(_commune(row) for row in data["communes"]),
        *(_place(row) for row in data["places"]),
        *(_exposed(row) for row in data["exposed"]),
    ]


def _commune(row: dict[str, Any]) -> dict[str, Any]:
    kept = {key: row[key] for key in ("name", "path", "level", "cases", "population", "lat", "lon")}
    return {"type": "commune", "id": row["code"], **kept, "on": row["effective_at"], "source": row["basis"]}


def _place(row: dict[str, Any]) -> dict[str, Any]:
    kept = {key: row[key] for key in ("id", "name", "path", "valid_until", "lat", "lon")}
    state = "closed" if row["closed"] else row["band"] or "not-assessed"
    return {"type": "place", **kept, "level": state, "on": row["assessed_at"], "source": row["assessor"]}


def _exposed(row: dict[str, Any]) -> dict[str, Any]:
    span = {"on": row["start"], "valid_until": row["end"]}
    return {"type": "exposed", "id": row["place"], "name": row["name"], "path": row["path"], **span}


def as_csv(data: dict[str, Any]) -> tuple[str, str]:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in rows(data):
        writer.writerow({name: safe(row.get(name)) for name in COLUMNS})
    return "\ufeff" + out.getvalue(), "text/csv; charset=utf-8"


def safe(value: Any) -> Any:
    """Text that begins like a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def as_geojson(data: dict[str, Any]) -> tuple[str, str]:
    features = [
        {
            "type": "Feature",
            "geometry": None
            if row.get("lat") is None
            else {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
            "properties": {name: row.get(name) for name in COLUMNS if name not in ("lat", "lon")},
        }
        for row in rows(data)
    ]
    found = {"type": "FeatureCollection", "features": features}
    return json.dumps(found, ensure_ascii=False), "application/geo+json; charset=utf-8"


def as_json(data: dict[str, Any]) -> tuple[str, str]:
    listed = [{name: row.get(name) for name in COLUMNS} for row in rows(data)]
    return json.dumps({"made_at": data["made_at"], "rows": listed}, ensure_ascii=False), "application/json"


FORMS: dict[str, Callable[[dict[str, Any]], tuple[str, str]]] = {
    "csv": as_csv,
    "geojson": as_geojson,
    "json": as_json,
}


def schema() -> str:
    """JSON Schema of `as_json`."""
    return (resources.files("vungxanh.safetymap") / "open_data.schema.json").read_text("utf-8")
