"""Everything `make check` holds: one line a check, its output only where it fails."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS: dict[str, list[str]] = {
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "lint": [str(BIN / "ruff"), "check", "."],
    "types": [str(BIN / "mypy")],
    "the arrow": [str(BIN / "lint-imports")],
    "scope": [sys.executable, "tools/lint_scope.py"],
    "sizes": [sys.executable, "tools/sizes.py"],
    "licences": [sys.executable, "tools/licences.py"],
    "lock": [str(BIN / "uv"), "lock", "--check"],
    "translations": [sys.executable, "tools/messages.py", "check"],
    "migrations": [sys.executable, "-m", "vungxanh", "manage", "makemigrations", "--check", "--dry-run"],
    "documents": [sys.executable, "tools/docs.py", "check"],
    "the site": [sys.executable, "tools/docs_site.py"],
}


def main() -> int:
    failed = 0
    for name, command in CHECKS.items():
        begin = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        print(
            f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name} ({time.monotonic() - begin:.1f} s)", flush=True
        )
        if done.returncode:
            failed += 1
            print(done.stdout + done.stderr)
    return 1 if failed else 0


sys.exit(main())
