"""Which windows are due: a pure function of the clock and of what was done."""

from vungxanh.exposure.limits import ExportLimits

#: a server that was off for long does not make windows for all of it
MAX_DUE = 10_000


def due(last_end: int | None, first_slot: int | None, now: int, limits: ExportLimits) -> list[tuple[int, int]]:
    """(start, end) of every window that may be closed now, oldest first, without a gap.

    `last_end`: end of the last window there is. `first_slot`: window of the oldest key, for the very first run.
    """
    period = limits.period_seconds
    closes_before = now - limits.grace_seconds
    begin = last_end if last_end is not None else first_slot
    if begin is None:
        return []
    found: list[tuple[int, int]] = []
    start = begin // period * period
    while start + period <= closes_before and len(found) < MAX_DUE:
        found.append((start, start + period))
        start += period
    return found
