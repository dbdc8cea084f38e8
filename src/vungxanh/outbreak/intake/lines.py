"""One line of a list as the workbench understands it, and what is wrong with its cells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from vungxanh.people.schemas import PersonIn

PERSON = (
    "ours", "id", "name", "surname", "given", "sex", "birth", "birth_year", "age", "phone", "phone2",
    "document", "passport", "insurance", "nationality", "address", "hamlet", "commune", "district", "province",
)  # fmt: skip
#: what a kind of list may bring; the first of these that is mapped makes the record
FIELDS: dict[str, tuple[str, ...]] = {
    "cases": (
        *PERSON, "onset",
        "sampled", "tested", "reported", "result", "ct", "test_kind", "classification", "admitted", "hospital",
        "discharged", "outcome", "outcome_date", "death_date", "source_case", "event", "isolation_start",
    ),
    "contacts": (
        *PERSON, "source_case",
        "exposure_first", "exposure_last", "reported",
    ),
    "people": (
        *PERSON,
    ),
    "links": ("from", "to"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that cannot be right (`blocks`), or that was mended or left out (`blocks` False)."""

    field: str
    code: str
    blocks: bool = True
    params: tuple[tuple[str, object], ...] = ()


@dataclass(slots=True)
class Line:
    """A line understood. `own`: the sender's id, or a key made of who it is where the list has none.

    `ours`: number of a record in our own export. `facts`: columns of the case or contact; None is not said.
    """

    number: int
    own: str = ""
    ours: int | None = None
    person: PersonIn | None = None
    named: bool = True
    facts: dict[str, Any] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    spot: str = ""
    test: dict[str, Any] = field(default_factory=dict)
    faults: list[CellFault] = field(default_factory=list)
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_faulty(self) -> bool:
        return any(fault.blocks for fault in self.faults)

    def fault(self, at: str, code: str, *, blocks: bool = True, **params: Any) -> None:
        self.faults.append(CellFault(at, code, blocks, tuple(params.items())))


@dataclass(frozen=True, slots=True)
class Context:
    """What a list as a whole says: today, the order of its dates, what stands for "nothing"."""

    kind: str
    today: date
    order: str = "dmy"
    orders: Mapping[str, str] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    sender: str = ""
    disease: str = "covid19"
    home: str = "/"
