"""How long things are kept, followed and waited for (`data/periods.toml`). Pure."""

import tomllib
from datetime import timedelta
from functools import cache
from importlib import resources

from vungxanh.core.errors import UserError
from vungxanh.rules.dated import Strict, Text


class Crosser(Strict):
    """A kind of person who crosses often, and for how many days one declaration of theirs holds."""

    id: str
    days: int
    name: Text


class Periods(Strict):
    """Days and hours as the file says them."""

    basis: str
    verified: bool
    draft_days: int
    list_days: int
    crossing_days: int
    record_days: int
    settled_days: int
    reach_days: int
    spread_days: int
    follow_hours: int
    tell_hours: int
    request_hours: int
    unwell_hours: int
    fever_from: float
    settle_hour: int
    crossers: tuple[Crosser, ...]
    yards: dict[str, tuple[str, ...]]

    def crosser(self, kind: str) -> Crosser:
        """Raises UserError `border.unknown-crosser`."""
        found = next((one for one in self.crossers if one.id == kind), None)
        if found is None:
            raise UserError("border.unknown-crosser", field="crosser", value=kind[:20])
        return found


@cache
def periods() -> Periods:
    """The periods in force."""
    text = (resources.files("vungxanh.border") / "data" / "periods.toml").read_text("utf-8")
    return Periods.model_validate(tomllib.loads(text))


def days(name: str) -> timedelta:
    """`days("list")` -> the file's `list_days`."""
    return timedelta(days=int(getattr(periods(), f"{name}_days")))


def hours(name: str) -> timedelta:
    """`hours("follow")` -> the file's `follow_hours`."""
    return timedelta(hours=int(getattr(periods(), f"{name}_hours")))
