"""`make bench`: the machine's name, the last nightly run, then every bench module in a process of its own."""

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONG = ROOT / "var" / "long.json"
HELPERS = {"__init__", "__main__", "visits", "zoning_world"}


def machine() -> str:
    """Processor, cores, memory, Python and load: every figure below is of this machine and this hour."""
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} × {model}, {gib:.0f} GiB, Python {platform.python_version()}, load {load:.1f}"


def main() -> int:
    names = sys.argv[1:] or sorted(
        file.stem for file in Path(__file__).parent.glob("*.py") if file.stem not in HELPERS
    )
    print(machine())
    print(f"last nightly run: {json.loads(LONG.read_text()) if LONG.exists() else 'none on this machine'}")
    failed = 0
    for name in names:
        print(f"\n== {name}", flush=True)
        begin = time.monotonic()
        done = subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=ROOT, check=False)
        failed += done.returncode != 0
        print(f"   ({time.monotonic() - begin:.0f} s)")
    return 1 if failed else 0


sys.exit(main())
