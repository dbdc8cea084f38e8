"""What the forward simulation assumes of a disease: read from data, each number with its source."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from vungxanh.core.errors import UserError

Reals = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Course:
    """Natural history and hazards. Times in days, hazards without unit; see `data/*.toml` for the sources."""

    incubation_meanlog: float
    incubation_sdlog: float
    profile: Reals  #: share of infectiousness by day from onset, `first_day` first; sums to 1
    first_day: int
    asymptomatic: float
    asymptomatic_relative: float
    isolation_mean: float
    isolation_shape: float
    dispersion: float
    household: float
    place_hour: float
    near: float
    encounter_hour: float
    unrecorded: float
    hidden: float
    unlinked: float
    unlinked_steps: int
    unlinked_days: float
    regular_minutes: int

    def strength(self, day: Ints) -> Reals:
        """Share of all infectiousness on a day counted from onset; 0 outside the profile."""
        at = day - self.first_day
        inside = (at >= 0) & (at < len(self.profile))
        found: Reals = np.where(inside, self.profile[np.clip(at, 0, len(self.profile) - 1)], 0.0)
        return found


@cache
def course(disease: str = "covid19") -> Course:
    """Raises UserError `zoning.unknown-disease`."""
    file = resources.files("vungxanh.zoning") / "data" / f"{disease}.toml"
    if not disease.isalnum() or not file.is_file():
        raise UserError("zoning.unknown-disease", field="disease", disease=disease)
    raw = tomllib.loads(file.read_text("utf-8"))
    shed = raw["infectiousness"]
    first, last = shed["days"]
    at = np.arange(first, last + 1) + shed["shift"]
    density = at ** (shed["shape"] - 1) * np.exp(-shed["rate"] * (at - shed["shift"]))
    return Course(
        incubation_meanlog=raw["incubation"]["meanlog"],
        incubation_sdlog=raw["incubation"]["sdlog"],
        profile=density / density.sum(),
        first_day=first,
        asymptomatic=raw["asymptomatic"]["share"],
        asymptomatic_relative=raw["asymptomatic"]["relative"],
        isolation_mean=raw["onset_to_isolation"]["mean"],
        isolation_shape=raw["onset_to_isolation"]["shape"],
        dispersion=raw["dispersion"]["shape"],
        household=raw["household"]["hazard"],
        place_hour=raw["place"]["hour"],
        near=raw["place"]["near"],
        encounter_hour=raw["encounter"]["hour"],
        unrecorded=raw["unrecorded"]["hazard"],
        hidden=raw["hidden"]["share"],
        unlinked=raw["unlinked"]["for_each_case"],
        unlinked_steps=raw["unlinked"]["steps"],
        unlinked_days=raw["unlinked"]["days"],
        regular_minutes=raw["regular"]["minutes"],
    )
