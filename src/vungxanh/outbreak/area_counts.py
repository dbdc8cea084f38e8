"""Cases become counts of their communes by themselves, so that levels of areas rest on what the workbench knows.

Counted is every confirmed case, on its day of onset (without one, of its sample), in the commune in which it lies;
as linked, those of whom somebody says who infected them or who were a contact of another case. A correction of a
case tells its days again, down to zero. A day for which somebody else told a number keeps that number.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from vungxanh.outbreak.aggregates import dated, with_source
from vungxanh.outbreak.models import Case, FollowUp, Spot
from vungxanh.places.table import REFORM
from vungxanh.zoning import counts
from vungxanh.zoning.counts import Told

SOURCE = "Ca bệnh trong hệ thống"
#: corrections of an older case do not reach the levels any more
DAYS = 400

Day = tuple[str, str, date]


def push(now: datetime | None = None) -> int:
    """Tell the counts of all communes. -> days of communes whose count has changed."""
    moment = now or timezone.now()
    today = timezone.localdate(moment)
    since = max(today - timedelta(days=DAYS), REFORM)
    cases, linked = counted(since, today)
    gone = counts.told_by(SOURCE, since) - cases.keys()
    rows = [Told(*key, cases[key], linked[key]) for key in sorted({*cases, *gone})]
    _state_present(today)
    return counts.tell(by=None, rows=rows, source=SOURCE, now=moment, codes_on=today, give_way=True)


def counted(since: date, today: date) -> tuple[Counter[Day], Counter[Day]]:
    """(cases, linked cases) by (commune, disease, day)."""
    rows: Any = Case.objects.filter(status=Case.Status.CONFIRMED)  # scope: the worker counts for all communes
    rows = with_source(dated(rows, "onset")).filter(day__range=(since, today))
    cases: Counter[Day] = Counter()
    linked: Counter[Day] = Counter()
    for path, disease, day, known in rows.values_list("scope_path", "disease", "day", "linked").iterator():
        if code := _commune(path):  # a case that lies in no commune counts in none
            cases[code, disease, day] += 1
            linked[code, disease, day] += known
    return cases, linked


def _state_present(today: date) -> None:
    """Says of each commune whether a contact is followed up there and how many outbreak spots are open."""
    followed = FollowUp.objects.filter(status=FollowUp.Status.ACTIVE)  # scope: the worker counts for all communes
    spots = Spot.objects.filter(closed_on=None)  # scope: the worker counts for all communes
    here = Counter(followed.values_list("scope_path", "disease"))
    _state("f1_present", dict.fromkeys(_by_commune(here), True), False, today)
    _state("open_spots", _by_commune(Counter(spots.values_list("scope_path", "disease"))), 0, today)


def _by_commune(found: Counter[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """(path, disease) -> how many, as (commune, disease) -> how many."""
    summed: Counter[tuple[str, str]] = Counter()
    for (path, disease), number in found.items():
        if code := _commune(path):
            summed[code, disease] += number
    return dict(summed)


def _state(name: str, now: Mapping[tuple[str, str], Any], absent: Any, today: date) -> None:
    """States a fact of each commune where it has changed; `absent` where nothing is left."""
    for disease in {disease for _, disease in now} | counts.diseases_with(name):
        known = counts.facts_of(disease, today)
        said = {code: facts[name].value for code, facts in known.items() if name in facts}
        for code in {*said, *(code for code, of in now if of == disease)}:
            value = now.get((code, disease), absent)
            if said.get(code, absent) != value:
                counts.state(by=None, code=code, name=name, value=value, on=today, source=SOURCE, disease=disease)


def _commune(path: str) -> str:
    """`/19/05443/…` -> `05443`; empty for a path that ends above a commune."""
    return next(iter(path.strip("/").split("/")[1:2]), "")
