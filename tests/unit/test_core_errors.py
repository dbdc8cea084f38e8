"""Every error has both sentences, and every code that the source raises is in its package's catalogue."""

import string
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from vungxanh.core.errors import OperatorError, UserError

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted((ROOT / "src" / "vungxanh").glob("*/errors.toml"))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.name)
def test_both_languages_say_the_same_fields(path: Path) -> None:
    for name, sentences in tomllib.loads(path.read_text("utf-8")).items():
        assert set(sentences) == {"vi", "en"}, name
        assert all(sentences.values()), name
        # a parameter named after a language holds that language's word
        assert fields(sentences["vi"]) - {"vi"} == fields(sentences["en"]) - {"en"}, name


def test_a_user_error_carries_code_sentence_and_field() -> None:
    error = UserError("core.bad-date", field="onset", value="31/2")
    assert error.field == "onset"
    assert "“31/2”" in error.text("vi")
    assert error.as_json()["error"] == "core.bad-date"


def test_kinds_have_their_exit_codes() -> None:
    assert UserError("core.bad-date", value="").exit_code == 1
    assert OperatorError("core.port-in-use", port=8000).exit_code == 3


def test_every_code_raised_is_documented() -> None:
    done = subprocess.run(
        [sys.executable, "tools/docs.py", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
