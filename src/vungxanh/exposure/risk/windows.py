"""Exposure windows: at most thirty minutes near one key, as scans with their attenuation and length.

Source: Exposure Windows v2 of the Exposure Notification framework. Which key a window came from is not kept
and windows are handed on in random order, so that nobody can string a person's day together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from secrets import SystemRandom

import numpy as np

from vungxanh.core.minutes import VIETNAM, local_date
from vungxanh.exposure.codec.gaen import Metadata, attenuation, crypt_metadata
from vungxanh.exposure.codec.keys import DiagnosisKey, KeyTable, keys_of
from vungxanh.exposure.matching.match import Matches
from vungxanh.exposure.matching.sightings import SightingTable

WINDOW_SECONDS = 1_800
#: sightings closer than this belong to one scan: the least pause between two scans
SCAN_SECONDS = 60
#: a scan stands for at most five minutes before it, for two where the scan before is not known
LONGEST_SINCE, UNKNOWN_SINCE = 300, 120
#: two scans further apart than this say nothing of the time between them
INTERPOLATION_GAP = 600


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan that heard the key: attenuation in dB, and the seconds that it stands for."""

    typical: int
    minimum: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Window:
    """Up to thirty minutes near one key; `day` is the calendar day in Viet Nam.

    `onset`: days from the onset of the ill person to the day of the key, or None where the file does not say.
    `infectiousness`: given by windows that come from elsewhere; else a profile derives it from `onset`.
    """

    day: date
    report_type: int
    onset: int | None
    scans: tuple[Scan, ...]
    confidence: int = 0
    infectiousness: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    row: int
    at: int
    since: int
    attenuation: int
    confidence: int


def windows_of(keys: KeyTable, sightings: SightingTable, matches: Matches, *, correction: int = 0) -> list[Window]:
    """Matches -> windows in random order. `correction`: dB added to every RSSI of this receiver."""
    made: list[Window] = []
    for row in np.unique(matches.key):
        key = keys_of(keys[[row]])[0]
        mine = matches.sighting[matches.key == row]
        heard = sorted(_decrypted(key, sightings[mine], correction), key=lambda one: one.at)
        made.extend(_windows(key, heard))
    SystemRandom().shuffle(made)
    return made


def _decrypted(key: DiagnosisKey, rows: SightingTable, correction: int) -> Iterator[Heard]:
    for number, row in enumerate(rows):
        plain = crypt_metadata(key.data, row["rpi"].tobytes(), row["aem"].tobytes())
        said = Metadata.from_bytes(plain)
        lost = attenuation(said.tx_power, int(row["rssi"]), correction)
        yield Heard(number, int(row["at"]), int(row["since"]), lost, said.confidence)


def scans_of(key: DiagnosisKey, sightings: SightingTable, matches: Matches) -> list[tuple[int, Scan, int]]:
    """(Unix s, scan, row of one of its sightings) of every scan that heard the key, in order of time."""
    rows = matches.sighting
    heard = sorted(_decrypted(key, sightings[rows], 0), key=lambda one: one.at)
    found: list[tuple[int, Scan, int]] = []
    for group in _scans(heard):
        before = found[-1][0] if found else None
        found.append((group[0].at, _scan(group, before), int(rows[group[0].row])))
    return found


def _scans(heard: list[Heard]) -> list[list[Heard]]:
    """Sightings grouped into the scans that they were made in."""
    groups: list[list[Heard]] = []
    for one in heard:
        if groups and one.at - groups[-1][0].at < SCAN_SECONDS:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _windows(key: DiagnosisKey, heard: list[Heard]) -> Iterator[Window]:
    """Scans of one key, cut wherever thirty minutes are full."""
    group: list[list[Heard]] = []
    before: int | None = None
    scans: list[Scan] = []
    for group_scan in _scans(heard):
        if group and group_scan[0].at - group[0][0].at >= WINDOW_SECONDS:
            yield _window(key, group, scans)
            group, scans = [], []
        group.append(group_scan)
        scans.append(_scan(group_scan, before))
        before = group_scan[0].at
    if group:
        yield _window(key, group, scans)


def _scan(group: list[Heard], before: int | None) -> Scan:
    lost = [one.attenuation for one in group]
    return Scan(round(sum(lost) / len(lost)), min(lost), _seconds(group[0], before))


def _seconds(first: Heard, before: int | None) -> int:
    """Time that a scan stands for: since the device's scan before it, else since the key was heard before."""
    if first.since > 0:
        return min(first.since, LONGEST_SINCE)
    if before is None or first.at - before > INTERPOLATION_GAP:
        return UNKNOWN_SINCE
    return min(first.at - before, LONGEST_SINCE)


def _window(key: DiagnosisKey, group: list[list[Heard]], scans: list[Scan]) -> Window:
    first = group[0][0]
    return Window(
        day=local_date(first.at // 60, VIETNAM),
        report_type=key.report_type,
        onset=key.days_since_onset,
        scans=tuple(scans),
        confidence=first.confidence,
    )
