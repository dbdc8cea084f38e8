"""The relational expression on Spark: what one machine cannot hold.

`VUNGXANH_SPARK_MASTER` names the cluster (`spark://host:7077`); without it Spark runs inside this process. What
goes in and out is Parquet in `VUNGXANH_SPARK_EXCHANGE`, a folder that every worker sees; else a temporary one.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from vungxanh.core.errors import OperatorError
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.memory import Lake
from vungxanh.lake.schema import KINDS
from vungxanh.lake.store import LakeStore
from vungxanh.tracing.engines.relational import Database, Row, run_on
from vungxanh.tracing.model import TraceRequest, TraceResult

#: words that are column names here and need quotes; DuckDB quotes with ", Spark with `
QUOTED = re.compile(r'"(\w+)"')


class SparkDatabase(Database):
    """A session on a cluster, and a folder to exchange Parquet in. Use as a context manager."""

    name = "spark"

    def __init__(self) -> None:
        self.session = session()
        self.exchange = Path(tempfile.mkdtemp(prefix="vungxanh-", dir=os.environ.get("VUNGXANH_SPARK_EXCHANGE")))
        self.count = 0

    def __enter__(self) -> "SparkDatabase":
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.exchange, ignore_errors=True)

    def load(self, lake: Lake) -> Evidence:
        evidence = lake.tail if isinstance(lake, LakeStore) else lake.evidence()
        for kind in KINDS:
            files = [str(path) for path in lake.paths(kind)] if isinstance(lake, LakeStore) else []
            self.view(kind, files, getattr(evidence, kind))
        if isinstance(lake, LakeStore):
            small = {kind: pa.concat_tables([lake.table(kind), getattr(evidence, kind)]) for kind in SMALL}
            return Evidence.empty().with_tables(**small)
        return Evidence.empty().with_tables(**{kind: getattr(evidence, kind) for kind in SMALL})

    def view(self, kind: str, files: list[str], tail: pa.Table) -> None:
        """The files and, on top, rows of the tail that they do not have."""
        extra = self.session.read.parquet(self.put(tail))
        if files:
            stored = self.session.read.parquet(*files)
            if tail.num_rows:
                extra = extra.join(stored.select("row"), on="row", how="left_anti").select(*stored.columns)
                stored = stored.unionByName(extra)
            extra = stored
        extra.createOrReplaceTempView(kind)

    def put(self, table: pa.Table) -> str:
        """Write a table where the workers can read it."""
        self.count += 1
        path = self.exchange / f"in-{self.count}.parquet"
        pq.write_table(table, path)
        return str(path)

    def table(self, name: str, columns: dict[str, list[Any]], types: dict[str, pa.DataType]) -> None:
        arrow = pa.table({key: pa.array(values, type=types[key]) for key, values in columns.items()})
        self.session.read.parquet(self.put(arrow)).createOrReplaceTempView(name)

    def keep(self, name: str, query: str) -> None:
        """Written out, so that a plan never grows from hop to hop."""
        self.count += 1
        path = str(self.exchange / f"kept-{self.count}")
        self.session.sql(spelled(query)).write.parquet(path)
        self.session.read.parquet(path).createOrReplaceTempView(name)

    def name_query(self, name: str, query: str) -> None:
        self.session.sql(spelled(query)).createOrReplaceTempView(name)

    def fetch(self, query: str) -> Sequence[Row]:
        self.count += 1
        path = str(self.exchange / f"out-{self.count}")
        self.session.sql(spelled(query)).write.parquet(path)
        found = pq.read_table(path)
        return list(zip(*(column.to_pylist() for column in found.columns), strict=True))


SMALL = ("places", "isolations")


def spelled(query: str) -> str:
    """The expression in Spark's quotes."""
    return QUOTED.sub(r"`\1`", query)


def session() -> Any:
    """The Spark session. Raises OperatorError `tracing.no-spark` where PySpark or Java is missing."""
    try:
        from pyspark.sql import SparkSession

        builder = (
            SparkSession.builder.appName("vungxanh")
            .master(os.environ.get("VUNGXANH_SPARK_MASTER", "local[2]"))
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", os.environ.get("VUNGXANH_SPARK_PARTITIONS", "8"))
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.ansi.enabled", "true")
        )
        return builder.getOrCreate()
    except Exception as exc:
        raise OperatorError("tracing.no-spark", reason=str(exc).splitlines()[0][:200]) from exc


def run(request: TraceRequest, lake: Lake) -> TraceResult:
    """See vungxanh.tracing."""
    with SparkDatabase() as database:
        return run_on(database, request, lake)
