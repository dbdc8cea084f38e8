"""Who was found ill by the last day, as cases of the officers' workbench; and the one that is traced first."""

from typing import Any

import numpy as np

from vungxanh.core.minutes import from_minute, local_date
from vungxanh.demo.evidence import Numbers
from vungxanh.demo.generate import District
from vungxanh.outbreak.actions import create_case
from vungxanh.outbreak.intake import links
from vungxanh.outbreak.schemas import NewCase
from vungxanh.people.models import Officer

INFECTIOUS_BEFORE = 2 * 1440
OPENED_BY = "cdc"


def first_case(district: District, numbers: Numbers) -> dict[str, Any]:
    """The first who was found and had scanned at several kinds of place while infectious; else the first."""
    row = next(
        (row for row in district.found.tolist() if _kinds_scanned(district, row) >= 3), int(district.found[0])
    )
    truth = district.truth
    return {
        "row": int(row),
        "person": int(numbers.person[row]),
        "onset": local_date(int(truth.onset[row])).isoformat(),
        "sampled": local_date(int(truth.isolated[row])).isoformat(),
    }


def _kinds_scanned(district: District, row: int) -> int:
    truth, seen = district.truth, district.visits
    mine = (seen.person == row) & (seen.start >= truth.onset[row] - INFECTIOUS_BEFORE)
    return len(np.unique(district.world.sites.kind[seen.site[mine]]))


def cases(district: District, numbers: Numbers, first: int) -> int:
    """Opens a case for everybody found. -> number of the first case."""
    officer = Officer.objects.get(username=OPENED_BY)
    truth = district.truth
    opened = {}
    for row in district.found.tolist():
        opened[row] = create_case(
            by=officer,
            new=NewCase(
                person=int(numbers.person[row]),
                onset=local_date(int(truth.onset[row])),
                onset_provenance="patient",
                sampled=local_date(int(truth.isolated[row])),
                symptoms=("fever", "cough"),
                isolated_at=from_minute(int(truth.isolated[row])),
            ),
        ).pk
    links.make(officer, _told(district, opened))
    return opened[first]


def _told(district: District, opened: dict[int, int]) -> list[tuple[int, int]]:
    """(case, case): who of those found was infected by somebody found says so in the interview."""
    infector = district.truth.infector
    return [(opened[int(infector[row])], opened[row]) for row in opened if int(infector[row]) in opened]
