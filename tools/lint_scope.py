"""Refuses reads of scoped models that go past `core.scope.scoped`.

A scoped model (a subclass of ScopedModel, or one with `SCOPE`) may be read through `.objects` outside a call of
`scoped(...)` or of a helper named `visible_…` only where no officer asks: actions, evidence for the lake,
imports, commands. Elsewhere the line, or the one above it, says why not: `# scope: <reason>`.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src" / "vungxanh"
#: no officer asks here: what changes rows on somebody's behalf, or works through all of them for the system
EXEMPT = {"actions.py", "evidence.py", "imports.py", "commands.py", "models.py", "tasks.py"}
WRITES = {"create", "bulk_create", "update_or_create", "get_or_create"}
EXEMPT_FOLDERS = {"migrations", "models", "demo", "actions"}


def scoped_models() -> set[str]:
    """Names of classes that derive from ScopedModel or carry SCOPE."""
    trees = [ast.parse(file.read_text("utf-8")) for file in SOURCE.rglob("*.py") if "migrations" not in file.parts]
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return {node.name for node in classes if _is_scoped(node)} - {"ScopedModel"}


def _is_scoped(node: ast.ClassDef) -> bool:
    bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
    targets = [t for item in node.body if isinstance(item, ast.Assign) for t in item.targets]
    targets += [item.target for item in node.body if isinstance(item, ast.AnnAssign)]
    return "ScopedModel" in bases or any(isinstance(t, ast.Name) and t.id == "SCOPE" for t in targets)


def faults_in(text: str, names: set[str]) -> Iterator[tuple[int, str]]:
    """(line, model) of each `.objects` of a scoped model outside `scoped(...)`."""
    tree, lines = ast.parse(text), text.splitlines()
    inside = {id(n) for call in ast.walk(tree) if _is_scoping(call) for n in ast.walk(call)}
    inside |= {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in WRITES}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node.attr not in {"objects", "_default_manager"}:
            continue
        model = node.value
        is_model = isinstance(model, ast.Name) and model.id in names
        excused = any("# scope:" in line for line in lines[max(0, node.lineno - 2) : node.lineno])
        if is_model and id(node) not in inside and not excused:
            yield node.lineno, ast.unparse(model)


def _is_scoping(node: ast.AST) -> bool:
    """`scoped(...)`, or one of the package helpers named `visible_…`, whose own body is linted too."""
    if not isinstance(node, ast.Call):
        return False
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    return name == "scoped" or name.startswith("visible_")


def main() -> int:
    names, found = scoped_models(), 0
    for file in sorted(SOURCE.rglob("*.py")):
        if file.name.endswith("_actions.py") or file.name in EXEMPT or EXEMPT_FOLDERS & set(file.parts):
            continue
        for line, model in faults_in(file.read_text("utf-8"), names):
            found += 1
            print(f"{file.relative_to(SOURCE.parent)}:{line}: {model}.objects is read without scoped(...)")
    print(f"{len(names)} scoped models, {found} unscoped reads")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
