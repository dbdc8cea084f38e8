"""Risk profiles: how minutes, distance and infectiousness become a level. Data, one TOML file each."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from vungxanh.core.errors import UserError
from vungxanh.exposure.codec.keys import ReportType

DEFAULT = "cwa"
NONE, STANDARD, HIGH = "none", "standard", "high"
FOLDER = resources.files("vungxanh.exposure.risk") / "profiles"


@dataclass(frozen=True, slots=True)
class Bucket:
    """Attenuations under `below` dB that no earlier bucket took; `distance` is the word people read."""

    below: int
    weight: float
    distance: str


@dataclass(frozen=True, slots=True)
class Drop:
    """A window with less than `minutes` under `below` dB does not count."""

    below: int
    minutes: float


@dataclass(frozen=True, slots=True)
class Level:
    """From this many weighted minutes a day on."""

    from_minutes: float
    level: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One way to judge. `weights`: (report type, infectiousness) -> factor; what is not named counts nothing."""

    name: str
    territory: str
    start: date
    until: date | None
    verified: bool
    source: str
    note: dict[str, str]
    attenuation: str
    missing_onset: str
    buckets: tuple[Bucket, ...]
    levels: tuple[Level, ...]
    infectious_days: dict[int, str]
    weights: dict[tuple[int, str], float]
    disease: str = "covid19"
    drop: Drop | None = None
    bucket_cap: float | None = None
    any_sighting: bool = False
    comparison_only: bool = False

    def infectiousness(self, onset: int | None) -> str:
        """How infectious the ill person was, `onset` days from onset."""
        return self.missing_onset if onset is None else self.infectious_days.get(onset, NONE)

    def factor(self, report_type: int, infectiousness: str) -> float:
        return self.weights.get((report_type, infectiousness), 0.0)

    def bucket(self, attenuation: int) -> Bucket | None:
        return next((b for b in self.buckets if attenuation < b.below), None)

    def level(self, minutes: float) -> str:
        """Level of a day with this many weighted minutes."""
        reached = [one.level for one in self.levels if minutes >= one.from_minutes]
        return reached[-1] if reached else NONE


def names() -> list[str]:
    return sorted(item.name.removesuffix(".toml") for item in FOLDER.iterdir() if item.name.endswith(".toml"))


@cache
def profile(name: str) -> Profile:
    """The profile of that name. Raises UserError `exposure.no-such-profile`, naming the choices."""
    if name not in names():
        raise UserError("exposure.no-such-profile", field="profile", name=name[:40], choices=", ".join(names()))
    return _profile(tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8")))


def profile_from(raw: dict[str, Any]) -> Profile:
    """A profile as a signed configuration brings it: the same names as the file, days as ISO text."""
    days = {name: date.fromisoformat(raw[name]) for name in ("from", "until") if raw.get(name)}
    return _profile({**raw, **days})


def _profile(raw: dict[str, Any]) -> Profile:
    drop = raw.get("drop")
    return Profile(
        name=raw["name"],
        territory=raw["territory"],
        start=raw["from"],
        until=raw.get("until"),
        verified=raw["verified"],
        source=raw["source"],
        note={"vi": raw["note_vi"], "en": raw["note_en"]},
        attenuation=raw["attenuation"],
        missing_onset=raw["missing_onset"],
        buckets=tuple(Bucket(b["below"], b["weight"], b["class"]) for b in raw["bucket"]),
        levels=tuple(Level(one["from"], one["level"]) for one in raw["level"]),
        infectious_days={day: name for name, days in raw["infectiousness"].items() for day in days},
        weights={
            (int(ReportType[report.upper()]), name): weight
            for report, table in raw["weight"].items()
            for name, weight in table.items()
        },
        disease=raw.get("disease", "covid19"),
        drop=Drop(drop["below"], drop["minutes"]) if drop else None,
        bucket_cap=raw.get("bucket_cap_minutes"),
        any_sighting=raw.get("any_sighting", False),
        comparison_only=raw.get("comparison_only", False),
    )
