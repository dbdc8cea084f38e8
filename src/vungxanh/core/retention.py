"""Nothing is kept longer than its rule says, nothing goes early, and what went is written down.

A room registers the kinds of record that it keeps: for how many days, on what basis, and how one of them is
removed. The worker asks every five minutes; a legal hold stops a kind until it is lifted. The report of what is
kept, held and removed is the same list (`privacy`).
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit

log = structlog.get_logger("retention")
#: no more than this beyond its time; the exposure protocols promise ten minutes
EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Kind:
    """One kind of record. `days=None`: each row carries its own day. `remove(now)` -> rows removed."""

    name: str
    vi: str
    en: str
    days: float | None
    basis: str
    verified: bool
    remove: Callable[[datetime], int]


Kinds = Callable[[], Iterable[Kind]]
_rooms: dict[str, Kinds] = {}


def register(room: str, kinds: Kinds) -> None:
    """`kinds` is asked at each run, because the rules of a date change."""
    _rooms[room] = kinds


def kinds() -> Iterator[tuple[str, Kind]]:
    """Every kind that this house keeps, by room."""
    for room, of_room in sorted(_rooms.items()):
        for kind in of_room():
            yield room, kind


@cache
def periods(package: str) -> dict[str, dict[str, Any]]:
    """`retention.toml` of a package: kind -> days, names, basis, verified."""
    return tomllib.loads((resources.files(package) / "retention.toml").read_text("utf-8"))


def stated(package: str, name: str, remove: Callable[[datetime], int]) -> Kind:
    """A kind whose days stand in the package's `retention.toml`; `remove` is given the moment before which."""
    said = periods(package)[name]
    span = timedelta(days=said["days"])
    return Kind(
        name, said["vi"], said["en"], said["days"], said["basis"], said["verified"], lambda now: remove(now - span)
    )


def forget(room: str, now: datetime | None = None) -> dict[str, int]:
    """Remove what is over of one room. -> rows by kind; a kind under a hold is not in it."""
    moment, held = now or timezone.now(), holds()
    free = [kind for kind in _rooms[room]() if (room, kind.name) not in held and (room, "") not in held]
    gone = {kind.name: _removed(room, kind, moment) for kind in free}
    if any(gone.values()):
        audit.record(by=None, action=f"{room}:records:forgotten", subject="records:many", details=gone)
    return gone


def run(now: datetime | None = None) -> dict[str, dict[str, int]]:
    """The worker's job: every room; one that fails is said at the end and stops no other."""
    done, failed = {}, []
    for room in sorted(_rooms):
        try:
            done[room] = forget(room, now)
        except Exception:
            log.exception("retention-failed", room=room)
            failed.append(room)
    if failed:
        raise RuntimeError(f"retention failed: {', '.join(failed)}")
    return done


def _removed(room: str, kind: Kind, now: datetime) -> int:
    from vungxanh.core.models import Removal

    with transaction.atomic():
        count = kind.remove(now)
        if count:
            Removal.objects.create(room=room, kind=kind.name, count=count, at=now)
    return count


def holds() -> set[tuple[str, str]]:
    """(room, kind) under a legal hold; an empty kind stands for the whole room."""
    from vungxanh.core.models import LegalHold

    return set(LegalHold.objects.filter(lifted_at=None).values_list("room", "kind"))
