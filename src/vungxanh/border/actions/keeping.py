"""Nothing is kept longer than its form and `data/periods.toml` say."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from vungxanh.border import entry_forms
from vungxanh.border.models import (
    Aboard,
    Crossing,
    Declaration,
    DeskRecord,
    Draft,
    ListRequest,
    PassengerList,
    Voyage,
)
from vungxanh.border.periods import days
from vungxanh.core import audit
from vungxanh.core.audit import By


@transaction.atomic
def forget(*, by: By = None) -> dict[str, int]:
    """Remove what is past its time. -> how many of each. Run by the worker; again is harmless.

    A declaration stays while somebody is held, while a period runs and while the commune still follows.
    """
    now = timezone.now()
    gone = {
        "declarations": _declarations(),
        "drafts": _removed(Draft.objects.filter(updated_at__lt=now - days("draft"))),
        "crossings": _removed(Crossing.objects.filter(at__lt=now - days("crossing"))),  # scope: by the worker
        "lists": _removed(PassengerList.objects.filter(sent_at__lt=now - days("list"))),  # scope: by the worker
        "requests": _removed(ListRequest.objects.filter(asked_at__lt=now - days("list"))),  # scope: by the worker
        "records": _removed(
            DeskRecord.objects.filter(received_at__lt=now - days("record"))
        ),  # scope: by the worker
        "aboard": _aboard(),
    }
    if any(gone.values()):
        audit.record(by=by, action="border:declaration:expired", subject="declaration:many", details=gone)
    return gone


def _declarations() -> int:
    """By the retention of the form under which each was given, counted from the day of entry."""
    today = timezone.localdate()
    busy = (
        Q(hold__isnull=False, hold__release_at=None, hold__transfer_at=None)
        | Q(period__until__gte=today, period__ended_at=None)
        | Q(following__until__gte=today, following__ended_at=None)
    )
    total = 0
    for form in entry_forms.shipped().values():
        last = today - timedelta(days=form.retention_days)
        old = Declaration.objects.filter(form=form.key, entry_on__lt=last).exclude(busy)  # scope: by the worker
        ids = list(old.values_list("pk", flat=True))
        # newest first: a correction points to the row it corrects
        Declaration.objects.filter(corrects__in=ids).update(corrects=None)  # scope: by the worker
        total += _removed(Declaration.objects.filter(pk__in=ids))  # scope: by the worker
    return total


def _aboard() -> int:
    """After the evidence has it, and the days of a list are over: the lake keeps it as its own retention says."""
    before = timezone.localdate() - days("list")
    done = _removed(Aboard.objects.filter(voyage__on__lt=before, export_no__isnull=False))  # scope: by the worker
    Voyage.objects.filter(on__lt=before, aboard=None).delete()  # scope: by the worker
    return done


def _removed(rows: "QuerySet[Any]") -> int:
    """How many rows of the query itself went; what hangs on them goes along."""
    count = rows.count()
    rows.delete()
    return count
