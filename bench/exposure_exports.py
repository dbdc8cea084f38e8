"""From keys in the database to signed files: Google's scenario (1.4 M keys, 144 windows) and Germany's peak day.

    python bench/exposure_exports.py [--processes 2] [--runs 3]

Needs a home of its own (VUNGXANH_HOME); the tables of the exposure room are emptied. Times are those of the export
alone (close, pad, read, sign, pack, fsync, enter, index) in workers that run already, wall and CPU seconds of all
workers together; memory is the greatest of any worker.
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
    """One worker: says that it stands ready, waits for a line, works; prints CPU seconds and memory in KiB."""
    with house():
        from vungxanh.exposure.export_job.worker import run
        from vungxanh.exposure.limits import limits
        from vungxanh.exposure.models import Key

        Key.objects.exists()
        rules = replace(limits().export, period_seconds=period)
        print("ready", flush=True)
        sys.stdin.readline()
        cpu = time.process_time()
        run(now=START + windows * period + rules.grace_seconds, limits=rules)
        cpu = time.process_time() - cpu
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(json.dumps({"cpu": cpu, "kib": memory}), flush=True)


def once(count: int, windows: int, period: int, processes: int) -> dict[str, float]:
    from django.db import connection

    fill(count, windows, period)
    connection.close()
    command = [sys.executable, __file__, "--work", str(windows), str(period)]
    pipe = subprocess.PIPE
    running = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(processes)]
    for one in running:
        assert one.stdout
        assert one.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for one in running:
        assert one.stdin
        print("go", file=one.stdin, flush=True)
    said = [json.loads(one.stdout.readline()) for one in running if one.stdout]
    seconds = time.perf_counter() - began
    for one in running:
        one.communicate()
    from vungxanh.exposure.models import File

    keys = sum(File.objects.values_list("keys", flat=True))
    assert keys >= count, (keys, count)
    return {
        "seconds": round(seconds, 2),
        "keys_per_s": round(count / seconds),
        "cpu_seconds": round(sum(one["cpu"] for one in said), 2),
        "rss_mib": round(max(one["kib"] for one in said) / 1024),
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
