"""Fixtures that every kind of test shares."""

from pathlib import Path

import pytest
from tools.messages import compile_stale

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real and official data beside the checkout; skips visibly where it is absent."""
    if not DATA.is_dir():
        pytest.skip("reference data folder is absent")
    return DATA


def pytest_configure() -> None:
    """Pages are tested in both languages, so the translations are compiled first."""
    compile_stale()
