"""One chunk of a list written: known records brought up to date, new ones made, doubtful ones held."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from django.utils import timezone

from vungxanh.core.append import copy_new
from vungxanh.core.minutes import VIETNAM
from vungxanh.core.scope import Grant, grants_of, scoped
from vungxanh.core.vault import encrypt
from vungxanh.outbreak import follow_actions
from vungxanh.outbreak.intake import links, reading, references, spots, update_actions
from vungxanh.outbreak.intake.lines import Context, Line
from vungxanh.outbreak.models import Case, Contact, ImportFile, ImportRow, LabResult, Reference
from vungxanh.people.actions import bulk_register
from vungxanh.people.matching import Match, facts_of, matches
from vungxanh.people.models import Officer, Person
from vungxanh.people.names import keys_of
from vungxanh.people.register import copy_rows
from vungxanh.people.roles import Permission
from vungxanh.people.schemas import PersonIn

Verdict = ImportRow.Verdict
PURPOSE = "import of a list"


@dataclass
class Chunk:
    """Lines of one file on their way into the tables."""

    by: Officer
    file: ImportFile
    told: Context
    grants: Sequence[Grant] = ()
    rows: list[ImportRow] = field(default_factory=list)

    made: list[tuple[str, int, int | None, int | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.grants = grants_of(self.by, Permission.CASE_WRITE)

    def note(self, line: Line, verdict: str, **more: Any) -> None:
        raw = links.raw_of(line)
        self.rows.append(ImportRow(file=self.file, line=line.number, verdict=verdict, raw=raw, **more))


def write(by: Officer, file: ImportFile, found: Sequence[Line], told: Context) -> Counter[str]:
    """Inside the caller's transaction. -> counts by verdict."""
    chunk = Chunk(by, file, told)
    sources = links.resolve(file.sender, {own for line in found for own in line.sources})
    known = _known(chunk, found)
    fresh: list[Line] = []
    for line in found:
        if file.kind == "contacts":
            _place_source(line, sources)
        record = known.get(_key(line))
        if line.is_faulty or (record is not None and _again(chunk, line, record)):
            chunk.note(line, Verdict.FAULT if line.is_faulty else Verdict.SAME, person=_person_of(record))
        elif record is not None:
            _bring_up_to_date(chunk, line, record)
        else:
            fresh.append(line)
            known[_key(line)] = line
    _new(chunk, fresh, sources)
    copy_rows("outbreak_importrow", _ROW, (_row(row) for row in chunk.rows))
    references.new(file.sender, file.kind, chunk.made)
    return Counter(str(row.verdict) for row in chunk.rows)


_ROW = ("file_id", "line", "verdict", "person", "case_id", "contact_id", "matches", "raw")


def _row(row: ImportRow) -> tuple[object, ...]:
    """By COPY: a list of a hundred thousand lines is as many rows."""
    raw = encrypt("import", str(row.raw))
    matches = json.dumps(row.matches)
    return (row.file_id, row.line, row.verdict, row.person, row.case_id, row.contact_id, matches, raw)


def _key(line: Line) -> object:
    return line.ours or references.digest(line.own)


Record: TypeAlias = Reference | Line


def _known(chunk: Chunk, found: Sequence[Line]) -> dict[object, Record]:
    """Records that the lines name by the sender's id or by our own number."""
    owns = (line.own for line in found)
    known: dict[object, Record] = dict(references.known(chunk.file.sender, chunk.file.kind, owns).items())
    numbers = [line.ours for line in found if line.ours]
    if chunk.file.kind == "cases":
        cases = scoped(Case.objects.filter(pk__in=numbers), chunk.by, Permission.CASE_WRITE)
        known |= {case.pk: Reference(case=case, person=case.person) for case in cases}
    elif chunk.file.kind == "contacts":
        contacts = scoped(Contact.objects.filter(pk__in=numbers), chunk.by, Permission.CASE_WRITE)
        known |= {row.pk: Reference(contact=row, person=row.person) for row in contacts}
    for line in found:
        if line.ours and line.ours not in known and not line.is_faulty:
            line.fault("ours", "outbreak.own-id")
    done = set(ImportRow.objects.filter(file=chunk.file, case__in=_cases(known)).values_list("case", flat=True))
    for key, record in list(known.items()):
        if isinstance(record, Reference) and record.case_id in done:
            known[key] = Line(0, own="twice")
    return known


def _cases(known: dict[object, Record]) -> set[int]:
    found = {row.case_id for row in known.values() if isinstance(row, Reference)}
    return {number for number in found if number is not None}


def _again(chunk: Chunk, line: Line, record: Record) -> bool:
    """The same id earlier in this list: a fault where the sender numbers its lines, else the same line twice."""
    if isinstance(record, Reference):
        return False
    if not line.own.startswith("~"):
        line.fault("id", "outbreak.id-twice", id=line.own[:40])
    return True


def _person_of(record: Record | None) -> int | None:
    return record.person if isinstance(record, Reference) else None


