"""What an evaluation does, read from `plan.toml`; nothing in it is chosen after a result was seen."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Conditions:
    """How well the world is recorded and how fast a case is traced."""

    adoption: float
    discipline: float
    forgotten: float
    delay_days: float


@dataclass(frozen=True, slots=True)
class Plan:
    seeds: int
    generations: int
    base: Conditions
    grid: dict[str, list[float]]
    disease: dict[str, Any]
    success: dict[str, dict[str, float]]
    district: dict[str, int]

    def points(self) -> list[tuple[str, Conditions]]:
        """(what varies, conditions): one curve for each condition through the base."""
        return [
            (name, replace(self.base, **{name: value})) for name, values in self.grid.items() for value in values
        ]

    @property
    def best(self) -> Conditions:
        """Everything recorded, at once."""
        return Conditions(1.0, 1.0, 0.0, 0.0)


@cache
def plan() -> Plan:
    raw = tomllib.loads((resources.files("vungxanh.evaluation") / "plan.toml").read_text("utf-8"))
    return Plan(**{**raw, "base": Conditions(**raw["base"])})
