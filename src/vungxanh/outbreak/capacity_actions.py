"""What changes the dated counts."""

from datetime import date

from django.db import transaction

from vungxanh.core import audit
from vungxanh.core.scope import ANY_PATH
from vungxanh.outbreak.models import DatedCount
from vungxanh.people.models import Officer


@transaction.atomic
def put(*, by: Officer, kind: str, day: date, total: int, used: int) -> DatedCount:
    """Count a kind for the officer's own area on a day; the same day again corrects it."""
    path = next((grant.path for grant in by.grants()), ANY_PATH)
    row, _made = DatedCount.objects.update_or_create(
        kind=kind,
        day=day,
        scope_path=path,
        defaults={"total": total, "used": min(used, total), "scope_sector": "health", "by": by.pk},
    )
    details = {"kind": kind, "total": total, "used": used}
    audit.record(by=by, action="outbreak:capacity:counted", subject=f"area:{path}", details=details)
    return row
