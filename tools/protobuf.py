"""Make the protobuf modules from their .proto files: `uv run --with grpcio-tools==1.85.1 tools/protobuf.py`.

The compiler is needed here only; what it makes is committed.
"""

import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src"


def main() -> None:
    for proto in sorted(SOURCE.rglob("*.proto")):
        out = [f"--{kind}_out={SOURCE}" for kind in ("python", "pyi")]
        command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{SOURCE}", *out, str(proto)]
        subprocess.run(command, check=True)
        print(proto.relative_to(SOURCE))


if __name__ == "__main__":
    main()