def _place_source(line: Line, sources: dict[str, int]) -> None:
    if line.sources and not any(own in sources for own in line.sources):
        line.fault("source_case", "outbreak.source-unknown", id=line.sources[0][:40])


def _bring_up_to_date(chunk: Chunk, line: Line, record: Record) -> None:
    assert isinstance(record, Reference)
    changed = update_actions.update(chunk.by, chunk.told, line, record)
    verdict = Verdict.UPDATED if changed else Verdict.SAME
    chunk.note(line, verdict, person=record.person, case=record.case, contact=record.contact)


# ------------------------------------------------------------------ new records


def _new(chunk: Chunk, fresh: Sequence[Line], sources: dict[str, int]) -> None:
    """In two waves: whoever looks like an earlier line of this chunk is compared once that one is registered."""
    first, later = _waves(fresh)
    for wave in (first, later):
        if wave:
            _wave(chunk, wave, sources)


def _waves(fresh: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    first: list[Line] = []
    later: list[Line] = []
    seen: set[object] = set()
    for line in fresh:
        marks = _marks(line)
        (later if marks & seen else first).append(line)
        seen |= marks
    return first, later


def _marks(line: Line) -> set[object]:
    person = line.person
    if person is None or not line.named:
        return set()
    year = person.birth_date.year if person.birth_date else person.birth_year
    return {
        (keys_of(person.name).block, year),
        *person.phones,
        *(document.number for document in person.documents),
    }


def _wave(chunk: Chunk, wave: Sequence[Line], sources: dict[str, int]) -> None:
    free: list[Line] = []
    for line, found in zip(wave, _matches(wave), strict=True):
        if found:
            shown = [{"person": m.person, "score": m.score, "reasons": list(m.reasons)} for m in found]
            chunk.note(line, Verdict.HELD, matches=shown)
        else:
            free.append(line)
    if free:
        people = bulk_register([_record(chunk, line) for line in free], by=chunk.by, purpose=PURPOSE)
        make(chunk, free, people, sources)


def _matches(wave: Sequence[Line]) -> list[list[Match]]:
    """Nobody is compared who has no name of his own."""
    asked = [line for line in wave if line.named and line.person]
    found = iter(matches([facts_of(line.person) for line in asked if line.person]))
    return [next(found) if line.named and line.person else [] for line in wave]


def _record(chunk: Chunk, line: Line) -> PersonIn:
    """Somebody who lives outside the officer's area is still this officer's to follow until handed over."""
    assert line.person is not None
    person = line.person
    if any(grant.opens(person.scope_path, None, "health") for grant in chunk.grants):
        return person
    return replace(person, scope_path=chunk.told.home)


def make(chunk: Chunk, lines: Sequence[Line], people: Sequence[int], sources: dict[str, int]) -> None:
    """Cases, contacts or only people, for lines whose person is known."""
    homes = dict(Person.objects.filter(pk__in=people).values_list("pk", "scope_path"))
    if chunk.file.kind == "people":
        _only_people(chunk, lines, people)
    elif chunk.file.kind == "contacts":
        _contacts(chunk, lines, people, sources, homes)
    else:
        _cases_of(chunk, lines, people, homes)


def _only_people(chunk: Chunk, lines: Sequence[Line], people: Sequence[int]) -> None:
    for line, person in zip(lines, people, strict=True):
        chunk.made.append((line.own, person, None, None))
        chunk.note(line, Verdict.NEW, person=person)


def _cases_of(chunk: Chunk, lines: Sequence[Line], people: Sequence[int], homes: dict[int, str]) -> None:
    where = spots.spots(chunk.by, chunk.file.disease, {line.spot for line in lines if line.spot}, chunk.told.home)
    cases = [
        _case(chunk, line, person, homes.get(person, chunk.told.home), where.get(line.spot))
        for line, person in zip(lines, people, strict=True)
    ]
    copy_new(cases)
    copy_new(_tests(chunk, lines, cases))
    for line, case in zip(lines, cases, strict=True):
        chunk.made.append((line.own, case.person, case.pk, None))
        chunk.note(line, Verdict.NEW, person=case.person, case=case)
    follow_actions.refresh_many(persons=[case.person for case in cases], disease=chunk.file.disease)


def _tests(chunk: Chunk, lines: Sequence[Line], cases: Sequence[Case]) -> list[LabResult]:
    """Tests of the lines, one for each sample; what is known of a person already stays as it is."""
    told = [test for line, case in zip(lines, cases, strict=True) if (test := lab_result(chunk.by, line, case))]
    # scope: whether a test of a case in hand is known
    rows = LabResult.objects.filter(person__in=[test.person for test in told], disease=chunk.file.disease)
    known = set(rows.values_list("person", "kind", "sampled_on")) if told else set()
    wanted = {(test.person, test.kind, test.sampled_on): test for test in reversed(told)}
    return [test for key, test in wanted.items() if key not in known]


def _case(chunk: Chunk, line: Line, person: int, home: str, spot: int | None) -> Case:
    facts = line.facts
    return Case(
        person=person,
        disease=chunk.file.disease,
        status=facts.get("status") or Case.Status.CONFIRMED,
        onset=facts.get("onset"),
        onset_provenance=Case.Provenance.LIST if facts.get("onset") else "",
        sampled=facts.get("sampled"),
        isolated_at=beginning(facts.get("isolated_on")),
        outcome=facts.get("outcome") or "",
        outcome_on=facts.get("outcome_on"),
        admitted_on=facts.get("admitted_on"),
        hospital=facts.get("hospital") or "",
        spot_id=spot,
        reported_at=beginning(facts.get("reported")) or timezone.now(),
        reported_by=chunk.by.pk,
        scope_path=home,
        scope_sector="health",
    )


def beginning(day: date | None) -> datetime | None:
    """00:00 of a day in Viet Nam."""
    return _midnight(day) if day else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(VIETNAM))


