"""FHIR bundles: validated by a kept library, readable back, pseudonymous where no name is given."""

import json
from datetime import UTC, date, datetime

import pytest

from vungxanh.exchange import fhir
from vungxanh.exchange.fhir import Contact, Observation, Patient, Provenance, Response

pytest.importorskip("fhir.resources", reason="the extra fhir is not installed")
AT = datetime(2022, 1, 3, 9, 30, tzinfo=UTC)


def test_a_bundle_of_every_kind_is_read_back() -> None:
    from fhir.resources.R4B.bundle import Bundle

    text = fhir.bundle(
        [
            Patient("p1", sex=2, birth_year=1990, name="Nguyễn Thị Lan", phone="+84944713700", commune="05443"),
            Observation("o1", "p1", "94500-6", AT, "Detected"),
            Observation("o2", "p1", "8310-5", AT, 38.5, "Cel"),
            Response(
                "q1", "p1", "vn.entry|2026.1", AT, {"fever": True, "since": date(2022, 1, 1), "days": 3, "t": 38.5}
            ),
            Contact("c1", "p1", "cùng nhà", AT),
            Provenance("v1", ["p1", "o1"], AT, "CDC Thái Nguyên"),
        ],
        AT,
    )
    whole = Bundle.model_validate_json(text)
    kinds = [entry.resource.get_resource_type() for entry in whole.entry]
    assert kinds == [
        "Patient",
        "Observation",
        "Observation",
        "QuestionnaireResponse",
        "RelatedPerson",
        "Provenance",
    ]
    found = [entry["resource"] for entry in json.loads(text)["entry"]]
    assert (found[0]["birthDate"], found[0]["gender"]) == ("1990", "female")
    assert found[2]["valueQuantity"] == {"value": 38.5, "unit": "Cel"}
    answers = {item["linkId"]: item["answer"][0] for item in found[3]["item"]}
    assert answers == {
        "fever": {"valueBoolean": True}, "since": {"valueDate": "2022-01-01"}, "days": {"valueInteger": 3},
        "t": {"valueDecimal": 38.5},
    }  # fmt: skip


def test_without_a_name_nothing_names_anybody() -> None:
    (entry,) = json.loads(fhir.bundle([Patient("p1", birth_year=1990)], AT))["entry"]
    assert not {"name", "telecom", "address"} & set(entry["resource"])
