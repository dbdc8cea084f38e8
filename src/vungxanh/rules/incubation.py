"""Incubation windows: when somebody who fell ill must have been exposed."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import VIETNAM, day_start


@dataclass(frozen=True, slots=True)
class Incubation:
    """Local days from exposure to onset, both ends included."""

    disease: str
    least_days: int
    most_days: int
    verified: str

    def window(self, onset: date, zone: str = VIETNAM) -> tuple[int, int]:
        """Minutes `[start, end)` in which the exposure lies."""
        begin, finish = onset - timedelta(days=self.most_days), onset - timedelta(days=self.least_days - 1)
        return day_start(begin, zone), day_start(finish, zone)


@cache
def _all() -> dict[str, Incubation]:
    raw = tomllib.loads((resources.files("vungxanh.rules") / "data" / "incubation.toml").read_text("utf-8"))
    return {disease: Incubation(disease, **facts) for disease, facts in raw.items()}


def incubation(disease: str) -> Incubation:
    """Raises UserError `rules.no-incubation` naming the choices."""
    if disease not in _all():
        raise UserError("rules.no-incubation", disease=disease[:40], choices=", ".join(_all()))
    return _all()[disease]