def lab_result(by: Officer, line: Line, case: Case) -> LabResult | None:
    """The test that stands in the line, if one does."""
    if not line.test:
        return None
    where = {"scope_path": case.scope_path, "scope_sector": case.scope_sector}
    facts = {**where, **line.test}
    return LabResult(
        person=case.person, case=case, disease=case.disease, made_by=by.pk, made_at=timezone.now(), **facts
    )


def _contacts(
    chunk: Chunk, lines: Sequence[Line], people: Sequence[int], sources: dict[str, int], homes: dict[int, str]
) -> None:
    of = Case.objects.in_bulk(set(sources.values()))
    now, made = timezone.now(), []
    for line, person in zip(lines, people, strict=True):
        case = of[next(sources[own] for own in line.sources if own in sources)]
        made.append(
            Contact(
                case=case,
                person=person,
                path=[case.person, person],
                first_exposed=_midnight(line.facts["first"]),
                last_exposed=_midnight(line.facts["last"]),
                seconds=0,
                certainty=0,
                rule="list",
                found_at=now,
                found_by=chunk.by.pk,
                scope_path=homes.get(person, chunk.told.home),
                scope_sector="health",
            )
        )
    copy_new(made)
    for line, contact in zip(lines, made, strict=True):
        chunk.made.append((line.own, contact.person, None, contact.pk))
        chunk.note(line, Verdict.NEW, person=contact.person, contact=contact)
    follow_actions.refresh(persons=[contact.person for contact in made], disease=chunk.file.disease)


# ------------------------------------------------------------------ lines that somebody decided


def decide(by: Officer, file: ImportFile, held: Sequence[ImportRow], person: int | None) -> None:
    """Inside the caller's transaction. `person`: 0 the first match of each line, None somebody new."""
    table = reading.sheets(reading.content(file))[file.sheet]
    told = reading.context(file, table, file.scope_path)
    numbers = {row.line for row in held}
    wanted = {line.number: line for line in reading.lines(file, table, told, only=numbers)}
    chunk = Chunk(by, file, told)
    sources = links.resolve(file.sender, {own for line in wanted.values() for own in line.sources})
    for row in held:
        line = wanted[row.line]
        if person is None:
            people = bulk_register([_record(chunk, line)], by=by, purpose=PURPOSE)
        else:
            people = [person or int(row.matches[0]["person"])]
        _settle(chunk, row, line, people, sources)
    references.new(file.sender, file.kind, chunk.made)


def _settle(chunk: Chunk, row: ImportRow, line: Line, people: Sequence[int], sources: dict[str, int]) -> None:
    """A known person with an open case (or a contact of the same case) is brought up to date; else one is made."""
    known = _open_record(chunk.file, line, people[0], sources)
    if known is None:
        make(chunk, [line], people, sources)
        made = chunk.rows.pop()
        row.verdict, row.person, row.case, row.contact = made.verdict, made.person, made.case, made.contact
        update_actions.update(chunk.by, chunk.told, line, Reference(person=people[0]))
    else:
        changed = update_actions.update(chunk.by, chunk.told, line, known)
        row.verdict = Verdict.UPDATED if changed else Verdict.SAME
        row.person, row.case, row.contact = known.person, known.case, known.contact
        chunk.made.append((line.own, known.person, known.case_id, known.contact_id))
    row.save(update_fields=["verdict", "person", "case", "contact"])


def _open_record(file: ImportFile, line: Line, person: int, sources: dict[str, int]) -> Reference | None:
    if file.kind == "cases":
        case = Case.objects.filter(person=person, disease=file.disease, negative_at=None)
        found = case.exclude(status=Case.Status.WITHDRAWN).first()
        return None if found is None else Reference(person=person, case=found)
    if file.kind == "contacts":
        of = [sources[own] for own in line.sources if own in sources]
        contact = Contact.objects.filter(person=person, case__in=of).first()
        return None if contact is None else Reference(person=person, contact=contact)
    return Reference(person=person)
