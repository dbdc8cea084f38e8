"""Two answers compared: after an onset date was corrected, a case withdrawn, a visit closed late."""

from collections.abc import Iterable
from dataclasses import dataclass

from vungxanh.tracing.model import ContactRow, TraceResult

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Changed:
    """A contact of both answers whose class, certainty, times or infector differ."""

    before: ContactRow
    after: ContactRow

    @property
    def what(self) -> tuple[str, ...]:
        """Names of the fields that differ; evidence and path count as one each."""
        names = ("generation", "certainty", "first_exposed", "last_exposed", "seconds", "path", "rule")
        return tuple(name for name in names if getattr(self.before, name) != getattr(self.after, name))


@dataclass(frozen=True, slots=True)
class Difference:
    """What a correction did, each in the order index, contact."""

    added: tuple[ContactRow, ...]
    removed: tuple[ContactRow, ...]
    changed: tuple[Changed, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def difference(before: TraceResult, after: TraceResult) -> Difference:
    """By (index, contact). Rows that only gained evidence items are the same."""
    old, new = _by_key(before.rows), _by_key(after.rows)
    both = [Changed(old[key], new[key]) for key in sorted(old.keys() & new.keys())]
    return Difference(
        added=tuple(new[key] for key in sorted(new.keys() - old.keys())),
        removed=tuple(old[key] for key in sorted(old.keys() - new.keys())),
        changed=tuple(change for change in both if change.what),
    )


def _by_key(rows: Iterable[ContactRow]) -> dict[Key, ContactRow]:
    return {(row.index, row.contact): row for row in rows}
