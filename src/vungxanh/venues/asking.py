"""A gate that asks for a declaration: is there a valid one from an accepted source, or is one given now.

An answer says "please declare first" and nothing else: what was declared, and what follows, no gate learns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vungxanh.core.errors import UserError
from vungxanh.forms import declared
from vungxanh.forms.declared import OnTheSpot
from vungxanh.people.queries import home_paths
from vungxanh.venues.badges import Identity
from vungxanh.venues.gate_rules import Accepts
from vungxanh.venues.schemas import ScanIn


@dataclass(frozen=True, slots=True)
class Asked:
    """One record that was made out to a person. `at` by the corrected clock."""

    record: ScanIn
    identity: Identity
    person: int
    at: datetime


def take_answers(asked: Sequence[Asked], sender: str, scope_path: str) -> dict[str, UserError]:
    """Declarations given on the spot, handed to whoever keeps them. -> record id -> why it was not whole."""
    faults: dict[str, UserError] = {}
    if all(one.record.answers is None for one in asked):
        return faults
    homes = home_paths(one.person for one in asked if one.record.answers is not None)
    for one in asked:
        if one.record.answers is None:
            continue
        given = OnTheSpot(
            person=one.person,
            answers=one.record.answers,
            sender=f"{sender}:{one.record.id}",
            at=one.at,
            paper=one.record.shown == "paper",
            scope_path=homes.get(one.person, scope_path),
        )
        try:
            declared.take(given)
        except UserError:
            faults[one.record.id] = UserError("venues.answers-missing", field="answers")
    return faults


def undeclared(asked: Sequence[Asked], accepts: Accepts, now: datetime) -> dict[str, UserError]:
    """Record id -> `venues.declaration-needed`, for those of whom no accepted source has a valid declaration."""
    open_ = [one for one in asked if not _brought(one, accepts, now)]
    given = declared.given([one.person for one in open_], now) if open_ else {}
    oldest = now - timedelta(hours=accepts.own)
    return {
        one.record.id: UserError("venues.declaration-needed", field="code")
        for one in open_
        if given.get(one.person, oldest) <= oldest
    }


def _brought(one: Asked, accepts: Accepts, now: datetime) -> bool:
    """Given just now, on paper before the gate's eyes, or said by the code that was read."""
    if one.record.answers is not None or one.record.shown == "paper":
        return True
    hours = accepts.own if one.identity.person is not None else accepts.app
    return one.identity.declared is not None and one.identity.declared > now - timedelta(hours=hours)
