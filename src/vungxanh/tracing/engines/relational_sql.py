"""The relational expression of a hop, made once and understood by DuckDB and by Spark SQL alike.

Tables it reads: `visits`, `rosters`, `seats`, `households`, `encounters` (the lake), `place` (place, nature,
linger), `family` (place, other, outer), `hop` (hop, person, start, finish, case_person), `need_*` (what the rule
asks), `hub` (place, hs, he: time that is cut out), `day` (ds, de: local days). Only functions that both engines
spell alike.
"""

# ruff: noqa: S608 - queries are put together from our own words and numbers, never from a user's

from collections.abc import Sequence

from vungxanh.rules.condition import NEVER

UNSURE = 3  # Flag.ASSUMED_END | Flag.SCHEDULED


def runs(rows: str) -> str:
    """Rows that overlap, per person and node, become one; the row id is that of the earliest."""
    return f"""
      SELECT person, node, min(s) AS s, max(e) AS e, min(head) AS row_id,
             CASE WHEN count(mask) = count(*) AND min(mask) = max(mask) THEN min(mask) ELSE -1 END AS mask
      FROM (SELECT *, first_value(row_id) OVER (PARTITION BY person, node, run ORDER BY s, row_id) AS head
            FROM (SELECT *, sum(CASE WHEN s < reach THEN 0 ELSE 1 END)
                           OVER (PARTITION BY person, node ORDER BY s, row_id) AS run
                  FROM (SELECT *, max(e) OVER (PARTITION BY person, node ORDER BY s, row_id
                                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
                        FROM ({rows}) r0) r1) r2) r3
      GROUP BY person, node, run"""


def islands(rows: str, keys: str) -> str:
    """(keys, hs, he): intervals that overlap or touch become one."""
    return f"""
      SELECT {keys}, min(s) AS hs, max(e) AS he
      FROM (SELECT *, sum(CASE WHEN s <= reach THEN 0 ELSE 1 END) OVER (PARTITION BY {keys} ORDER BY s, e) AS run
            FROM (SELECT *, max(e) OVER (PARTITION BY {keys} ORDER BY s, e
                                         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
                  FROM ({rows}) i0) i1) i2
      GROUP BY {keys}, run"""


def without(rows: str, holes: str, keys: Sequence[str], identity: str, columns: str) -> str:
    """What of the intervals lies in no hole. `identity` tells the intervals of `rows` apart."""
    match = " AND ".join(f"a.{key} = h.{key}" for key in keys)
    return f"""
      SELECT {columns}, s, e FROM (
        SELECT {columns}, coalesce(before, s) AS s, hs AS e FROM marks_ WHERE hs IS NOT NULL
        UNION ALL
        SELECT {columns}, coalesce(he, s) AS s, e FROM marks_ WHERE after IS NULL) parts_
      WHERE s < e""".replace(
        "marks_",
        f"""(SELECT *, lag(he) OVER (PARTITION BY {identity} ORDER BY hs) AS before,
                       lead(hs) OVER (PARTITION BY {identity} ORDER BY hs) AS after
             FROM (SELECT a.*, h.hs, h.he FROM ({rows}) a
                   LEFT JOIN ({holes}) h ON {match} AND h.hs < a.e AND h.he > a.s) m0) m1""",
    )


def pieces(table: str, node: str) -> str:
    """Disjoint presence: recorded runs, and of assumed runs what neither records nor absences cover."""
    rows = f"""SELECT person, {node} AS node, start AS s, "end" AS e, row AS row_id, flags,
                      CASE WHEN mask IS NULL THEN NULL WHEN mask THEN 1 ELSE 0 END AS mask FROM {table}"""
    sure = runs(f"SELECT * FROM ({rows}) q WHERE flags % 8 < 4 AND flags % 4 = 0")
    maybe = runs(f"SELECT * FROM ({rows}) q WHERE flags % 8 < 4 AND flags % 4 > 0")
    gone = f"SELECT person, node, s, e FROM ({rows}) q WHERE flags % 8 >= 4"
    covered = islands(f"SELECT person, node, s, e FROM ({sure}) q UNION ALL {gone}", "person, node")
    kept = without(maybe, covered, ("person", "node"), "person, node, s", "person, node, row_id, mask")
    return f"""SELECT person, node, row_id, mask, s, e, 0 AS assumed FROM ({sure}) p1
               UNION ALL SELECT person, node, row_id, mask, s, e, 1 AS assumed FROM ({kept}) p2"""


