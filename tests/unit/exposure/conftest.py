"""A server with a clock of its own, an officer, a device."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.exposure.phone import Phone
from vungxanh.exposure import signing
from vungxanh.exposure.export_job import folder
from vungxanh.exposure.publish import chaff


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Export files of one test; what the process remembers of keys is forgotten."""
    monkeypatch.setattr(folder, "home", lambda: tmp_path)
    signing.forget()
    chaff.forget()
    yield tmp_path / "exposure-files"
    signing.forget()
    chaff.forget()


@pytest.fixture
def phone() -> Phone:
    return Phone()
