"""What a rule asks of each kind of evidence, as small tables that arrays can be looked up in."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vungxanh.lake.presence import Ints, Longs
from vungxanh.lake.segment import Words
from vungxanh.rules.condition import FAR, NEVER
from vungxanh.rules.contact import ContactInputs, ContactRule, assumptions

MASK = (None, False, True)  # of bits >> 1
FACT = {-1: None, 0: False, 1: True}
Needs = tuple[Ints, Ints]  # (worst, best)


@dataclass(frozen=True)
class Asked:
    """The rule's needs in the words of one segment."""

    rule: ContactRule
    words: Words

    @cached_property
    def natures(self) -> list[tuple[str | None, str | None]]:
        """(space, setting) of each nature; the first is a place nobody described."""
        about = assumptions()
        return [(None, None), *(about.of_place(kind, space) for kind, space in self.words.natures[1:])]

    def by_nature(self, kind: str) -> Needs:
        """Tables of shape (natures × 3 masks of the source, 3 masks of the contact)."""
        found = np.empty((2, len(self.natures), 3, 3), dtype=np.int32)
        for number, (space, setting) in enumerate(self.natures):
            for i, mine in enumerate(MASK):
                for j, theirs in enumerate(MASK):
                    inputs = ContactInputs(kind, space=space, setting=setting, mask_case=mine, mask_contact=theirs)
                    wanted = self.rule.need(inputs)
                    found[:, number, i, j] = wanted.worst, wanted.best
        return found[0].reshape(-1, 3), found[1].reshape(-1, 3)

    @cached_property
    def visit(self) -> Needs:
        return self.by_nature("visit")

    @cached_property
    def roster(self) -> Needs:
        return self.by_nature("roster")

    @cached_property
    def household(self) -> Needs:
        """Tables of one row: whatever is known."""
        wanted = self.rule.need(ContactInputs("household", setting="household"))
        return np.full((1, 3), wanted.worst, dtype=np.int32), np.full((1, 3), wanted.best, dtype=np.int32)

    @cached_property
    def linger(self) -> Ints:
        """Minutes by nature."""
        return np.array([self.rule.linger.get(kind or "", 0) for kind, _ in self.words.natures], dtype=np.int32)

    @cached_property
    def lingers(self) -> bool:
        return bool(self.linger.any())

    @cached_property
    def seconds(self) -> Longs:
        """Every number of seconds that some branch waits for."""
        return np.array(self.rule.seconds_asked, dtype=np.int64)

    def seat(self, nature: Ints, delta: Ints, mine: Ints, theirs: Ints) -> Needs:
        """Needs of seat items; `delta` -1 unknown."""
        table = np.stack([nature, delta, mine, theirs], axis=1)
        rows, number = np.unique(table, axis=0, return_inverse=True)
        needs = [self.rule.need(self.seat_inputs(*map(int, row))) for row in rows]
        return pick([n.worst for n in needs], number), pick([n.best for n in needs], number)

    def seat_inputs(self, nature: int, delta: int, mine: int, theirs: int) -> ContactInputs:
        return ContactInputs(
            "seat",
            space=self.natures[nature][0] or "closed_narrow",
            setting="vehicle",
            seat_row_delta=None if delta < 0 else delta,
            mask_case=MASK[mine],
            mask_contact=MASK[theirs],
        )

    @cached_property
    def metres(self) -> NDArray[np.float64]:
        return np.array(self.rule.metres_asked)

    @cached_property
    def meeting(self) -> Needs:
        """Tables of shape (facts, classes of distance): class i is at most metres[i], then far, then unknown."""
        values = [*self.rule.metres_asked, FAR, None]
        found = np.full((2, len(self.words.facts), len(values)), NEVER, dtype=np.int32)
        for number, fact in enumerate(self.words.facts):
            for column, metres in enumerate(values):
                wanted = self.rule.need(self.meeting_inputs(fact, metres))
                found[:, number, column] = wanted.worst, wanted.best
        return found[0], found[1]

    def meeting_inputs(self, fact: tuple[int, ...], metres: float | None) -> ContactInputs:
        named, bound, mine, theirs, nature, touch, care, protection, _ = fact
        space, setting = self.natures[nature]
        return ContactInputs(
            "named" if named else "encounter",
            distance_m=metres,
            distance_is_bound=bool(bound),
            mask_case=FACT[mine],
            mask_contact=FACT[theirs],
            space=space,
            setting=setting,
            physical_contact=FACT[touch],
            care_giver=FACT[care],
            ppe_adequate=FACT[protection],
        )

    def metre_class(self, metres: NDArray[np.float32]) -> Ints:
        """Column of `meeting` for each distance; NaN is unknown."""
        found = np.searchsorted(self.metres, metres.astype(np.float64), side="left")
        return np.where(np.isnan(metres), len(self.metres) + 1, found).astype(np.int32)


def pick(values: list[int], number: NDArray[np.int64]) -> Ints:
    return np.array(values, dtype=np.int32)[number.reshape(-1)]