def hub_days(people: int) -> str:
    """(place, day, people) above the bound; `utc_day` holds every day of the lake."""
    return f"""
      SELECT v.place, d.day, count(DISTINCT v.person) AS people
      FROM visits v JOIN utc_day d ON v.start < (d.day + 1) * 1440 AND v."end" > d.day * 1440
      GROUP BY v.place, d.day HAVING count(DISTINCT v.person) > {int(people)}"""


OWN = """
  SELECT h.hop, h.person, h.case_person, p.node, p.row_id, p.mask, p.assumed,
         greatest(p.s, h.start) AS s, least(p.e, h.finish) AS e
  FROM hop h JOIN {pieces} p ON p.person = h.person AND p.s < h.finish AND p.e > h.start"""

STAYS = """
  WITH mine AS (
    SELECT o.*, 0 AS air, lead(o.s) OVER (PARTITION BY o.hop, o.node ORDER BY o.s) AS next_s,
           coalesce(pl.linger, 0) AS linger
    FROM own_visits o LEFT JOIN place pl ON pl.place = o.node),
  aired AS (
    SELECT hop, person, case_person, node, row_id, mask, assumed, s, e, air FROM mine
    UNION ALL
    SELECT hop, person, case_person, node, row_id, mask, assumed, e AS s,
           least(e + linger, coalesce(next_s, e + linger)) AS e, 1 AS air FROM mine
    WHERE linger > 0 AND least(e + linger, coalesce(next_s, e + linger)) > e)
  SELECT *, node AS place, 0 AS contained FROM aired
  UNION ALL
  SELECT a.hop, a.person, a.case_person, f.other AS node, a.row_id, a.mask, a.assumed, a.s, a.e, a.air,
         f.outer_place AS place, 1 AS contained
  FROM aired a JOIN family f ON f.place = a.node"""

COLUMNS = "hop, person, case_person, node, row_id, mask, assumed, air, place, contained"
EVENTS = """
  SELECT DISTINCT st.hop, st.place, hd.day, hd.people
  FROM stays st JOIN hub_day hd ON hd.place = st.place AND st.s < (hd.day + 1) * 1440 AND st.e > hd.day * 1440"""
CUT = without(
    "SELECT * FROM stays",
    "SELECT * FROM hub",
    ("place",),
    "hop, node, place, air, s",
    COLUMNS,
)

BY_VISITS = f"""
  SELECT st.hop, p.person AS contact, 'visit' AS kind, CAST(st.place AS BIGINT) AS place,
         greatest(st.s, p.s) AS s, least(st.e, p.e) AS e, st.row_id AS mine, p.row_id AS theirs,
         greatest(st.assumed, p.assumed) AS assumed, st.air, st.contained,
         CASE WHEN st.contained = 1 THEN {NEVER} ELSE n.worst END AS worst, n.best,
         CAST(0 AS BIGINT) AS told, CAST(1 AS BIGINT) AS length
  FROM cut_stays st
  JOIN visit_pieces p ON p.node = st.node AND p.s < st.e AND p.e > st.s
                     AND p.person <> st.person AND p.person <> st.case_person
  LEFT JOIN place pl ON pl.place = st.place
  JOIN need_presence n ON n.kind = 'visit' AND n.mine = st.mask AND n.theirs = p.mask
       AND n.nature = CASE WHEN st.contained = 1 THEN 0 ELSE coalesce(pl.nature, 0) END"""

BY_ROSTERS = """
  SELECT o.hop, p.person AS contact, 'roster' AS kind, CAST(o.node AS BIGINT) AS place,
         greatest(o.s, p.s) AS s, least(o.e, p.e) AS e, o.row_id AS mine, p.row_id AS theirs,
         greatest(o.assumed, p.assumed) AS assumed, 0 AS air, 0 AS contained, n.worst, n.best,
         CAST(0 AS BIGINT) AS told, CAST(1 AS BIGINT) AS length
  FROM own_rosters o
  JOIN roster_pieces p ON p.node = o.node AND p.s < o.e AND p.e > o.s
                      AND p.person <> o.person AND p.person <> o.case_person
  LEFT JOIN place pl ON pl.place = o.node
  JOIN need_presence n ON n.kind = 'roster' AND n.mine = o.mask AND n.theirs = p.mask
       AND n.nature = coalesce(pl.nature, 0)"""

