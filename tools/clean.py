"""Forgets builds, the demonstration and the test database; stops their servers first."""

import os
import shutil
from pathlib import Path

from vungxanh.core import database

ROOT = Path(__file__).resolve().parent.parent
MADE = ("build", "dist", "frontend/node_modules", "src/vungxanh/web/static/dist", "var/reports")


def main() -> None:
    for state in (ROOT / "var" / "demo", ROOT / "var" / "test"):
        if (state / "postgres").exists():
            os.environ["VUNGXANH_HOME"] = str(state)
            database.stop()
        shutil.rmtree(state, ignore_errors=True)
    for made in MADE:
        shutil.rmtree(ROOT / made, ignore_errors=True)


main()
