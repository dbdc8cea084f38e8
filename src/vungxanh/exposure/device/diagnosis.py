"""Does this node protect, and if not, what is wrong: said to the person, hour by hour, never guessed."""

import os
from dataclasses import dataclass

from vungxanh.exposure.device.store import DAY, DeviceStore

FILE = "health"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold. `name`: scan | advertise | storage | clock | files."""

    name: str
    ok: bool
    detail: str = ""


class Health:
    """What the radio did, in memory; scans of the last two days also on disk."""

    def __init__(self, store: DeviceStore, scan_every: int) -> None:
        self.store, self.scan_every = store, scan_every
        self.faults: dict[str, str] = {}
        self.sending = False
        self._scans: list[int] = store.load(FILE, [])

    def worked(self, what: str) -> None:
        self.faults.pop(what, None)
        self.sending = self.sending or what == "advertise"

    def failed(self, what: str, why: str) -> None:
        self.faults[what] = why[:200]
        if what == "advertise":
            self.sending = False

    def scanned(self, at: float) -> None:
        self.worked("scan")
        self._scans = [one for one in self._scans if one > at - 2 * DAY]
        self._scans.append(int(at))
        self.store.save(FILE, self._scans)

    def hours_protected(self, start: float, now: float) -> float:
        """Hours since `start` of which a scan tells: a scan stands for the pause before the next one."""
        cover = self.scan_every * 1.5
        scans = sorted(one for one in self._scans if start - cover < one <= now)
        total, until = 0.0, start
        for one in scans:
            end = min(one + cover, now)
            total += max(0.0, end - max(one, until))
            until = max(until, end)
        return round(total / 3_600, 2)

    def checks(self, now: float, *, last_fetch: float | None, server_clock: float | None = None) -> list[Check]:
        """Every check, in the order in which a person can mend them."""
        last = max(self._scans, default=0)
        return [
            Check("advertise", self.sending, self.faults.get("advertise", "")),
            Check("scan", now - last < self.scan_every * 3, self.faults.get("scan", "")),
            Check("storage", os.access(self.store.folder, os.W_OK)),
            Check("clock", server_clock is None or abs(server_clock - now) < 7_200),
            Check("files", last_fetch is not None and now - last_fetch < DAY),
        ]
