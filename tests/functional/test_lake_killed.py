"""kill -9 at any point of an export with its compaction: nothing lost, nothing doubled, always one whole state."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from vungxanh.lake import manifest
from vungxanh.lake.store import open_lake

KILLS = 150 if os.environ.get("VUNGXANH_LONG") else 20
ROWS, BATCH = 3_000, 100
#: a source of numbered visits on three days, exported in small batches, with compaction after every few
EXPORT = f"""
import sys
from pathlib import Path
from vungxanh.lake import export, sources
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.rows import Visit
from vungxanh.lake.writer import LakeWriter

class Gate:
    name = "gate"
    def closed_since(self, watermark):
        for first in range(watermark, {ROWS}, {BATCH}):
            rows = [Visit(n, n % 7, 27_000_000 + n % 3 * 1440, 27_000_010 + n % 3 * 1440, row=n + 1)
                    for n in range(first, first + {BATCH})]
            yield sources.Batch(first + {BATCH}, Evidence.of(visits=rows))
    def tail(self, now):
        return Evidence.empty()

class Compacting(LakeWriter):
    def append(self, *args, **options):
        done = super().append(*args, **options)
        self.compact(most_files=3)
        return done

export.AT_ONCE = 1
export.LakeWriter = Compacting
sources.register(Gate())
print("ready", flush=True)
export.export(Path(sys.argv[1]))
"""


def test_killed_at_any_point(tmp_path: Path) -> None:
    lake, chance, killed = tmp_path / "lake", random.Random(7), 0
    for _ in range(KILLS):
        child = subprocess.Popen([sys.executable, "-c", EXPORT, str(lake)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.0, 0.25))
        child.send_signal(signal.SIGKILL)
        killed += child.wait() == -signal.SIGKILL
        child.stdout.close()
        if (lake / manifest.NAME).exists():
            whole_and_once(lake)
    assert killed > KILLS // 2
    subprocess.run([sys.executable, "-c", EXPORT, str(lake)], check=True, stdout=subprocess.DEVNULL)
    assert whole_and_once(lake) == ROWS
    files = {str(path.relative_to(lake)) for path in lake.rglob("*.parquet")}
    assert files == {file.path for file in manifest.load(lake).files}  # nothing left over


def whole_and_once(lake: Path) -> int:
    """The rows are exactly those up to the watermark, in both orders, each on its own day."""
    store = open_lake(lake)
    upto = store.manifest.watermarks.get("gate", 0)
    assert sorted(store.table("visits").column("row").to_pylist()) == list(range(1, upto + 1))
    for order in ("person", "place"):
        assert sum(file.rows for file in store.manifest.of("visits", order=order)) == upto
    for file in store.manifest.of("visits", order="person"):
        assert file.day in (18750, 18751, 18752)
    return upto