BY_SEATS = """
  SELECT h.hop, b.person AS contact, 'seat' AS kind, CAST(a.trip AS BIGINT) AS place,
         greatest(a.start, b.start, h.start) AS s, least(a."end", b."end", h.finish) AS e,
         a.row AS mine, b.row AS theirs,
         CASE WHEN a.flags % 4 > 0 OR b.flags % 4 > 0 THEN 1 ELSE 0 END AS assumed, 0 AS air, 0 AS contained,
         n.worst, n.best, CAST(0 AS BIGINT) AS told, CAST(1 AS BIGINT) AS length
  FROM hop h
  JOIN seats a ON a.person = h.person
  JOIN seats b ON b.trip = a.trip AND b.person <> h.person AND b.person <> h.case_person
  LEFT JOIN place pl ON pl.place = a.trip
  JOIN need_seat n ON n.nature = coalesce(pl.nature, 0)
       AND n.delta = CASE WHEN a.seat_row IS NULL OR b.seat_row IS NULL THEN -1
                          ELSE least(abs(a.seat_row - b.seat_row), {farthest}) END
       AND n.mine = CASE WHEN a.mask IS NULL THEN -1 WHEN a.mask THEN 1 ELSE 0 END
       AND n.theirs = CASE WHEN b.mask IS NULL THEN -1 WHEN b.mask THEN 1 ELSE 0 END
  WHERE greatest(a.start, b.start, h.start) < least(a."end", b."end", h.finish)"""

BY_HOUSEHOLDS = """
  SELECT h.hop, b.person AS contact, 'household' AS kind, a.household AS place,
         greatest(a.start, b.start, h.start) AS s, least(a."end", b."end", h.finish) AS e,
         a.row AS mine, b.row AS theirs,
         CASE WHEN a.flags % 4 > 0 OR b.flags % 4 > 0 THEN 1 ELSE 0 END AS assumed, 0 AS air, 0 AS contained,
         {worst} AS worst, {best} AS best, CAST(0 AS BIGINT) AS told, CAST(1 AS BIGINT) AS length
  FROM hop h
  JOIN households a ON a.person = h.person
  JOIN households b ON b.household = a.household AND b.person <> h.person AND b.person <> h.case_person
  WHERE greatest(a.start, b.start, h.start) < least(a."end", b."end", h.finish)"""


def seen_from_both_sides() -> str:
    """Encounters as (person, other, …) twice."""
    common = """start AS s, "end" AS e, seconds, metres, place, flags, touch, care, ppe, row AS row_id"""
    told = f"""SELECT *, {tri("physical_contact")} AS touch, {tri("care_giver")} AS care,
                      {tri("ppe_adequate")} AS ppe, {tri("mask_a")} AS ma, {tri("mask_b")} AS mb
               FROM encounters_by_metres WHERE a <> b"""
    return f"""SELECT a AS person, b AS other, ma AS mine, mb AS theirs, {common} FROM ({told}) t1
               UNION ALL SELECT b AS person, a AS other, mb AS mine, ma AS theirs, {common} FROM ({told}) t2"""


def tri(column: str) -> str:
    return f"CASE WHEN {column} IS NULL THEN -1 WHEN {column} THEN 1 ELSE 0 END"


def by_metres(asked: Sequence[float]) -> str:
    """Encounters with the class of their distance: the number of the first distance asked that is not exceeded."""
    cases = " ".join(f"WHEN CAST(distance_m AS DOUBLE) <= {float(m)!r} THEN {n}" for n, m in enumerate(asked))
    return f"""SELECT *, CASE WHEN distance_m IS NULL THEN {len(asked) + 1} {cases} ELSE {len(asked)} END AS metres
               FROM encounters"""


#: what encounters tell, for the table of needs
FACTS = """
  SELECT DISTINCT CASE WHEN flags % 32 >= 16 THEN 1 ELSE 0 END AS named,
         CASE WHEN flags % 16 >= 8 THEN 1 ELSE 0 END AS bound, mine, theirs, coalesce(pl.nature, 0) AS nature,
         touch, care, ppe, metres
  FROM met m LEFT JOIN place pl ON pl.place = m.place"""

