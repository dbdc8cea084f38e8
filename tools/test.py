"""Runs the tests folder by folder, prints each folder's time beside its budget, and lists what did not run.

Minutes are a budget to be seen, not an assertion: machines differ. Exit 1 on any failure; in CI also when
anything was skipped.
"""

import json
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: folder -> minutes on two cores
BUDGET = {"unit": 3, "spec": 1, "generative": 3, "contract": 3, "functional": 4, "browser": 6, "database": 3}
#: tests of these folders that are marked `database`, once more on an ordinary server
SERVER = "database"
#: these own the whole machine; the others share it between two processes
ALONE = {"browser", "contract"}


def run(folder: str, chromium: str) -> tuple[int, float, list[str], int]:
    """Exit code, minutes, reasons of skips and number of tests of one folder."""
    report = ROOT / "var" / "reports" / f"{folder}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", f"--junitxml={report}"]
    command += [] if folder in ALONE else ["-n", "2", "--dist", "loadfile"]
    command += ["tests", "-m", SERVER, "--ignore=tests/browser"] if folder == SERVER else [f"tests/{folder}"]
    command = [sys.executable, "tools/server.py", *command] if folder == SERVER else command
    begin = time.monotonic()
    environment = os.environ | {"VUNGXANH_CHROMIUM": chromium}
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    minutes = (time.monotonic() - begin) / 60
    cases = list(ET.parse(report).iter("testcase")) if report.exists() else []
    skips = [skip.get("message", "") for case in cases for skip in case.findall("skipped")]
    return code, minutes, skips, len(cases)


def main() -> int:
    machine = json.loads((ROOT / "var" / "machine.json").read_text())
    not_run = set(machine["lacking"])
    rows, failed, total = [], [], 0
    for folder, budget in BUDGET.items():
        if folder == SERVER and not machine["postgres"]:
            continue
        if folder == "browser" and not machine["chromium"]:
            continue
        print(f"\n== tests/{folder}", flush=True)
        code, minutes, skips, count = run(folder, machine["chromium"] or "")
        failed += [folder] if code else []
        total += count
        not_run.update(skips)
        rows.append(f"{folder:12} {count:6} tests {minutes:6.1f} min  (budget {budget})")
    print("\n" + "\n".join(rows))
    for reason in sorted(not_run):
        print(f"NOT RUN: {reason}")
    print(f"{total} tests; folders that failed: {', '.join(failed) or 'none'}")
    if os.environ.get("VUNGXANH_LONG"):
        note = {"date": time.strftime("%Y-%m-%d"), "tests": total, "failed": failed}
        (ROOT / "var" / "long.json").write_text(json.dumps(note))
    return 1 if failed or (not_run and os.environ.get("CI")) else 0


sys.exit(main())
