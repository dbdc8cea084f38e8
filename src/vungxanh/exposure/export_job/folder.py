"""The folder of static files: a file appears whole or not at all."""

import os
from pathlib import Path

from vungxanh.core.home import home

INDEX = "index.txt"


def folder() -> Path:
    """Where files and index lie; any web server may serve it."""
    path = home() / "exposure-files"
    path.mkdir(parents=True, exist_ok=True)
    return path


def write(name: str, data: bytes) -> None:
    """Write beside, flush to disk, move into place: whoever reads sees the old file or the new one."""
    target = folder() / name
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    with beside.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(target)


def remove(name: str) -> None:
    (folder() / name).unlink(missing_ok=True)
