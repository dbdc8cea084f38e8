"""The command's manners: JSON on stdout, words on stderr, four exit codes, no traceback for a known mistake."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest


def vungxanh(*args: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vungxanh", *args],
        env=os.environ | {"VUNGXANH_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_an_unknown_command_is_usage(tmp_path: Path) -> None:
    done = vungxanh("no-such-thing", home=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "No such command" in done.stderr


def test_a_port_in_use_is_a_sentence_and_starts_nothing(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = vungxanh("up", "--port", str(port), home=tmp_path)
    assert done.returncode == 3
    assert json.loads(done.stdout)["error"] == "core.port-in-use"
    assert str(port) in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "postgres").exists()


def test_a_database_that_does_not_answer_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("DATABASE_URL", f"postgresql://someone:secret@127.0.0.1:{port}/nothing")
    done = vungxanh("audit", "verify", home=tmp_path)
    assert done.returncode == 3
    assert json.loads(done.stdout)["error"] == "core.database-unreachable"
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stdout + done.stderr
