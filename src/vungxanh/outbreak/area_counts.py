"""Cases become counts of their communes by themselves, so that levels of areas rest on what the workbench knows.

Counted is every confirmed case, on its day of onset (without one, of its sample), in the commune in which it lies;
as linked, those of whom somebody says who infected them or who were a contact of another case. A correction of a
case tells its days again, down to zero. A day for which somebody else told a number keeps that number.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from vungxanh.outbreak.aggregates import dated, with_source
from vungxanh.outbreak.models import Case
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
    return counts.tell(by=None, rows=rows, source=SOURCE, now=moment, codes_on=today, give_way=True)


def counted(since: date, today: date) -> tuple[Counter[Day], Counter[Day]]:
    """(cases, linked cases) by (commune, disease, day)."""
    rows: Any = Case.objects.filter(status=Case.Status.CONFIRMED)  # scope: the worker counts for all communes
    rows = with_source(dated(rows, "onset")).filter(day__range=(since, today))
    cases: Counter[Day] = Counter()
    linked: Counter[Day] = Counter()
    for path, disease, day, known in rows.values_list("scope_path", "disease", "day", "linked").iterator():
        code = path.strip("/").split("/")[1:2]
        if code:  # a case that lies in no commune counts in none
            cases[code[0], disease, day] += 1
            linked[code[0], disease, day] += known
    return cases, linked
