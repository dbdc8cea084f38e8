"""Sealed answers: the same years later, and any change is named."""

from dataclasses import replace
from datetime import date

import pytest

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import day_start
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.memory import MemoryLake
from vungxanh.lake.rows import Place, Visit
from vungxanh.rules.contact import Bounds, contact_rule
from vungxanh.tracing import trace
from vungxanh.tracing.model import IndexPerson, TraceRequest
from vungxanh.tracing.seal import Seal, own_part, replay, seal

NOON = day_start(date(2022, 1, 3)) + 720
REQUEST = TraceRequest((IndexPerson(1, onset=date(2022, 1, 3)),), generations=2, bounds=Bounds(None, 5, 0))


def lake(*more: Visit) -> MemoryLake:
    visits = [Visit(p, 10, NOON, NOON + 30) for p in (1, 2)] + [Visit(p, 11, NOON + 60, NOON + 90) for p in (2, 3)]
    return MemoryLake(Evidence.of(visits=[*visits, *more], places=[Place(10, "room"), Place(11, "room")]))


def test_a_sealed_trace_replays_to_the_same_rows() -> None:
    sealed = seal(REQUEST, trace(REQUEST, lake()))
    again = replay(Seal.of_json(sealed.as_json()), lake())
    assert again.differs == ()
    assert again.same
    assert len(again.result.rows) == sealed.rows == 2


def test_a_lake_that_has_grown_is_named_and_so_is_its_other_answer() -> None:
    sealed = seal(REQUEST, trace(REQUEST, lake()))
    later = lake(Visit(9, 50, NOON + 500, NOON + 510))
    assert replay(sealed, later).differs == ("lake",)
    assert replay(sealed, lake(Visit(9, 10, NOON, NOON + 10))).differs == ("lake", "answer")


def test_a_tampered_seal_is_refused() -> None:
    text = seal(REQUEST, trace(REQUEST, lake())).as_json()
    for broken in (text.replace('"rows": 2', '"rows": 1'), text[:-5], "{}"):
        with pytest.raises(UserError, match="altered"):
            Seal.of_json(broken)


def test_a_rule_made_up_for_a_question_cannot_be_sealed() -> None:
    bent = replace(REQUEST, rule=replace(contact_rule("vn.covid19.f1.11042"), latency_minutes=5))
    with pytest.raises(UserError, match="belongs to no pack"):
        seal(bent, trace(bent, lake()))


def test_a_citizen_sees_their_own_part_and_nobody_else() -> None:
    (part,) = own_part(trace(REQUEST, lake()).rows, 3)
    assert (part["generation"], part["minutes"]) == (2, 30)
    assert "path" not in part
    assert "index" not in part
    assert "infector" not in str(part)
