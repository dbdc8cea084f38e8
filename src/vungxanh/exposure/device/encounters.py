"""What a person may choose to share: when, how long and how near they were to whoever published a key.

Nothing of this leaves the device by itself. It is worked out anew from the sightings each time it is asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from vungxanh.core.minutes import VIETNAM, local_date
from vungxanh.exposure.codec.keys import DiagnosisKey, table_of
from vungxanh.exposure.matching.match import Matches, match
from vungxanh.exposure.matching.sightings import SightingTable
from vungxanh.exposure.risk.profile import Profile
from vungxanh.exposure.risk.windows import INTERPOLATION_GAP, scans_of


@dataclass(frozen=True, slots=True)
class Met:
    """Near one key without a pause; times in Unix seconds, `loss` the least attenuation in dB."""

    key: bytes
    rpi: bytes
    interval: int
    start: int
    end: int
    seconds: int
    loss: int

    @property
    def day(self) -> date:
        return local_date(self.start // 60, VIETNAM)


def encounters(keys: Sequence[DiagnosisKey], sightings: SightingTable, profile: Profile) -> list[Met]:
    """Encounters with these keys, oldest first; what the profile weighs as nothing (too far) is left out."""
    table, found = table_of(keys), []
    matches = match(table, sightings)
    for row in np.unique(matches.key).tolist():
        mine = matches.key == row
        part = Matches(matches.key[mine], matches.interval[mine], matches.sighting[mine])
        found += _of_one(keys[row], sightings, part, profile)
    return sorted(found, key=lambda one: (one.start, one.key))


def _of_one(key: DiagnosisKey, sightings: SightingTable, part: Matches, profile: Profile) -> list[Met]:
    met: list[Met] = []
    intervals = dict(zip(part.sighting.tolist(), part.interval.tolist(), strict=True))
    for at, scan, row in scans_of(key, sightings, part):
        bucket = profile.bucket(scan.minimum)
        if bucket is None or not bucket.weight:
            continue
        last = met[-1] if met else None
        if last is not None and at - last.end <= INTERPOLATION_GAP:
            met[-1] = Met(
                key.data, last.rpi, last.interval, last.start, at + 1, last.seconds + scan.seconds,
                min(last.loss, scan.minimum),
            )  # fmt: skip
        else:
            rpi = sightings["rpi"][row].tobytes()
            met.append(Met(key.data, rpi, intervals[row], at - scan.seconds, at + 1, scan.seconds, scan.minimum))
    return met
