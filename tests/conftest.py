"""Fixtures that every kind of test shares."""

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real and official data beside the checkout; skips visibly where it is absent."""
    if not DATA.is_dir():
        pytest.skip("reference data folder is absent")
    return DATA
