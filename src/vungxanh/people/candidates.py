"""Records that may be one person. The machine notes the pair and its reason; a person judges it."""

from collections.abc import Sequence

from django.db import connection

_NOT_JUDGED = (
    " AND NOT EXISTS (SELECT 1 FROM people_notsamepair n WHERE n.low_id = least(a.id, b.id)"
    " AND n.high_id = greatest(a.id, b.id))"
)
_INSERT = "INSERT INTO people_matchcandidate (older_id, newer_id, reason, score, reasons, found_at) "
_ONCE = " ON CONFLICT (older_id, newer_id) DO NOTHING"

#: Pairs that share a number come first and alone: names are common, and a plan that begins with them is slow.
_SHARED = (
    "WITH shared AS MATERIALIZED (SELECT x.person_id AS one, y.person_id AS other FROM {table} x"
    " JOIN {table} y ON y.number_hash = x.number_hash AND y.person_id <> x.person_id WHERE x.person_id = ANY(%s))"
    " SELECT DISTINCT least(a.id, b.id), greatest(a.id, b.id), '{reason}', 0, '{{}}'::text[], now() FROM shared"
    " JOIN people_person a ON a.id = shared.one JOIN people_person b ON b.id = shared.other"
    " WHERE a.same_as_id IS NULL AND b.same_as_id IS NULL"
)
#: one family shares a phone and many share a name, so it takes phone, name and birth year together
_BY_PHONE = (
    _SHARED.format(table="people_phone", reason="phone-name-year")
    + " AND a.name_hash = b.name_hash AND a.birth_year = b.birth_year"
)
#: the same number, typed by at least one of them and shown by nobody else
_BY_DOCUMENT = _SHARED.format(table="people_identitydocument", reason="typed-document")


def note_for(persons: Sequence[int]) -> int:
    """Note what these people may be the same as. -> pairs noted anew."""
    if not persons:
        return 0
    noted = 0
    with connection.cursor() as cursor:
        for pairs in (_BY_PHONE, _BY_DOCUMENT):
            cursor.execute(_INSERT + pairs + _NOT_JUDGED + _ONCE, [list(persons)])
            noted += cursor.rowcount
    return noted


def note_pairs(pairs: Sequence[tuple[int, int]], reason: str) -> int:
    """Note given pairs. -> pairs noted anew."""
    noted = 0
    with connection.cursor() as cursor:
        for one, other in pairs:
            cursor.execute(
                _INSERT + "VALUES (least(%s, %s), greatest(%s, %s), %s, 0, '{}', now())" + _ONCE,
                [one, other, one, other, reason],
            )
            noted += cursor.rowcount
    return noted
