"""The engine for work: slices of memory-mapped segments, arrays instead of rows."""

from collections import Counter
from weakref import WeakKeyDictionary

import numpy as np

from vungxanh.lake.memory import Lake
from vungxanh.lake.segment import Segment
from vungxanh.rules.contact import Bounds, ContactRule, assumptions
from vungxanh.tracing.engines.index_hubs import Hubs
from vungxanh.tracing.engines.index_needs import Asked
from vungxanh.tracing.engines.index_rows import Block, Rows
from vungxanh.tracing.engines.index_search import Ground, Search, first_hop, isolations_of
from vungxanh.tracing.engines.index_two_places import two_places
from vungxanh.tracing.model import IndexPerson, TraceRequest, TraceResult, Truncation, Window
from vungxanh.tracing.window import infectious, rule_of

#: what was worked out for a segment: the rule's tables, the hubs of a bound
_asked: WeakKeyDictionary[Segment, dict[str, Asked]] = WeakKeyDictionary()
_hubs: WeakKeyDictionary[Segment, dict[int, Hubs]] = WeakKeyDictionary()


def run(request: TraceRequest, lake: Lake) -> TraceResult:
    """See vungxanh.tracing."""
    segment = lake.segment()
    cases = sorted(request.cases, key=lambda case: case.person)
    codes = segment.person_codes(np.array([case.person for case in cases], dtype=np.int64)).tolist()
    windows = [window_of(request, segment, case, code) for case, code in zip(cases, codes, strict=True)]
    grounds: dict[str, Ground] = {}
    blocks: list[Block] = []
    for rule_id in dict.fromkeys(w.rule for w in windows):
        chosen = [(c, w) for c, w in zip(cases, windows, strict=True) if w.rule == rule_id]
        grounds[rule_id] = ground = ground_of(segment, rule_of(request, chosen[0][0]), request.bounds)
        blocks += searched(ground, request.generations, chosen)
    rows = Rows(segment, blocks)
    by_person = {w.index: w for w in windows}
    return TraceResult(
        rows=rows.merged() if request.merge else rows,
        windows=tuple(by_person[case.person] for case in request.cases),
        truncated=truncated(list(grounds.values())),
        place_events=tuple(sorted(event for ground in grounds.values() for event in ground.events)),
        bad_data=tuple(sorted(found for block in blocks for found in two_places(segment, block))),
        unknown=unknown(segment, request.cases),
        presumed=tuple(sorted(assumptions().presumed)),
        lake=lake.state,
        engine="index",
    )


def window_of(request: TraceRequest, segment: Segment, case: IndexPerson, code: int) -> Window:
    isolations = isolations_of(segment, code) if code >= 0 and len(segment.isolations) else []
    return infectious(case, rule_of(request, case), isolations, segment.end)


def ground_of(segment: Segment, rule: ContactRule, bounds: Bounds | None) -> Ground:
    limits = bounds or rule.bounds
    asked = _asked.setdefault(segment, {})
    if asked.get(rule.id) is None or asked[rule.id].rule is not rule:
        asked[rule.id] = Asked(rule, segment)
    hubs = None
    if limits.hub_people is not None:
        known = _hubs.setdefault(segment, {})
        hubs = known.get(limits.hub_people)
        if hubs is None:
            hubs = known[limits.hub_people] = Hubs(segment, limits.hub_people)
    return Ground(segment, rule, limits, asked[rule.id], hubs)


def searched(ground: Ground, generations: int, cases: list[tuple[IndexPerson, Window]]) -> list[Block]:
    if generations == 1:
        return [first_hop(ground, [window for _, window in cases])]
    codes = ground.segment.person_codes(np.array([case.person for case, _ in cases]))
    return [
        block
        for (case, window), code in zip(cases, codes, strict=True)
        if code >= 0
        for block in Search(ground, case, window, int(code)).run(generations)
    ]


def truncated(grounds: list[Ground]) -> tuple[Truncation, ...]:
    left_out: Counter[tuple[int, str]] = Counter()
    for ground in grounds:
        left_out.update(ground.left_out)
        left_out.update((event.hop, "hub") for event in ground.events)
    return tuple(sorted(Truncation(hop, bound, n) for (hop, bound), n in left_out.items()))


def unknown(segment: Segment, cases: tuple[IndexPerson, ...]) -> tuple[int, ...]:
    codes = segment.person_codes(np.array([case.person for case in cases], dtype=np.int64))
    return tuple(case.person for case, code in zip(cases, codes, strict=True) if code < 0)
