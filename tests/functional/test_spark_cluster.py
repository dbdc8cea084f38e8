"""The relational expression on a real standalone cluster: a master and two workers on loopback."""

import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from vungxanh.core.minutes import day_start
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Encounter, Flag, Household, Isolation, Place, Roster, Seat, Visit
from vungxanh.lake.store import open_lake
from vungxanh.lake.writer import LakeWriter
from vungxanh.rules.contact import Bounds, contact_rule
from vungxanh.tracing import trace
from vungxanh.tracing.model import IndexPerson, TraceRequest

pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17")
#: worlds in a lake, and lakes
WORLDS, BATCHES = (100, 12) if os.environ.get("VUNGXANH_LONG") else (24, 1)
NOON = day_start(date(2022, 1, 3)) + 720
#: small data: interpreting is faster than compiling a class for each of a hundred small plans
DEFAULTS = """spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.sql.adaptive.enabled false
spark.executor.memory 512m
spark.cores.max 2
"""


CLASS = Place(30, "class")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def spark_class(*args: object) -> list[str]:
    import pyspark

    return [str(Path(pyspark.__file__).parent / "bin" / "spark-class"), *(str(a) for a in args)]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`spark://…` of a master with two workers, each a process of its own."""
    home, port = tmp_path_factory.mktemp("spark"), free_port()
    (home / "spark-defaults.conf").write_text(DEFAULTS)
    environment = {
        **os.environ,
        "SPARK_CONF_DIR": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
    }
    deploy = "org.apache.spark.deploy"
    master = f"spark://127.0.0.1:{port}"
    commands = [
        spark_class(f"{deploy}.master.Master", "--host", "127.0.0.1", "--port", port, "--webui-port", free_port()),
        *(
            spark_class(f"{deploy}.worker.Worker", "-c", 1, "-m", "1g", "-d", home / f"worker-{n}", master)
            for n in (1, 2)
        ),
    ]
    with (home / "log").open("w") as log:
        running = []
        for command in commands:
            running.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
            time.sleep(1)
        yield from serving(master, home, running)


def serving(master: str, home: Path, running: list[subprocess.Popen[bytes]]) -> Iterator[str]:
    settings = {
        "VUNGXANH_SPARK_MASTER": master,
        "VUNGXANH_SPARK_PARTITIONS": "2",
        "SPARK_CONF_DIR": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield master
    finally:
        from pyspark.sql import SparkSession

        active = SparkSession.getActiveSession()
        if active:
            active.stop()
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait(timeout=60)
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def world() -> Evidence:
    """Something of every kind: overlaps to merge, an assumed end, a hub, a building around a room, an absence."""
    visits = [
        *(Visit(p, 10, NOON, NOON + 30, mask=True) for p in (1, 2)),
        Visit(2, 10, NOON + 20, NOON + 50),
        Visit(3, 10, NOON + 45, NOON + 70, flags=int(Flag.ASSUMED_END)),
        *(Visit(p, 11, NOON + 100, NOON + 140) for p in (2, 4)),
        Visit(1, 11, NOON + 60, NOON + 90),
        Visit(5, 12, NOON + 60, NOON + 90),
        *(Visit(p, 13, NOON + 150, NOON + 170) for p in (1, 2, 3, 4, 5, 6)),
    ]
    lesson = {"start": NOON + 200, "end": NOON + 290}
    return Evidence.of(
        visits=visits,
        encounters=[Encounter(1, 7, NOON + 5, NOON + 40, 1200, 1.5), Encounter(4, 8, NOON + 300, NOON + 301, 20)],
        seats=[Seat(1, 20, 3, NOON + 400, NOON + 460), Seat(9, 20, 5, NOON + 400, NOON + 460)],
        households=[Household(p, 5, NOON - 5000, NOON + 5000) for p in (4, 10)],
        rosters=[Roster(p, 30, **lesson) for p in (1, 11, 12)] + [Roster(12, 30, flags=4, **lesson)],
        isolations=[Isolation(4, NOON + 350, NOON + 9000)],
        places=[
            Place(10, "room"),
            Place(11, "room", 12),
            Place(12, "building"),
            Place(13, "hall"),
            Place(30, "class"),
        ],
    )


def test_the_cluster_gives_the_rows_of_the_reference(cluster: str, tmp_path: Path) -> None:
    LakeWriter(tmp_path).append(world())
    lake = open_lake(tmp_path)
    rule = replace(contact_rule("vn.covid19.f1.11042"), linger={"room": 15})
    case = IndexPerson(1, onset=date(2022, 1, 3))
    request = TraceRequest((case,), rule, generations=2, bounds=Bounds(hub_people=5, frontier_people=4))

    wanted = trace(replace(request, engine="reference"), lake)
    found = trace(replace(request, engine="spark"), lake)

    assert cluster.startswith("spark://")
    assert list(found.rows) == list(wanted.rows)
    assert len(wanted.rows) >= 6
    assert (found.truncated, found.place_events, found.bad_data) == (
        wanted.truncated,
        wanted.place_events,
        wanted.bad_data,
    )


def random_world(chance: random.Random, number: int) -> tuple[Evidence, IndexPerson]:
    """Six people, five places, everything at random; ids are its own, so that many worlds fit into one lake."""

    def person() -> int:
        return 1000 * number + chance.randint(1, 6)

    def place() -> int:
        return 1000 * number + chance.randint(1, 5)

    def span() -> tuple[int, int]:
        start = NOON + chance.randint(0, 700)
        return start, start + chance.choice([1, 5, 14, 15, 16, 40, 200])

    def mask() -> bool | None:
        return chance.choice([None, True, False])

    kinds = [None, "room", "floor", "market", "bus", "office_room", "classroom"]
    places = [
        Place(
            1000 * number + n,
            chance.choice(kinds),
            1000 * number + n - 1 if n > 1 and chance.random() < 0.3 else None,
        )
        for n in range(1, 6)
        if chance.random() < 0.7
    ]
    assumed = [0, 0, 0, int(Flag.ASSUMED_END)]
    evidence = Evidence.of(
        visits=[
            Visit(person(), place(), *span(), mask(), chance.choice(assumed)) for _ in range(chance.randint(3, 14))
        ],
        encounters=[
            Encounter(person(), person(), start, end, 60 * (end - start), chance.choice([None, 0.5, 1.5, 4.0]))
            for start, end in (span() for _ in range(chance.randint(0, 4)))
        ],
        seats=[
            Seat(person(), place(), chance.choice([None, 1, 2, 5]), *span()) for _ in range(chance.randint(0, 4))
        ],
        households=[Household(person(), number, *span()) for _ in range(chance.randint(0, 3))],
        rosters=[Roster(person(), place(), *span(), flags=chance.choice([2, 2, 4, 0])) for _ in range(4)],
        isolations=[Isolation(person(), *span(), chance.choice(["isolation", "negative"]))],
        places=places,
    )
    return evidence, IndexPerson(person(), onset=date(2022, 1, 4))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_worlds_in_one_lake(cluster: str, batch: int, tmp_path: Path) -> None:
    """Many worlds, one question: Spark, DuckDB, the index and the reference give the same rows."""
    chance = random.Random(batch)
    worlds = [random_world(chance, number) for number in range(1, WORLDS + 1)]
    LakeWriter(tmp_path).append(Evidence.empty().joined(*(evidence for evidence, _ in worlds)))
    lake = open_lake(tmp_path)
    rule = replace(
        contact_rule(
            chance.choice(["vn.covid19.f1.11042", "vn.2026.contact.respiratory", "vn.2026.contact.measles"])
        ),
        minutes_over=chance.choice(["encounter", "day", "window"]),
        latency_minutes=chance.choice([0, 30]),
        linger=chance.choice([{}, {"room": 20, "classroom": 60}]),
        air_counts=chance.choice([False, True]),
    )
    bounds = Bounds(chance.choice([None, 2, 3]), chance.choice([None, 2]), chance.choice([0, 10]))
    request = TraceRequest(tuple(case for _, case in worlds), rule, 2, bounds=bounds)

    wanted = trace(replace(request, engine="reference"), lake)
    assert len(wanted.rows) > WORLDS // 4, "worlds in which somebody was exposed"
    for engine in ("spark", "duckdb", "index"):
        found = trace(replace(request, engine=engine), lake)
        assert list(found.rows) == list(wanted.rows), engine
        assert (found.windows, found.truncated, found.place_events, found.bad_data, found.unknown) == (
            wanted.windows,
            wanted.truncated,
            wanted.place_events,
            wanted.bad_data,
            wanted.unknown,
        ), engine
