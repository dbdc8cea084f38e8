"""A proposal's search kept so that an area chosen by hand says what it holds. No person can be read from it."""

import io

import numpy as np

from vungxanh.zoning.model.proposal import Proposal
from vungxanh.zoning.model.smallest import Cover, Search
from vungxanh.zoning.model.units import Unit, UnitId

#: units kept, in the order in which the search takes them
KEPT = 1500


def pack(proposal: Proposal) -> bytes:
    """The first units of the search: name, people as running numbers, events as they are."""
    search = proposal.search
    names = list(dict.fromkeys([*(u.id for o in proposal.options for u in o.units), *search.path]))[:KEPT]
    target = io.BytesIO()
    empty = np.zeros(0, np.int32)
    np.savez_compressed(
        target,
        kind=np.array([kind for kind, _ in names], "U8"),
        number=np.array([number for _, number in names], np.int64),
        people=np.concatenate([empty, *(search.people[name].astype(np.int32) for name in names)]),
        people_at=np.cumsum([0, *(len(search.people[name]) for name in names)]),
        events=np.concatenate([empty, *(search.units[name].events.astype(np.int32) for name in names)]),
        events_at=np.cumsum([0, *(len(search.units[name].events) for name in names)]),
        total=np.array(search.events),
    )
    return target.getvalue()


def unpack(kept: bytes) -> Search:
    """The search again, over the units kept."""
    with np.load(io.BytesIO(kept)) as raw:
        people, events = raw["people"].astype(np.int64), raw["events"].astype(np.int64)
        groups = zip(raw["kind"].tolist(), raw["number"].tolist(), strict=True)
        units = [
            Unit(name, people[a:b], events[c:d])
            for name, a, b, c, d in zip(
                groups,
                raw["people_at"],
                raw["people_at"][1:],
                raw["events_at"],
                raw["events_at"][1:],
                strict=False,
            )
        ]
        return Search(units, int(raw["total"]), look=False)


def measured(kept: bytes, chosen: list[UnitId]) -> Cover:
    """What an area chosen by hand closes in and holds; units that the search never met hold nothing known."""
    search = unpack(kept)
    return search.measured([name for name in chosen if name in search.units])
