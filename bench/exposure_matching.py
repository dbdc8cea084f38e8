"""Matching: keys a second on both paths, the limit of the same core, and a million planted sightings.

    python bench/exposure_matching.py [KEYS] [PLANTED]

Seeded; one process, one thread; the median of five runs is printed, CPU seconds beside wall seconds.
"""

import json
import statistics
import subprocess
import sys
import time

import numpy as np

from vungxanh.exposure.codec.keys import KEY_ROW, KeyTable
from vungxanh.exposure.matching import fast
from vungxanh.exposure.matching.expand import expand
from vungxanh.exposure.matching.match import match
from vungxanh.exposure.matching.sightings import SIGHTING_ROW, SightingTable

START, HEARD, RUNS = 2_642_976, 100_000, 5


def some_keys(count: int, rng: np.random.Generator) -> KeyTable:
    keys = np.zeros(count, KEY_ROW)
    keys["data"] = rng.integers(0, 256, (count, 16), dtype=np.uint8)
    keys["start"] = START + 144 * rng.integers(0, 14, count)
    keys["period"] = 144
    return keys


def plant(keys: KeyTable, count: int, strangers: int, rng: np.random.Generator) -> SightingTable:
    """`count` sightings of identifiers of `keys` among `strangers`, each within its two hours."""
    rows = np.zeros(count + strangers, SIGHTING_ROW)
    rows["rpi"][count:] = rng.integers(0, 256, (strangers, 16), dtype=np.uint8)
    rows["at"][count:] = START * 600
    ids, offsets = expand(keys)
    chosen = rng.integers(0, len(ids), count)
    owner = np.searchsorted(offsets, chosen, "right") - 1
    rows["rpi"][:count] = ids[chosen]
    interval = keys["start"][owner] + (chosen - offsets[owner])
    rows["at"][:count] = (interval + rng.integers(-12, 13, count)) * 600 + rng.integers(0, 600, count)
    return rows


def timed(keys: KeyTable, heard: SightingTable, engine: str) -> dict[str, float]:
    match(keys[:1000], heard, engine=engine)  # compiles, fills caches
    walls, cpus = [], []
    for _ in range(RUNS):
        wall, cpu = time.perf_counter(), time.process_time()
        match(keys, heard, engine=engine)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    wall, cpu = statistics.median(walls), statistics.median(cpus)
    return {
        "seconds": round(wall, 3),
        "keys_per_s": round(len(keys) / wall),
        "keys_per_cpu_s": round(len(keys) / cpu),
    }


def openssl(*args: str) -> float:
    """Bytes a second that `openssl speed` reports."""
    command = ["openssl", "speed", "-mr", "-seconds", "1", *args]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(next(line for line in done.stdout.splitlines() if line.startswith("+F:")).rsplit(":", 1)[1])


def limit() -> float:
    """Keys a second if a key cost only its 2,304 AES bytes and six blocks of SHA-256."""
    aes = openssl("-bytes", "2304", "-evp", "aes-128-ecb")
    sha = openssl("-bytes", "16384", "-evp", "sha256")
    return 1 / (2304 / aes + 6 * 64 / sha)


def main() -> None:
    count, planted = (int(a) for a in (*sys.argv[1:], *("100000", "1000000")[len(sys.argv) - 1 :]))
    rng = np.random.default_rng(452)
    keys = some_keys(count, rng)
    heard = plant(keys, 200, HEARD - 200, rng)
    answer: dict[str, object] = {"keys": count, "heard": HEARD, "limit_keys_per_s": round(limit())}
    for engine in ("numpy", "fast") if fast.available() else ("numpy",):
        answer[engine] = timed(keys, heard, engine)
        many = plant(keys, planted, HEARD, rng)
        found = match(keys, many, engine=engine)
        answer[f"{engine}_missed_of_{planted}"] = planted - len(
            np.unique(found.sighting[found.sighting < planted])
        )
    print(json.dumps(answer, indent=1))


if __name__ == "__main__":
    main()
