"""Columns that name the source of a case, and lists of links: resolved when every line is in.

What names a case that is nowhere, and what runs in a circle, is counted; nothing is lost: the line keeps its cell.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from vungxanh.exchange.tables import Table
from vungxanh.outbreak.intake import reading, references
from vungxanh.outbreak.intake.lines import Line
from vungxanh.outbreak.intake.understand import sources_of
from vungxanh.outbreak.models import Case, ImportFile, ImportRow, Link
from vungxanh.people.models import Officer

Verdict = ImportRow.Verdict


def from_sources(by: Officer, file: ImportFile, table: Table) -> dict[str, int]:
    """Links from the column that names the source. -> counts."""
    place = reading.places_of(file).get("source_case")
    if place is None:
        return {}
    told = {number: sources_of(row[place]) for number, row in zip(table.numbers, table.rows, strict=True)}
    rows = ImportRow.objects.filter(file=file).exclude(case=None).values_list("line", "case")
    targets = [(line, case) for line, case in rows if told.get(line)]
    known = resolve(file.sender, (own for line, _ in targets for own in told[line]))
    wanted = [(known[own], case) for line, case in targets for own in told[line] if own in known]
    missing = sum(own not in known for line, _ in targets for own in told[line])
    return make(by, wanted) | {"links_missing": missing}


def resolve(sender: str, owns: Iterable[str]) -> dict[str, int]:
    """Sender's id or `VX-12` -> case."""
    wanted = set(owns)
    found = references.cases_of(sender, wanted)
    ours = {own: int(own[3:]) for own in wanted if own.upper().startswith("VX-") and own[3:].isdigit()}
    there = set(Case.objects.filter(pk__in=ours.values()).values_list("pk", flat=True))  # scope: numbers only
    return found | {own: number for own, number in ours.items() if number in there}


def make(by: Officer, pairs: Iterable[tuple[int, int]]) -> dict[str, int]:
    """Write links (source, target). Where a list says it both ways, whoever began first is the source."""
    wanted = {pair for pair in pairs if pair[0] != pair[1]}
    circular = circles(wanted)
    began = _began({case for pair in wanted for case in pair})
    turned = {pair if (pair[1], pair[0]) not in wanted else _earlier_first(pair, began) for pair in wanted}
    before = Link.objects.count()
    Link.objects.bulk_create(
        [
            Link(source_id=source, target_id=target, kind=Link.Kind.LIST, made_by=by.pk)
            for source, target in turned
        ],
        ignore_conflicts=True,
        batch_size=5000,
    )
    counts = {"links": Link.objects.count() - before}
    return counts | ({"links_circular": circular} if circular else {})


def _began(cases: set[int]) -> Mapping[int, Any]:
    rows = Case.objects.filter(pk__in=cases).values_list("pk", "onset", "sampled")  # scope: days only
    return {number: (onset or sampled, number) for number, onset, sampled in rows}


def _earlier_first(pair: tuple[int, int], began: Mapping[int, Any]) -> tuple[int, int]:
    return min(pair, (pair[1], pair[0]), key=lambda one: began[one[0]])


def circles(pairs: Collection[tuple[int, int]]) -> int:
    """How many cases stand in a circle of three or more (a infected b, b infected c, c infected a) or between two.

    Whoever nobody infected and whoever infected nobody is taken away until nothing changes.
    """
    kept = {pair for pair in pairs if (pair[1], pair[0]) not in pairs}
    while True:
        sources, targets = {pair[0] for pair in kept}, {pair[1] for pair in kept}
        rest = {pair for pair in kept if pair[0] in targets and pair[1] in sources}
        if len(rest) == len(kept):
            return len(sources | targets)
        kept = rest


def write(by: Officer, file: ImportFile, found: Sequence[Line]) -> Counter[str]:
    """A list of links, line by line."""
    known = resolve(file.sender, {own for line in found for own in (line.own, *line.sources) if own})
    rows, pairs = [], []
    for line in found:
        ends = (known.get(line.sources[0]), known.get(line.own)) if line.sources else (None, None)
        good = None not in ends and not line.is_faulty
        if good:
            pairs.append((int(ends[0] or 0), int(ends[1] or 0)))
        verdict = Verdict.NEW if good else Verdict.FAULT
        rows.append(ImportRow(file=file, line=line.number, verdict=verdict, case_id=ends[1], raw=raw_of(line)))
    ImportRow.objects.bulk_create(rows, batch_size=5000)
    made = make(by, pairs)
    counted = Counter(str(row.verdict) for row in rows)
    missing = sum(row.verdict == Verdict.FAULT for row in rows)
    return counted + Counter(made) + Counter({"links_missing": missing})


def raw_of(line: Line) -> str:
    """The line as it was sent."""
    return json.dumps(line.raw, ensure_ascii=False)
