"""Likely doubles of the whole register: pairs that meet in a block, scored, noted for somebody to judge.

A block is a shared document, a shared telephone, the same words in the name with the same year of birth in one
commune (or the same day anywhere), or the same day of birth in one commune: the last finds typing errors. Blocks
of very many people (a company's telephone, 1 January) say nothing and are passed over; how many is reported.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.people.likeness import CANDIDATE, score
from vungxanh.people.matching import facts
from vungxanh.people.register import copy_rows

#: a block with more people than this joins nobody
LARGEST_BLOCK = 12
_BATCH = 20_000

_TABLES = (
    "CREATE TEMPORARY TABLE IF NOT EXISTS pairs (one bigint, other bigint) ON COMMIT DROP;"
    " CREATE TEMPORARY TABLE IF NOT EXISTS noted (older_id bigint, newer_id bigint, reason text, score int,"
    " reasons text[]) ON COMMIT DROP; TRUNCATE pairs, noted"
)
_BLOCKS = {
    "document": "SELECT t.number_hash AS key, t.person_id AS person FROM people_identitydocument t",
    "phone": "SELECT t.number_hash AS key, t.person_id AS person FROM people_phone t",
    "name-year": (
        "SELECT (p.name_key, p.birth_year, p.scope_path) AS key, p.id AS person FROM people_person p"
        " WHERE p.birth_year IS NOT NULL AND p.name_key <> 0"
    ),
    "name-day": (
        "SELECT (p.name_key, p.birth_date) AS key, p.id AS person FROM people_person p"
        " WHERE p.birth_date IS NOT NULL AND p.name_key <> 0"
    ),
    "day": (
        "SELECT (p.birth_date, p.scope_path) AS key, p.id AS person FROM people_person p"
        " WHERE p.birth_date IS NOT NULL"
    ),
}
_PAIRS = (
    "INSERT INTO pairs SELECT DISTINCT least(one, other), greatest(one, other) FROM ("
    " SELECT a.people[i] AS one, a.people[j] AS other FROM ("
    "  SELECT array_agg(DISTINCT person) AS people FROM ({block}) b GROUP BY key"
    "  HAVING count(DISTINCT person) BETWEEN 2 AND %s) a,"
    " LATERAL generate_subscripts(a.people, 1) i, LATERAL generate_subscripts(a.people, 1) j WHERE i < j) x"
)
_TOO_LARGE = "SELECT count(*) FROM (SELECT 1 FROM ({block}) b GROUP BY key HAVING count(DISTINCT person) > %s) x"
_NOT_KNOWN = (
    "SELECT DISTINCT one, other FROM pairs"
    " JOIN people_person a ON a.id = one AND a.same_as_id IS NULL"
    " JOIN people_person b ON b.id = other AND b.same_as_id IS NULL"
    " WHERE NOT EXISTS (SELECT 1 FROM people_notsamepair n WHERE n.low_id = one AND n.high_id = other)"
    " AND NOT EXISTS (SELECT 1 FROM people_matchcandidate c WHERE c.older_id = one AND c.newer_id = other"
    "  AND c.score > 0)"
)
_NOTE = (
    "INSERT INTO people_matchcandidate (older_id, newer_id, reason, score, reasons, found_at)"
    " SELECT older_id, newer_id, reason, score, reasons, now() FROM noted ON CONFLICT (older_id, newer_id)"
    " DO UPDATE SET score = EXCLUDED.score, reasons = EXCLUDED.reasons"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What one search of the register did. `passed_over`: blocks too large to mean anything."""

    compared: int
    noted: int
    passed_over: int


@transaction.atomic
def search_register(*, by: By = None) -> Found:
    """Compare everybody with everybody in their blocks and note what is likely. May run as often as one likes."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        cursor.execute("SET LOCAL work_mem = '256MB'")
        passed_over = sum(_block(cursor, block) for block in _BLOCKS.values())
        cursor.execute(_NOT_KNOWN)
        pairs = cursor.fetchall()
        copy_rows("noted", ("older_id", "newer_id", "reason", "score", "reasons"), _scored(pairs))
        cursor.execute(_NOTE)
        noted = cursor.rowcount
    done = Found(len(pairs), noted, passed_over)
    details = {"compared": done.compared, "noted": done.noted, "passed_over": done.passed_over}
    audit.record(by=by, action="people:duplicates:searched", subject="person:many", details=details)
    return done


def _block(cursor: object, block: str) -> int:
    execute, fetch = cursor.execute, cursor.fetchone  # type: ignore[attr-defined]
    execute(_PAIRS.format(block=block), [LARGEST_BLOCK])
    execute(_TOO_LARGE.format(block=block), [LARGEST_BLOCK])
    return int(fetch()[0])


def _scored(pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, str, int, list[str]]]:
    for start in range(0, len(pairs), _BATCH):
        part = pairs[start : start + _BATCH]
        known = facts({person for pair in part for person in pair})
        for one, other in part:
            points, reasons = score(known[one], known[other])
            if points >= CANDIDATE:
                yield one, other, reasons[0], points, list(reasons)
