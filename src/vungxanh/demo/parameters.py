"""The generator's assumptions, read from `parameters.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Parameters:
    """One table of `parameters.toml` a field."""

    population: dict[str, Any]
    movement: dict[str, Any]
    disease: dict[str, Any]
    targets: dict[str, Any]
    fitted: dict[str, Any]
    closeness: dict[str, Any]
    record: dict[str, Any]
    district: dict[str, Any]
    names: dict[str, Any]


@cache
def parameters() -> Parameters:
    text = (resources.files("vungxanh.demo") / "parameters.toml").read_text("utf-8")
    return Parameters(**tomllib.loads(text))
