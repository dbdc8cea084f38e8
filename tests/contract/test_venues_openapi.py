"""What other systems read before they send: the description is served, and answers are as it says."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from vungxanh.places.schemas import NewPlace
from vungxanh.venues.actions import VenueFacts, open_gate, register_venue

pytestmark = pytest.mark.django_db

LAN = "019190000123||Nguyễn Thị Lan|01011990|Nữ|Tổ 5, Phan Đình Phùng, Thái Nguyên|01052021"
PATHS = {"ping": "get", "form": "get", "scans": "post", "tally": "post", "ticket": "post", "trip": "post",
         "phone": "post", "phone/check": "post"}  # fmt: skip
TYPES: dict[str, Any] = {"string": str, "integer": int, "array": list, "object": dict, "boolean": bool}


def wrong(value: Any, schema: dict[str, Any], whole: dict[str, Any], at: str = "$") -> list[str]:
    """Where `value` is not what `schema` says; the words of JSON Schema that our description uses."""
    if "$ref" in schema:
        schema = whole["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "type" in schema and not isinstance(value, TYPES[schema["type"]]):
        return [f"{at}: {value!r} is no {schema['type']}"]
    faults = [f"{at}: {value!r} is not listed"] if value not in schema.get("enum", [value]) else []
    if isinstance(value, dict):
        faults += [f"{at}.{name} is missing" for name in schema.get("required", []) if name not in value]
        for name, each in value.items():
            faults += wrong(each, schema.get("properties", {}).get(name, {}), whole, f"{at}.{name}")
    if isinstance(value, list):
        faults += [f for n, each in enumerate(value) for f in wrong(each, schema["items"], whole, f"{at}[{n}]")]
    return faults


@pytest.fixture
def described(client: Client) -> dict[str, Any]:
    answer = client.get("/api/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_every_address_of_a_gate_is_described_and_asks_for_its_token(described: dict[str, Any]) -> None:
    mine = {path: list(ways) for path, ways in described["paths"].items() if path.startswith("/api/venues/")}
    assert mine == {f"/api/venues/{path}": [way] for path, way in PATHS.items()}
    for path, way in PATHS.items():
        assert described["paths"][f"/api/venues/{path}"][way]["security"] == [{"GateToken": []}]
        assert described["paths"][f"/api/venues/{path}"][way]["summary"]


def test_a_list_is_answered_by_a_verdict_a_record_as_described(client: Client, described: dict[str, Any]) -> None:
    new = NewPlace(kind="cafe", name="Quán Ban Mai", commune_code="05443", commune_on=date(2026, 1, 1))
    kept = register_venue(by=None, new=new, facts=VenueFacts(), phone="+84912345678")
    _gate, token = open_gate(by=None, venue=kept, place=kept.place, name="Cổng")
    headers = {"authorization": f"Bearer {token}"}
    now = timezone.now()
    records = [
        {"id": "a", "at": now.isoformat(), "code": LAN, "way": "scanner"},
        {"id": "b", "at": now.isoformat(), "code": "WIFI:S:cho;T:WPA;P:12345678;;"},
        {"id": "c", "at": (now + timedelta(hours=1)).isoformat(), "code": LAN},
        {"id": "a", "at": now.isoformat(), "code": LAN, "way": "scanner"},
    ]
    answer = client.post("/api/venues/scans", {"records": records}, "application/json", headers=headers)
    said = answer.json()
    statuses = [(one["id"], one["status"], one["reason"]) for one in said["answers"]]
    assert statuses == [
        ("a", "accepted", ""),
        ("b", "refused", "venues.not-a-person"),
        ("c", "refused", "venues.from-the-future"),
        ("a", "duplicate", ""),
    ]
    operation = described["paths"]["/api/venues/scans"]["post"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert wrong(said, schema, described) == []
    assert wrong({"answers": [{"id": 1}], "inside": 0}, schema, described) == [
        "$.skew is missing",
        "$.answers[0].status is missing",
        "$.answers[0].id: 1 is no string",
    ]
    assert client.post("/api/venues/scans", {"records": []}, "application/json").status_code == 401
    misspelt = {"records": [{**records[0], "cod": "x"}]}
    assert client.post("/api/venues/scans", misspelt, "application/json", headers=headers).status_code == 422