BY_MEETINGS = """
  SELECT h.hop, m.other AS contact, CASE WHEN m.flags % 32 >= 16 THEN 'named' ELSE 'encounter' END AS kind,
         CAST(m.place AS BIGINT) AS place, greatest(m.s, h.start) AS s, least(m.e, h.finish) AS e,
         m.row_id AS mine, m.row_id AS theirs, CASE WHEN m.flags % 4 > 0 THEN 1 ELSE 0 END AS assumed,
         0 AS air, 0 AS contained, n.worst, n.best,
         CAST(m.seconds AS BIGINT) AS told, CAST(m.e - m.s AS BIGINT) AS length
  FROM hop h
  JOIN met m ON m.person = h.person AND m.other <> h.case_person AND m.s < h.finish AND m.e > h.start
  LEFT JOIN place pl ON pl.place = m.place
  JOIN need_meeting n ON n.named = CASE WHEN m.flags % 32 >= 16 THEN 1 ELSE 0 END
       AND n.bound = CASE WHEN m.flags % 16 >= 8 THEN 1 ELSE 0 END AND n.mine = m.mine AND n.theirs = m.theirs
       AND n.nature = coalesce(pl.nature, 0) AND n.touch = m.touch AND n.care = m.care AND n.ppe = m.ppe
       AND n.metres = m.metres"""

#: seconds of an item, or of a part of it
SECONDS = """CASE kind WHEN 'household' THEN CAST(0 AS BIGINT)
  WHEN 'encounter' THEN CAST((told * ({e} - {s}) - (told * ({e} - {s})) % length) / length AS BIGINT)
  WHEN 'named' THEN CAST((told * ({e} - {s}) - (told * ({e} - {s})) % length) / length AS BIGINT)
  ELSE CAST(60 * ({e} - {s}) AS BIGINT) END"""


def items(parts: Sequence[str]) -> str:
    """Every item of every kind that can count."""
    every = " UNION ALL ".join(f"SELECT * FROM ({part}) k{n}" for n, part in enumerate(parts))
    return f"SELECT *, {SECONDS.format(s='s', e='e')} AS seconds FROM ({every}) every WHERE best < {NEVER}"


def verdicts(asked: Sequence[int], scope: str, *, air_counts: bool) -> str:
    """(hop, contact, certainty) of pairs that qualify: 0 confirmed, 1 probable, 2 needs interview."""
    tests = []
    for wanted in asked:
        tests.append(
            f"SELECT hop, contact, 0 AS certainty FROM ({within(wanted, scope, air_counts=air_counts)}) c{wanted}"
        )
        tests.append(f"{summed(f'worst <= {wanted} AND contained = 0', wanted, 1)}")
        tests.append(f"{summed(f'best <= {wanted}', wanted, 2)}")
    return f"""SELECT hop, contact, min(certainty) AS certainty FROM ({" UNION ALL ".join(tests)}) t
               GROUP BY hop, contact"""


def summed(chosen: str, wanted: int, certainty: int) -> str:
    return f"""SELECT hop, contact, {certainty} AS certainty FROM items WHERE {chosen}
               GROUP BY hop, contact HAVING sum(seconds) >= {wanted}"""


def within(wanted: int, scope: str, *, air_counts: bool) -> str:
    """Pairs whose recorded items reach it within one encounter, one local day, or the window."""
    recorded = f"worst <= {wanted} AND contained = 0 AND assumed = 0" + ("" if air_counts else " AND air = 0")
    if wanted == 0 or scope == "window":
        return summed(recorded, wanted, 0)
    if scope == "day":
        return f"""
          SELECT DISTINCT hop, contact FROM (
            SELECT hop, contact, ds, sum({SECONDS.format(s="greatest(s, ds)", e="least(e, de)")}) AS total
            FROM items JOIN day ON s < de AND e > ds WHERE {recorded} AND kind <> 'household'
            GROUP BY hop, contact, ds) d0 WHERE total >= {wanted}"""
    return f"""
      SELECT DISTINCT hop, contact FROM (
        SELECT hop, contact, sum(seconds) AS total FROM (
          SELECT *, sum(CASE WHEN s <= reach THEN 0 ELSE 1 END)
                    OVER (PARTITION BY hop, contact, kind, place ORDER BY s, e, mine, theirs) AS run
          FROM (SELECT *, max(e) OVER (PARTITION BY hop, contact, kind, place ORDER BY s, e, mine, theirs
                                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
                FROM items WHERE {recorded}) e0) e1
        GROUP BY hop, contact, kind, place, run) e2 WHERE total >= {wanted}"""


QUALIFYING = """
  SELECT i.hop, i.contact, v.certainty, i.kind, i.place, i.s, i.e, i.seconds, i.mine, i.theirs,
         i.assumed, i.air, i.contained
  FROM items i JOIN verdict v ON v.hop = i.hop AND v.contact = i.contact"""
