"""The engine: rule + evidence -> contacts with reasons. No Django, no SQL of the rooms, no names."""

from dataclasses import replace
from importlib import import_module
from typing import Protocol

from vungxanh.core.errors import UserError
from vungxanh.lake.memory import Lake
from vungxanh.tracing.model import IndexPerson, TraceRequest, TraceResult

#: name -> module with `run(request, lake) -> TraceResult`, imported when asked for
ENGINES = {
    "reference": "vungxanh.tracing.engines.reference",
    "index": "vungxanh.tracing.engines.index",
    "duckdb": "vungxanh.tracing.engines.duckdb",
    "spark": "vungxanh.tracing.engines.spark",
}


class Engine(Protocol):
    def run(self, request: TraceRequest, lake: Lake) -> TraceResult:
        """The answer to the request in the lake."""


def once(cases: tuple[IndexPerson, ...]) -> tuple[IndexPerson, ...]:
    """Each case once. Raises UserError `tracing.case-twice` where one is given with different facts."""
    found: dict[int, IndexPerson] = {}
    for case in cases:
        if found.setdefault(case.person, case) != case:
            raise UserError("tracing.case-twice", person=case.person)
    return tuple(found.values())


def trace(request: TraceRequest, lake: Lake) -> TraceResult:
    """Who was exposed to the cases of `request`, by generation, with evidence.

    Every engine gives the same rows. Raises UserError `tracing.unknown-engine`, `tracing.no-case`,
    `rules.unknown-rule`, `rules.none-in-force`, `rules.no-date`.
    """
    if request.engine not in ENGINES:
        raise UserError("tracing.unknown-engine", engine=request.engine[:40], choices=", ".join(ENGINES))
    if not request.cases:
        raise UserError("tracing.no-case")
    request = replace(request, cases=once(request.cases))
    engine: Engine = import_module(ENGINES[request.engine])
    return engine.run(request, lake)
