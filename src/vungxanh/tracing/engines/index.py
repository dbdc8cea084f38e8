"""The engine for work: slices of memory-mapped segments, arrays instead of rows."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from vungxanh.lake.memory import Lake
from vungxanh.lake.presence import Longs
from vungxanh.lake.segment import Segment, Words
from vungxanh.rules.contact import Bounds, ContactRule, assumptions
from vungxanh.tracing.engines.index_hubs import Hubs
from vungxanh.tracing.engines.index_kernels import kernel_for
from vungxanh.tracing.engines.index_needs import Asked
from vungxanh.tracing.engines.index_rows import Block, Rows
from vungxanh.tracing.engines.index_search import Ground, Search, first_hop
from vungxanh.tracing.engines.index_two_places import two_places
from vungxanh.tracing.model import IndexPerson, TraceRequest, TraceResult, Truncation, Window
from vungxanh.tracing.progress import note
from vungxanh.tracing.window import infectious, rule_of

#: what was worked out for the words of a segment, and for a segment: the rule's tables, the hubs of a bound
_asked: WeakKeyDictionary[Words, dict[str, Asked]] = WeakKeyDictionary()
_hubs: WeakKeyDictionary[Segment, dict[int, Hubs]] = WeakKeyDictionary()


def run(request: TraceRequest, lake: Lake) -> TraceResult:
    """See vungxanh.tracing."""
    segment = lake.segment()
    kernel = kernel_for(segment)
    cases = sorted(request.cases, key=lambda case: case.person)
    codes = segment.persons.codes(np.array([case.person for case in cases], dtype=np.int64))
    windows = windows_of(request, segment, cases, codes)
    grounds: dict[str, Ground] = {}
    blocks: list[Block] = []
    for rule_id in dict.fromkeys(w.rule for w in windows):
        chosen = [i for i, w in enumerate(windows) if w.rule == rule_id]
        rule = rule_of(request, cases[chosen[0]])
        grounds[rule_id] = ground = ground_of(segment, rule, request.bounds, kernel)
        of = [(cases[i], windows[i]) for i in chosen]
        blocks += searched(ground, request.generations, of, codes[chosen])
    rows = Rows(segment, blocks)
    by_person = {w.index: w for w in windows}
    strangers = {case.person for case, code in zip(cases, codes.tolist(), strict=True) if code < 0}
    return TraceResult(
        rows=rows.merged() if request.merge else rows,
        windows=tuple(by_person[case.person] for case in request.cases),
        truncated=truncated(list(grounds.values())),
        place_events=tuple(sorted(event for ground in grounds.values() for event in ground.events)),
        bad_data=tuple(sorted(found for block in blocks for found in two_places(segment, block))),
        unknown=tuple(case.person for case in request.cases if case.person in strangers),
        presumed=tuple(sorted(assumptions().presumed)),
        lake=lake.state,
        engine="index",
    )


def windows_of(
    request: TraceRequest, segment: Segment, cases: Sequence[IndexPerson], codes: Longs
) -> list[Window]:
    """The window of each case; those of whom nothing but a day is known are worked out once a day."""
    apart = segment.apart.knows(codes.astype(np.int32))
    by_day: dict[tuple[date | None, date | None, int | None, int | None], Window] = {}
    found = []
    for case, code, kept_apart in zip(cases, codes.tolist(), apart.tolist(), strict=True):
        if kept_apart or case.isolated is not None or case.negative is not None or case.source_contact is not None:
            isolations = segment.apart.of(code) if kept_apart else []
            found.append(infectious(case, rule_of(request, case), isolations, segment.end))
            continue
        facts = (case.onset, case.sampled, case.start, case.end)
        known = by_day.get(facts)
        if known is None:
            known = by_day[facts] = infectious(case, rule_of(request, case), [], segment.end)
        found.append(Window(case.person, known.start, known.end, known.rule, known.ended_by))
    return found


def ground_of(segment: Segment, rule: ContactRule, bounds: Bounds | None, kernel: Any) -> Ground:
    limits = bounds or rule.bounds
    asked = _asked.setdefault(segment.words, {})
    if asked.get(rule.id) is None or asked[rule.id].rule is not rule:
        asked[rule.id] = Asked(rule, segment.words)
    hubs = None
    if limits.hub_people is not None:
        known = _hubs.setdefault(segment, {})
        hubs = known.get(limits.hub_people)
        if hubs is None:
            hubs = known[limits.hub_people] = Hubs(segment, limits.hub_people)
    return Ground(segment, rule, limits, asked[rule.id], hubs, kernel)


def searched(
    ground: Ground, generations: int, cases: list[tuple[IndexPerson, Window]], codes: Longs
) -> list[Block]:
    if generations == 1:
        return first_hop(ground, [window for _, window in cases], codes)
    blocks: list[Block] = []
    for number, ((case, window), code) in enumerate(zip(cases, codes.tolist(), strict=True)):
        note("cases", number, len(cases))
        if code >= 0:
            blocks += Search(ground, case, window, code).run(generations)
    return blocks


def truncated(grounds: list[Ground]) -> tuple[Truncation, ...]:
    left_out: Counter[tuple[int, str]] = Counter()
    for ground in grounds:
        left_out.update(ground.left_out)
        left_out.update((event.hop, "hub") for event in ground.events)
    return tuple(sorted(Truncation(hop, bound, n) for (hop, bound), n in left_out.items()))
