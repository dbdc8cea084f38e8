"""What is watched in a running house: readings, each with the limit above which somebody should act.

A limit and its words stand in `watch.toml`; what to do stands in docs/playbooks under the reading's name. Packages
above register their readings as the worker's jobs are: `register("notify.queue", oldest_waiting)`.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

import structlog
from django.utils import timezone

log = structlog.get_logger("watch")

State = Literal["ok", "late", "unknown"]


@dataclass(frozen=True, slots=True)
class Limit:
    """Above `above` somebody acts. `unit` is `seconds`, `share` (0 to 1) or `count`."""

    name: str
    unit: str
    above: float
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Reading:
    """`value` None: it could not be read, which is not "ok"."""

    limit: Limit
    value: float | None

    @property
    def state(self) -> State:
        if self.value is None:
            return "unknown"
        return "late" if self.value > self.limit.above else "ok"


_probes: dict[str, Callable[[datetime], float]] = {}


def register(name: str, probe: Callable[[datetime], float]) -> None:
    """`probe(now)` returns the value in the unit of its limit. The same name again replaces."""
    _probes[name] = probe


@cache
def limits() -> dict[str, Limit]:
    """All limits by name."""
    found = tomllib.loads((Path(__file__).parent / "watch.toml").read_text())
    return {
        name: Limit(name, one["unit"], float(one["above"]), one["vi"], one["en"]) for name, one in found.items()
    }


def readings(now: datetime | None = None) -> list[Reading]:
    """Every reading, late ones first, then by name."""
    moment = now or timezone.now()
    found = [Reading(limits()[name], _read(probe, moment)) for name, probe in _probes.items()]
    return sorted(found, key=lambda one: (one.state == "ok", one.limit.name))


def _read(probe: Callable[[datetime], float], now: datetime) -> float | None:
    try:
        return probe(now)
    except Exception:
        log.exception("watch-failed")
        return None


def age(moment: datetime | None, now: datetime) -> float:
    """Seconds since a moment; nothing is 0 old."""
    return max(0.0, (now - moment) / timedelta(seconds=1)) if moment else 0.0
