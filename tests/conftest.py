"""Fixtures that every kind of test shares."""

import os
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real and official data beside the checkout; skips visibly where it is absent."""
    if not DATA.is_dir():
        pytest.skip("reference data folder is absent")
    return DATA


#: files whose tests also run against an ordinary PostgreSQL server over TCP with TLS: each room's main path,
#: the audit trail, the vault, scope
ON_A_SERVER = {
    "test_audit.py",
    "test_border_flow.py",
    "test_command_directives.py",
    "test_core_jobs.py",
    "test_declarations.py",
    "test_outbreak_cases.py",
    "test_outbreak_followup.py",
    "test_people_register.py",
    "test_people_scope.py",
    "test_people_search.py",
    "test_places_actions.py",
    "test_publish.py",
    "test_safetymap.py",
    "test_vault.py",
    "test_venues_flow.py",
    "test_work_pages.py",
    "test_zones.py",
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.name in ON_A_SERVER:
            item.add_marker(pytest.mark.database)
    if not os.environ.get("VUNGXANH_LONG"):
        nightly = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=nightly)
        items[:] = [item for item in items if item not in nightly]
