"""Nothing is kept longer than its form and `data/periods.toml` say."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet
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
from vungxanh.border.periods import days, periods
from vungxanh.core.retention import Kind


def kinds() -> Iterator[Kind]:
    """A declaration stays while somebody is held, while a period runs and while the commune still follows."""
    said = periods()

    def ruled(name: str, vi: str, en: str, period: str, remove: Callable[[datetime], int]) -> Kind:
        span = days(period)
        return Kind(name, vi, en, span.days, said.basis, said.verified, lambda now: remove(now - span))

    yield Kind(
        "declarations", "Tờ khai nhập cảnh", "Entry declarations", None, said.basis, said.verified, _declarations
    )
    yield ruled("drafts", "Tờ khai chưa gửi", "Declarations not sent", "draft", _before(Draft, "updated_at"))
    yield ruled("crossings", "Lượt qua lại", "Crossings", "crossing", _before(Crossing, "at"))
    yield ruled("lists", "Danh sách hành khách", "Passenger lists", "list", _before(PassengerList, "sent_at"))
    yield ruled("requests", "Yêu cầu danh sách", "Requests for lists", "list", _before(ListRequest, "asked_at"))
    yield ruled(
        "records", "Bản ghi của bàn ngoại tuyến", "Records of an offline desk", "record",
        _before(DeskRecord, "received_at"),
    )  # fmt: skip
    yield ruled("aboard", "Ai ngồi đâu trên chuyến", "Who sat where on a voyage", "list", _aboard)


def _before(model: "type[Model]", field: str) -> Callable[[datetime], int]:
    # scope: by the worker
    return lambda moment: _removed(model._default_manager.filter(**{f"{field}__lt": moment}))  # noqa: SLF001  public API


def _declarations(now: datetime) -> int:
    """By the retention of the form under which each was given, counted from the day of entry."""
    today = timezone.localdate(now)
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


def _aboard(moment: datetime) -> int:
    """After the evidence has it, and the days of a list are over: the lake keeps it as its own retention says."""
    before = timezone.localdate(moment)
    done = _removed(Aboard.objects.filter(voyage__on__lt=before, export_no__isnull=False))  # scope: by the worker
    Voyage.objects.filter(on__lt=before, aboard=None).delete()  # scope: by the worker
    return done


def _removed(rows: "QuerySet[Any]") -> int:
    """How many rows of the query itself went; what hangs on them goes along."""
    count = rows.count()
    rows.delete()
    return count
