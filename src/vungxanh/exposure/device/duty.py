"""The duty cycle as typed values."""

import tomllib
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class Duty:
    advertise_ms: int
    tx_power_dbm: int
    rotate_from_seconds: int
    rotate_to_seconds: int
    scan_every_seconds: int
    scan_jitter_seconds: int
    scan_seconds: int
    keep_days: int
    fetch_every_seconds: int
    decoy_a_day: int


def duty() -> Duty:
    raw = tomllib.loads((resources.files("vungxanh.exposure.device") / "duty.toml").read_text("utf-8"))
    return Duty(**raw)
