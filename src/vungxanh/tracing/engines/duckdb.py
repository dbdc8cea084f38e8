"""The relational expression in DuckDB, over the Parquet files themselves: whole-population work on one machine."""

# ruff: noqa: S608 - queries are put together from our own words and numbers, never from a user's

from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa

from vungxanh.lake.evidence import Evidence
from vungxanh.lake.memory import Lake
from vungxanh.lake.schema import KINDS
from vungxanh.lake.store import LakeStore
from vungxanh.tracing.engines.relational import Database, Row, run_on
from vungxanh.tracing.model import TraceRequest, TraceResult


class DuckDatabase(Database):
    """One connection in memory; spills to disk where memory ends."""

    name = "duckdb"

    def __init__(self) -> None:
        self.connection = duckdb.connect()

    def load(self, lake: Lake) -> Evidence:
        if isinstance(lake, LakeStore):
            return self.load_store(lake)
        evidence = lake.evidence()
        for kind, table in evidence.tables():
            self.connection.register(kind, table)
        return Evidence.empty().with_tables(places=evidence.places, isolations=evidence.isolations)

    def load_store(self, lake: LakeStore) -> Evidence:
        """Views over the files; rows of the tail that the files do not have come on top."""
        for kind in KINDS:
            files = [str(path) for path in lake.paths(kind)]
            tail = getattr(lake.tail, kind)
            self.connection.register(f"tail_{kind}", tail)
            if not files:
                self.connection.execute(f"CREATE OR REPLACE VIEW {kind} AS SELECT * FROM tail_{kind}")
                continue
            stored = f"read_parquet({files!r}, hive_partitioning = false)"
            extra = f"SELECT * FROM tail_{kind} WHERE row NOT IN (SELECT row FROM {stored})"
            tail_part = f" UNION ALL {extra}" if tail.num_rows else ""
            self.connection.execute(f"CREATE OR REPLACE VIEW {kind} AS SELECT * FROM {stored}{tail_part}")
        small = {kind: self.connection.table(kind).to_arrow_table() for kind in ("places", "isolations")}
        return Evidence.empty().with_tables(**small)

    def table(self, name: str, columns: dict[str, list[Any]], types: dict[str, pa.DataType]) -> None:
        arrow = pa.table({key: pa.array(values, type=types[key]) for key, values in columns.items()})
        self.connection.register("given_", arrow)
        self.keep(name, "SELECT * FROM given_")
        self.connection.unregister("given_")

    def keep(self, name: str, query: str) -> None:
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")

    def name_query(self, name: str, query: str) -> None:
        self.keep(name, query)  # a table of its own is read faster than it is worked out twice

    def fetch(self, query: str) -> Sequence[Row]:
        return self.connection.execute(query).fetchall()


def run(request: TraceRequest, lake: Lake) -> TraceResult:
    """See vungxanh.tracing."""
    return run_on(DuckDatabase(), request, lake)
