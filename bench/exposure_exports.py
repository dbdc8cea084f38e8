"""From keys in the database to signed files: Google's scenario (1.4 M keys, 144 windows) and Germany's peak day.

    python bench/exposure_exports.py [--processes 2] [--runs 3]

Needs a home of its own (VUNGXANH_HOME); the tables of the exposure room are emptied. Times are wall seconds of the
export alone (close, pad, read, sign, pack, fsync, enter, index); memory is the greatest of any worker.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np

from vungxanh.core.house import house

START = 1_651_536_000  # 3 May 2022, 00:00 UTC
SCENARIOS = {
    "google_1400000_keys_144_windows": (1_400_000, 144, 600),
    "germany_358105_keys_1_window": (358_105, 1, 86_400),
}


def fill(count: int, windows: int, period: int) -> None:
    """`count` keys spread evenly over the windows, by COPY."""
    from django.db import connection

    rng = np.random.default_rng(452)
    data = rng.integers(0, 256, (count, 16), dtype=np.uint8).tobytes().hex()
    with connection.cursor() as cursor:
        for table in ("file", "window", "key"):
            cursor.execute(f"TRUNCATE exposure_{table} CASCADE")
        columns = "data, start, period, report, onset, has_onset, risk, variant, slot, origin"
        with cursor.copy(f"COPY exposure_key ({columns}) FROM STDIN") as copy:
            first = START // 600 - 144
            for i in range(count):
                slot = START + (i % windows) * period
                key = data[i * 32 : i * 32 + 32]
                copy.write(f"\\\\x{key}\t{first - 144 * (i % 14)}\t144\t1\t{i % 9 - 2}\tt\t0\t0\t{slot}\tVN\n")
        cursor.execute("ANALYZE exposure_key")


def work(windows: int, period: int) -> None:
    """One worker; prints its greatest memory in KiB."""
    with house():
        from vungxanh.exposure.export_job.worker import run
        from vungxanh.exposure.limits import limits

        rules = replace(limits().export, period_seconds=period)
        run(now=START + windows * period + rules.grace_seconds, limits=rules)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def once(count: int, windows: int, period: int, processes: int) -> dict[str, float]:
    from django.db import connection

    fill(count, windows, period)
    connection.close()
    command = [sys.executable, __file__, "--work", str(windows), str(period)]
    began = time.perf_counter()
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    peaks = [int(one.communicate()[0]) for one in running]
    seconds = time.perf_counter() - began
    from vungxanh.exposure.models import File

    keys = sum(File.objects.values_list("keys", flat=True))
    assert keys >= count, (keys, count)
    return {
        "seconds": round(seconds, 2),
        "keys_per_s": round(count / seconds),
        "rss_mib": round(max(peaks) / 1024),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--work", nargs=2, type=int, default=None)
    args = parser.parse_args()
    if args.work:
        work(*args.work)
        return
    subprocess.run([sys.executable, "-m", "vungxanh", "manage", "migrate", "-v0"], check=True)
    with house("owner"):
        answer = {}
        for name, scenario in SCENARIOS.items():
            runs = [once(*scenario, args.processes) for _ in range(args.runs)]
            answer[name] = {
                "median_seconds": statistics.median(one["seconds"] for one in runs),
                "rss_mib": max(one["rss_mib"] for one in runs),
                "runs": runs,
            }
        print(json.dumps(answer, indent=1))


if __name__ == "__main__":
    os.environ.setdefault("VUNGXANH_DB_ROLE", "owner")
    main()
