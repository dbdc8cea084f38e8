"""The dated tables of this package: `data/*.toml`, read once."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """`data/<name>.toml` as plain values."""
    file = resources.files("vungxanh.codes") / "data" / f"{name}.toml"
    return tomllib.loads(file.read_text("utf-8"))
