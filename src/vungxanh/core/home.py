"""Where an installation keeps what it must not lose: database, keys, lake, sealed audit heads."""

import os
from pathlib import Path

from platformdirs import user_data_path


def home() -> Path:
    """`VUNGXANH_HOME`, else the user's data folder; made on first use."""
    given = os.environ.get("VUNGXANH_HOME")
    path = Path(given).resolve() if given else user_data_path("vungxanh")
    path.mkdir(parents=True, exist_ok=True)
    return path


def lake_dir() -> Path:
    """The lake of the running installation."""
    return home() / "lake"


def secrets_dir() -> Path:
    """Keys and passwords; readable by the owner only."""
    path = home() / "secrets"
    path.mkdir(mode=0o700, exist_ok=True)
    return path
