"""Sees to the machine before the tests: a browser, Java, a PostgreSQL server.

What cannot be had is listed, never hidden. As root on Debian it installs chromium, openjdk-17-jre-headless,
postgresql, openssl and dbus-daemon by apt; elsewhere it asks Playwright for a browser. Findings go to
`var/machine.json`, which the test run reads.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "var" / "machine.json"
CHROMIUM, JAVA, SERVER = "chromium", "openjdk-17-jre-headless", "postgresql"
#: program and Debian package of one name -> what is not run without it
TOOLS = {
    "openssl": "batch signatures against OpenSSL (it could not be installed)",
    "dbus-daemon": "BlueZ over D-Bus (dbus-daemon could not be installed)",
}
PROBE = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"


def find_chromium() -> str | None:
    """Path of a browser that Playwright can drive."""
    given = os.environ.get("VUNGXANH_CHROMIUM")
    for name in (given, "chromium", "chromium-browser", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=False)
    path = done.stdout.strip()
    return path if path and Path(path).exists() else None


def find_postgres() -> str | None:
    """Programs of an ordinary PostgreSQL server, Debian's or another on the path."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    path = shutil.which("initdb")
    return str(debian[-1].parent) if debian else str(Path(path).parent) if path else None


def apt_install(packages: list[str]) -> None:
    """Best effort; what is still missing afterwards is reported by the caller."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"apt-get install {' '.join(packages)} …", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", *command], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stderr[-500:], file=sys.stderr)


def main() -> None:
    missing = [CHROMIUM] if not find_chromium() else []
    missing += [JAVA] if not shutil.which("java") else []
    missing += [SERVER] if not find_postgres() else []
    missing += [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        apt_install(missing)
    chromium = find_chromium()
    if not chromium:
        print("playwright install chromium …", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
        chromium = find_chromium()
    lacking = [] if chromium else ["browser tests (no Chromium could be installed)"]
    lacking += [] if shutil.which("java") else ["Spark tests (no Java could be installed)"]
    lacking += [] if find_postgres() else ["tests on an ordinary PostgreSQL server (none could be installed)"]
    lacking += [what for tool, what in TOOLS.items() if not shutil.which(tool)]
    OUT.parent.mkdir(exist_ok=True)
    found = {"chromium": chromium, "java": shutil.which("java"), "postgres": find_postgres()}
    OUT.write_text(json.dumps(found | {"lacking": lacking}, indent=1))


main()
