"""The recipes for the next engineer, followed literally in a copy of the source.

A block whose first line is a comment with a path is written there; `(append)` adds it to the end of the file,
`(after: LINE)` puts it below that line, once. Then the `console` lines are run with the copy as the program.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.test_documented_commands import ROOT

RECIPES = sorted((ROOT / "docs" / "next").glob("add-*.md"))
BLOCK = re.compile(r"^```(toml|python)\n# (src/\S+?)(?: \((append|after: [^\n]+)\))?\n(.*?)^```$", re.M | re.S)
COMMANDS = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
HEAVY = shutil.ignore_patterns("dist", "fonts", "__pycache__", "*.po", "*.mo")


def follow(steps: str, copy: Path) -> int:
    """Writes what the recipe says; the number of files touched."""
    found = BLOCK.findall(steps)
    for _language, path, how, body in found:
        file = copy / path
        if not how:
            assert not file.exists(), f"{path} is there already"
            file.write_text(body, "utf-8")
        elif how == "append":
            file.write_text(file.read_text("utf-8") + body, "utf-8")
        else:
            line = how.removeprefix("after: ") + "\n"
            text = file.read_text("utf-8")
            assert text.count(line) == 1, f"{path} holds this line {text.count(line)} times: {line}"
            file.write_text(text.replace(line, line + body), "utf-8")
    return len(found)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.stem)
def test_a_recipe_followed_literally_works(recipe: Path, tmp_path: Path) -> None:
    text = recipe.read_text("utf-8")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=HEAVY)
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    assert follow(text, tmp_path) >= 1
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    world = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "VUNGXANH_"))}
    world |= {"PATH": path, "PYTHONPATH": str(tmp_path / "src"), "VUNGXANH_HOME": str(tmp_path / "home")}
    commands = [part for block in COMMANDS.findall(text) for part in re.split(r"^\$ ", block, flags=re.M)[1:]]
    assert commands
    for one in commands:
        command, _, shown = one.partition("\n")
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command],
            env=world,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr[-2000:]}"
        if shown.startswith("{"):
            assert json.loads(shown).items() <= json.loads(done.stdout.splitlines()[-1]).items(), done.stdout
        else:
            assert shown.strip() in done.stdout, done.stdout


def test_the_copy_is_what_runs(tmp_path: Path) -> None:
    """A recipe proves nothing where the installed program answers."""
    shutil.copytree(ROOT / "src" / "vungxanh" / "core", tmp_path / "vungxanh" / "core")
    (tmp_path / "vungxanh" / "__init__.py").write_text("")
    asked = [sys.executable, "-c", "import vungxanh.core.errors as e; print(e.__file__)"]
    done = subprocess.run(
        asked, env={"PYTHONPATH": str(tmp_path)}, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(str(tmp_path))
