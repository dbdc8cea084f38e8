"""People who do not exist: names of common syllables, numbers that no office issues and no exchange connects."""

from dataclasses import dataclass

import numpy as np

from vungxanh.demo.parameters import Parameters
from vungxanh.demo.world import World

#: No province has the code 000, so no office ever issued such a number.
DOCUMENT_PREFIX = "000"
#: No operator holds 050 in the numbering plan: it cannot be dialled.
PHONE_PREFIX = "050"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a record of somebody needs."""

    name: str
    female: bool
    birth_year: int
    document: str
    phone: str | None


def identities(world: World, year: int, seed: int, chosen: Parameters) -> list[Identity]:
    """One for each person of the world. `year`: the year in which they have the ages of the world."""
    rng = np.random.default_rng((seed, 5))
    people = world.people
    families = chosen.names["family"].split()
    family = rng.integers(0, len(families), int(people.household.max()) + 1)[people.household]
    draw = rng.integers(0, 1 << 30, (world.size, 2))
    given = {
        sex: [chosen.names[part + sex].split() for part in ("middle_", "given_")] for sex in ("female", "male")
    }

    def name(row: int) -> str:
        parts = given["female" if people.female[row] else "male"]
        return " ".join(
            [families[family[row]], *(some[n % len(some)] for some, n in zip(parts, draw[row], strict=True))]
        )

    return [
        Identity(
            name=name(row),
            female=bool(people.female[row]),
            birth_year=year - int(people.age[row]),
            document=f"{DOCUMENT_PREFIX}{row:09d}",
            phone=f"{PHONE_PREFIX}{row:07d}" if people.phone[row] else None,
        )
        for row in range(world.size)
    ]
