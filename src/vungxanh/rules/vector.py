"""Diseases carried by a vector: instead of classes, a ring around places."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class VectorRule:
    """`radius_m`: metres around home and work in which control measures begin."""

    disease: str
    icd10: tuple[str, ...]
    vi: str
    en: str
    radius_m: int
    basis: str
    verified: str


@cache
def vector_rules() -> dict[str, VectorRule]:
    """By disease."""
    raw = tomllib.loads((resources.files("vungxanh.rules") / "data" / "vector.toml").read_text("utf-8"))
    return {
        disease: VectorRule(disease, **{**facts, "icd10": tuple(facts["icd10"])}) for disease, facts in raw.items()
    }


def vector_rule(disease: str) -> VectorRule | None:
    """The rule of a vector-borne disease; None for others."""
    return vector_rules().get(disease)
