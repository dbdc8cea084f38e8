"""What a gate asks and how a place records, by the pack in force: `rules/gates.toml` says who orders it."""

import tomllib
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import Field

from vungxanh.core.errors import OperatorError
from vungxanh.places.schemas import today
from vungxanh.rules.dated import Dated, Strict, parse

Mode = Literal["named", "private"]
Asks = Literal["visit", "declaration"]
Hours = Annotated[int, Field(ge=1, le=24 * 60)]
Days = Annotated[int, Field(ge=1, le=3_650)]


class Accepts(Strict):
    """Hours for which a declaration counts after it was given, by where it comes from."""

    own: Hours
    paper: Hours
    app: Hours


class Quiet(Strict):
    """A place that holds or was counted to hold so many, where nobody scanned for so many days, is looked at."""

    days: Annotated[int, Field(ge=1, le=60)]
    capacity: Annotated[int, Field(ge=1)]
    counted: Annotated[int, Field(ge=1)]


class Pack(Dated):
    """The rules of one period. `*` in a list of kinds means every kind."""

    mode: Mode
    named: tuple[str, ...]
    private: tuple[str, ...]
    asks: tuple[str, ...]
    accepts: Accepts
    scan_days: Days
    visit_days: Days
    code_hours: Hours
    quiet: Quiet
    remind_minutes: dict[str, Annotated[int, Field(ge=0, le=1440)]]

    def ordered_mode(self, kind: str) -> Mode | None:
        """How a place of this kind must record; None where its keeper chooses."""
        if kind in self.named or "*" in self.named:
            return "named"
        return "private" if kind in self.private or "*" in self.private else None

    def mode_of(self, kind: str, chosen: str = "") -> Mode:
        """What holds: the order, else the keeper's choice, else what is usual."""
        kept: Mode = "private" if chosen == "private" else "named" if chosen == "named" else self.mode
        return self.ordered_mode(kind) or kept

    def asks_of(self, kind: str, chosen: str = "") -> Asks:
        """A keeper may ask for more than is ordered, never for less."""
        return "declaration" if kind in self.asks or "*" in self.asks or chosen == "declaration" else "visit"

    def reminds_after(self, kind: str) -> timedelta | None:
        """How long after arriving somebody is reminded to check out; None: never."""
        minutes = self.remind_minutes.get(kind, self.remind_minutes.get("*", 0))
        return timedelta(minutes=minutes) if minutes else None

    @property
    def oldest(self) -> timedelta:
        """What is older has no use for tracing and no reason to be kept."""
        return timedelta(days=self.scan_days)


@cache
def packs() -> tuple[Pack, ...]:
    """Every pack of the file. Raises UserError `rules.bad-rule`."""
    raw = tomllib.loads((resources.files("vungxanh.venues") / "rules" / "gates.toml").read_text("utf-8"))
    return tuple(parse(Pack, one) for one in raw["packs"])


def pack(day: date | None = None) -> Pack:
    """The pack in force; the latest where two overlap. Raises OperatorError `venues.no-gate-rule`."""
    when = day or today()
    found = [one for one in packs() if one.in_force(when)]
    if not found:
        raise OperatorError("venues.no-gate-rule", day=when.isoformat())
    return max(found, key=lambda one: one.valid_from or date.min)
