"""A release in build/release: wheel, sdist, list of parts (CycloneDX SBOM), checksums. The same bytes each time.

The time of every file is that of the last commit (`SOURCE_DATE_EPOCH`), and the sdist's list is that of git.
"""

import hashlib
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "release"
#: without these a wheel installs and shows bare pages, or pages in English alone
MUST_HOLD = ("web/static/dist/manifest.json", "locale/vi/LC_MESSAGES/django.mo", "exchange/fonts/")


def version() -> str:
    raw = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return str(raw["project"]["version"])


def committed() -> str:
    """Seconds since 1970 of the last commit; a tree without git says when it was packed by itself."""
    asked = ["git", "log", "-1", "--format=%ct"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    return os.environ.get("SOURCE_DATE_EPOCH") or done.stdout.strip() or "1700000000"


def build(out: Path) -> list[Path]:
    """Wheel and sdist, built from the working tree with its assets."""
    environment = os.environ | {"SOURCE_DATE_EPOCH": committed(), "UV_NO_PROGRESS": "1"}
    uv = str(Path(sys.executable).parent / "uv")
    for kind in ("--wheel", "--sdist"):
        command = [uv, "build", kind, "--quiet", "--out-dir", str(out), str(ROOT)]
        subprocess.run(command, check=True, env=environment)
    return sorted([*out.glob("*.whl"), *out.glob("*.tar.gz")])


def lacking(wheel: Path) -> list[str]:
    """What a wheel must hold and does not."""
    names = zipfile.ZipFile(wheel).namelist()
    return [part for part in MUST_HOLD if not any(part in name for name in names)]


def parts() -> str:
    """The lock as a CycloneDX list of every package that an installation with all extras may hold."""
    uv = str(Path(sys.executable).parent / "uv")
    command = [uv, "export", "--frozen", "--quiet", "--no-dev", "--all-extras", "--no-emit-project"]
    locked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    asked = [sys.executable, "-m", "cyclonedx_py", "requirements", "-", "--output-reproducible", "--of", "JSON"]
    asked += ["--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application"]
    made = subprocess.run(asked, input=locked, capture_output=True, text=True, check=True).stdout
    return json.dumps(json.loads(made), indent=1, sort_keys=True) + "\n"


def main() -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    made = build(OUT)
    (OUT / ".gitignore").unlink(missing_ok=True)
    missing = lacking(next(file for file in made if file.suffix == ".whl"))
    if missing:
        print(f"the wheel lacks {', '.join(missing)}: make assets", file=sys.stderr)
        return 1
    (OUT / f"vungxanh-{version()}.cdx.json").write_text(parts(), "utf-8")
    files = sorted(file for file in OUT.iterdir() if file.name != "SHA256SUMS")
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in files]
    (OUT / "SHA256SUMS").write_text("\n".join(sums) + "\n", "utf-8")
    print("\n".join(sums))
    return 0


if __name__ == "__main__":
    sys.exit(main())
