"""File and function sizes of the package. A file that grows is a room that wants to be two.

Files: median ≤ 90 lines, 95th percentile ≤ 400, none above 600; functions: median ≤ 9. Migrations and
generated protobuf code are not counted.
"""

import ast
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "src" / "vungxanh"
MEDIAN, P95, WALL, FUNCTION = 90, 400, 600, 9


def percentile(values: list[int], share: float) -> int:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def function_lengths(path: Path) -> list[int]:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    found = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [(node.end_lineno or node.lineno) - node.lineno + 1 for node in found]


def main() -> int:
    every = [path for path in ROOT.rglob("*.py") if "migrations" not in path.parts]
    files = [path for path in every if not path.name.endswith("_pb2.py")]
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in files}
    counted = [count for count in lines.values() if count > 1]
    functions = [length for path in files for length in function_lengths(path)]
    median, p95, function = statistics.median(counted), percentile(counted, 0.95), statistics.median(functions)
    print(f"files {len(counted)}: median {median}, p95 {p95}, max {max(counted)}; functions median {function}")
    too_long = [path for path, count in lines.items() if count > WALL]
    for path in too_long:
        print(f"{path.relative_to(ROOT)}: {lines[path]} lines; the wall is {WALL}")
    return 1 if too_long or median > MEDIAN or p95 > P95 or function > FUNCTION else 0


sys.exit(main())
