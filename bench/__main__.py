"""`make bench`: the machine's name, the last nightly run, then every bench module in a process of its own."""

import json
import subprocess
import sys
import time
from pathlib import Path

from bench.machine import machine

ROOT = Path(__file__).resolve().parent.parent
LONG = ROOT / "var" / "long.json"
HELPERS = {
    "__init__",
    "__main__",
    "machine",
    "tracing_curves",
    "tracing_peers",
    "tracing_tail",
    "visits",
    "zoning_world",
}


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
