"""Documents made from the code (docs/reference, docs/rules): `check` finds what is stale, `write` mends it.

What moves with every import or page (drawings, the map of the house, the list of pages) is written again by each
build of the site (`site`), and is not compared.
"""

import ast
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import drawings
import house
import reference
import rulebook

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "vungxanh"
RAISES = {"UserError", "OperatorError"}


def codes_raised() -> dict[str, str]:
    """Code -> file, of every `UserError("…")` and `OperatorError("…")` with a literal code."""
    found = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in RAISES and isinstance(node.args[0].value, str):
                found[node.args[0].value] = str(path.relative_to(SOURCE))
    return found


def catalogue() -> dict[str, dict[str, str]]:
    """Code -> sentences, of every `errors.toml`."""
    found = {}
    for path in sorted(SOURCE.glob("*/errors.toml")):
        for name, sentences in tomllib.loads(path.read_text("utf-8")).items():
            found[f"{path.parent.name}.{name}"] = sentences
    return found


def errors_page() -> str:
    rows = [f"| `{code}` | {text['en']} | {text['vi']} |" for code, text in sorted(catalogue().items())]
    head = [
        "# Error codes",
        "",
        "Made from the `errors.toml` files by `python tools/docs.py write`. `{…}` is filled in.",
        "",
        "| code | English | Tiếng Việt |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


house.PAGES |= {"docs/reference/errors.md": errors_page, **reference.PAGES, **rulebook.PAGES}
PAGES = {**drawings.DRAWINGS, **house.PAGES}
OF_THE_SITE = {*drawings.DRAWINGS, "docs/reference/house.md", "docs/reference/pages.md"}


def pages(how: str) -> dict[str, Callable[[], str]]:
    """The pages that `write`, `site` or `check` are about."""
    wanted = {"write": set(PAGES), "site": OF_THE_SITE}.get(how, set(PAGES) - OF_THE_SITE)
    return {name: make for name, make in PAGES.items() if name in wanted}


def main() -> int:
    how = sys.argv[1] if len(sys.argv) > 1 else "check"
    missing = {code: file for code, file in codes_raised().items() if code not in catalogue()}
    for code, file in missing.items():
        print(f"{file} raises {code}, which has no sentence in errors.toml")
    unsaid = list(reference.settings_faults())
    print("\n".join(unsaid), end="\n" if unsaid else "")
    stale = []
    for name, make in pages(how).items():
        path = ROOT / name
        if how != "check":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(make(), "utf-8")
        elif not path.exists() or path.read_text("utf-8") != make():
            stale.append(name)
            print(f"{name} is out of step: python tools/docs.py write")
    return 1 if missing or stale or unsaid else 0


sys.exit(main())
