"""What this room keeps and for how long: a declaration as the form says under which it was given."""

from collections.abc import Iterator
from datetime import datetime

from vungxanh.core.retention import Kind, stated
from vungxanh.declarations.models import Declaration, Draft, ListInRow, ListOutRow
from vungxanh.declarations.rights import basis

PACKAGE = "vungxanh.declarations"


def kinds() -> Iterator[Kind]:
    """Of a list that came or left, its number and count stay; who stood on it goes."""
    by_form = basis()
    yield Kind("declarations", "Tờ khai y tế", "Health declarations", None, by_form, False, _declarations)
    yield Kind("drafts", "Tờ khai chưa gửi", "Declarations not sent", None, by_form, False, _drafts)
    yield stated(
        PACKAGE, "lists-in", lambda before: ListInRow.objects.filter(list__received_at__lt=before).delete()[0]
    )
    yield stated(
        PACKAGE, "lists-out", lambda before: ListOutRow.objects.filter(list__made_at__lt=before).delete()[0]
    )


def _declarations(now: datetime) -> int:
    """One that was corrected does not wait for the one that corrected it."""
    rows = Declaration.objects.filter(delete_after__lt=now)  # scope: by the worker
    over = list(rows.values_list("pk", flat=True))
    Declaration.objects.filter(corrects__in=over).update(corrects=None)  # scope: by the worker
    Declaration.objects.filter(pk__in=over).delete()  # scope: by the worker
    return len(over)


def _drafts(now: datetime) -> int:
    return Draft.objects.filter(expires_at__lt=now).delete()[0]
