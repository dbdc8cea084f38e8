"""A demonstration that begins anew forgets its own home only, and keeps keys and pass word."""

import subprocess
import sys
from pathlib import Path

import pytest

from vungxanh.core import database
from vungxanh.core.errors import OperatorError
from vungxanh.demo import again


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(again, "home", lambda: tmp_path)
    monkeypatch.setattr(database, "stop", lambda: None)
    for name in ("postgres", "lake", "seals", "secrets"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("x")
    return tmp_path


def test_a_filled_one_keeps_keys_and_word(house: Path) -> None:
    (house / "demo.json").write_text('{"state": "filled"}')
    (house / "demo.word").write_text("dientap-1")
    again.forget()
    assert {one.name for one in house.iterdir()} == {"secrets", "demo.word"}


@pytest.mark.parametrize("note", [None, '{"state": "filling"}'])
def test_a_home_that_is_no_demonstration_is_left_alone(house: Path, note: str | None) -> None:
    if note:
        (house / "demo.json").write_text(note)
    before = sorted(house.rglob("*"))
    with pytest.raises(OperatorError) as caught:
        again.forget()
    assert caught.value.code == "demo.not-a-demonstration"
    assert sorted(house.rglob("*")) == before


def test_a_server_of_ones_own_is_never_emptied(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (house / "demo.json").write_text('{"state": "filled"}')
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1/nothing")
    with pytest.raises(OperatorError) as caught:
        again.forget()
    assert caught.value.code == "demo.not-a-demonstration"
    assert (house / "postgres" / "file").exists()


def test_it_needs_no_django() -> None:
    """The process that starts and stops the house has none."""
    asked = "import sys; import vungxanh.demo.again; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
