"""Whom may an incoming record mean? Candidates by hashes for many records at once, then decrypted and scored."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from vungxanh.codes import phone as phone_codes
from vungxanh.people.documents import hash_of, normalised
from vungxanh.people.likeness import CANDIDATE, Facts, score
from vungxanh.people.models import Person
from vungxanh.people.names import keys_of
from vungxanh.people.register import phone_hash
from vungxanh.people.schemas import PersonIn

#: candidates looked at for one record; the best of a very common name are among the first with its year
MOST = 20
_SAME_NAME = (
    "SELECT q.i, p.id FROM unnest(%s::int[], %s::bigint[], %s::int[]) AS q(i, key, year) CROSS JOIN LATERAL ("
    " SELECT id FROM people_person p WHERE p.name_key = q.key AND p.same_as_id IS NULL"
    " AND (p.birth_year BETWEEN q.year - 1 AND q.year + 1 OR p.birth_year IS NULL OR q.year IS NULL)"
    " ORDER BY abs(coalesce(p.birth_year, 0) - coalesce(q.year, 0)), p.id LIMIT %s) p"
)
_SAME_NUMBER = (
    "SELECT q.i, coalesce(p.same_as_id, p.id) FROM unnest(%s::int[], %s::bytea[]) AS q(i, digest)"
    " JOIN {table} t ON t.number_hash = q.digest JOIN people_person p ON p.id = t.person_id"
)


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody in the register who may be meant."""

    person: int
    score: int
    reasons: tuple[str, ...]


def facts_of(record: PersonIn) -> Facts:
    """An incoming record as it is compared. Numbers that cannot be right are left out, not refused."""
    phones = [found for found in map(phone_codes.parse_or_none, record.phones) if found]
    return Facts(
        name=record.name,
        sex=record.sex,
        birth_date=record.birth_date,
        birth_year=record.birth_year,
        phones=frozenset(phone_hash(phone.e164) for phone in phones),
        documents=frozenset(hash_of(normalised(document)) for document in record.documents),
        home=record.scope_path,
    )


def matches(records: Sequence[Facts], least: int = CANDIDATE, most: int = 3) -> list[list[Match]]:
    """For each record its best matches in the register, best first."""
    pairs = _pairs(records)
    known = facts({person for found in pairs.values() for person in found})
    return [_best(record, pairs.get(index, set()), known, least, most) for index, record in enumerate(records)]


def _best(record: Facts, persons: Collection[int], known: dict[int, Facts], least: int, most: int) -> list[Match]:
    scored = [Match(person, *score(record, known[person])) for person in persons if person in known]
    return sorted((m for m in scored if m.score >= least), key=lambda m: (-m.score, m.person))[:most]


def _pairs(records: Sequence[Facts]) -> dict[int, set[int]]:
    """Index of a record -> persons who share a number, or a name and about the year."""
    named = [(i, keys_of(record.name).block, record.year) for i, record in enumerate(records) if record.name]
    found: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        # the planner takes a list of values for short; a scan of the register for each batch would be the price
        cursor.execute("SET LOCAL enable_seqscan = off" if connection.in_atomic_block else "SELECT 1")
        for sql, columns in _questions(records, named):
            cursor.execute(sql, columns)
            for index, person in cursor.fetchall():
                found[index].add(person)
        if connection.in_atomic_block:
            cursor.execute("SET LOCAL enable_seqscan = on")
    return found


def _questions(
    records: Sequence[Facts], named: Sequence[tuple[int, int, int | None]]
) -> Iterable[tuple[str, Any]]:
    if named:
        yield _SAME_NAME, [*(list(column) for column in zip(*named, strict=True)), MOST]
    for table, attribute in (("people_phone", "phones"), ("people_identitydocument", "documents")):
        numbers = [(i, digest) for i, record in enumerate(records) for digest in getattr(record, attribute)]
        if numbers:
            yield _SAME_NUMBER.format(table=table), [list(column) for column in zip(*numbers, strict=True)]


def facts(persons: Iterable[int]) -> dict[int, Facts]:
    """What is compared of people in the register."""
    wanted = list(persons)
    phones, documents = _numbers("people_phone", wanted), _numbers("people_identitydocument", wanted)
    rows = Person.objects.filter(pk__in=wanted)  # scope: compared, shown masked
    columns = rows.only("name", "sex", "birth_date", "birth_year", "scope_path")
    return {
        row.pk: Facts(
            name=row.name.open(),
            sex=row.sex,
            birth_date=row.birth_date,
            birth_year=row.birth_year,
            phones=phones.get(row.pk, frozenset()),
            documents=documents.get(row.pk, frozenset()),
            home=row.scope_path,
        )
        for row in columns.iterator(chunk_size=5000)
    }


def _numbers(table: str, persons: Sequence[int]) -> dict[int, frozenset[bytes]]:
    found: dict[int, set[bytes]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person_id, number_hash FROM {table} WHERE person_id = ANY(%s)",  # noqa: S608  our own tables
            [list(persons)],
        )
        for person, digest in cursor.fetchall():
            found[person].add(bytes(digest))
    return {person: frozenset(digests) for person, digests in found.items()}
