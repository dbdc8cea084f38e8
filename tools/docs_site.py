"""Builds the documentation site into build/docs; a warning (a dead link, a page in no list) is an error."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    out = ROOT / "build" / "docs"
    subprocess.run([sys.executable, str(ROOT / "tools" / "docs.py"), "site"], check=True)
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "-q", "-b", "html"]
    command += ["-d", str(out.with_name("doctrees")), str(ROOT / "docs"), str(out)]
    done = subprocess.run(command, check=False)
    if done.returncode == 0:
        print(f"{sum(1 for _ in out.rglob('*.html'))} pages: {out.relative_to(ROOT)}/index.html")
    return done.returncode


sys.exit(main())
