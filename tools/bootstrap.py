"""Makes the virtual environment with nothing but Python, and says in a sentence what is wrong when it cannot."""

import subprocess
import sys
import venv
from pathlib import Path


def stop(vietnamese: str, english: str) -> None:
    print(f"{vietnamese}\n{english}", file=sys.stderr)
    raise SystemExit(3)


def main() -> None:
    folder, uv_version = Path(sys.argv[1]), sys.argv[2]
    if sys.version_info < (3, 11):
        found = sys.version.split()[0]
        stop(
            f"Cần Python 3.11 trở lên; máy này có {found}. Thử: make PYTHON=/đường/dẫn/python3.11 run",
            f"Python 3.11 or newer is needed; this is {found}. Try: make PYTHON=/path/to/python3.11 run",
        )
    print("Môi trường Python / Python environment …", flush=True)
    try:
        venv.create(folder, with_pip=True)
    except (OSError, subprocess.SubprocessError) as exc:
        stop(
            f"Không tạo được môi trường Python ({exc}). Trên Debian/Ubuntu: apt install python3.11-venv",
            f"The Python environment could not be made ({exc}). On Debian/Ubuntu: apt install python3.11-venv",
        )
    pip = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", f"uv=={uv_version}"]
    if subprocess.run(pip, check=False).returncode:
        stop(
            "Không tải được gói từ kho Python. Cần mạng cho lần chạy đầu tiên.",
            "The Python package index cannot be reached. The first run needs the network.",
        )


main()
