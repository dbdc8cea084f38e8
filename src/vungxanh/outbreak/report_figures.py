"""What the workbench counts for a report up the line: cases, contacts, follow-up, orders, declarations."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Manager, Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungxanh.command.reporting import Count, Figure, register
from vungxanh.core.listing import Column
from vungxanh.core.scope import HasGrants, scoped
from vungxanh.declarations.models import Declaration
from vungxanh.outbreak import times
from vungxanh.outbreak.models import Case, Contact, FollowUp, Order
from vungxanh.people.queries import masked

Pick = Callable[["QuerySet[Any]", datetime, datetime], "QuerySet[Any]"]


def _count(all_of: "Manager[Any]", pick: Pick) -> Count:
    """Rows of the area that `pick` leaves."""

    def count(path: str, since: datetime, until: datetime) -> list[int]:
        rows = all_of.filter(scope_path__startswith=path)
        return list(pick(rows, since, until).order_by("pk").values_list("pk", flat=True))

    return count


def _rows(all_of: "Manager[Any]") -> Callable[[HasGrants, Sequence[int]], "QuerySet[Any]"]:
    """Those that the officer may see."""

    def rows(officer: HasGrants, ids: Sequence[int]) -> "QuerySet[Any]":
        return scoped(all_of.filter(pk__in=ids), officer)

    return rows


def _person(row: Any) -> str:
    return masked([row.person]).get(row.person, str(row.person))


def _columns(moment: str) -> Callable[[], list[Column[Any]]]:
    def columns() -> list[Column[Any]]:
        return [
            Column("number", _("Number"), lambda row: row.pk, sort="pk", numeric=True),
            Column("person", _("Person"), _person, head=True),
            Column("status", _("Status"), lambda row: getattr(row, "get_status_display", str)()),
            Column("when", _("When"), lambda row: _said(getattr(row, moment)), sort=moment),
        ]

    return columns


def _said(value: Any) -> str:
    if isinstance(value, datetime):
        return times.day_with_year(localtime(value).date())
    return times.day_with_year(value) if value else ""


def _declaration_columns() -> list[Column[Any]]:
    return [
        Column("person", _("Person"), _person, head=True),
        Column("channel", _("Channel"), lambda row: row.get_channel_display()),
        Column("when", _("When"), lambda row: _said(row.received_at), sort="received_at"),
    ]


def _reported(rows: "QuerySet[Any]", since: datetime, until: datetime) -> "QuerySet[Any]":
    return rows.filter(reported_at__gte=since, reported_at__lt=until).exclude(status=Case.Status.WITHDRAWN)


def _known(rows: "QuerySet[Any]", since: datetime, until: datetime) -> "QuerySet[Any]":
    return rows.filter(reported_at__lt=until).exclude(status=Case.Status.WITHDRAWN)


def _open(rows: "QuerySet[Any]", since: datetime, until: datetime) -> "QuerySet[Any]":
    return _known(rows, since, until).filter(Q(negative_at=None) | Q(negative_at__gte=until))


def _found(rows: "QuerySet[Any]", since: datetime, until: datetime) -> "QuerySet[Any]":
    return rows.filter(found_at__gte=since, found_at__lt=until)


def _watched(rows: "QuerySet[Any]", since: datetime, until: datetime) -> "QuerySet[Any]":
    ended = Q(ended_at=None) | Q(ended_at__gte=until)
    return rows.filter(ended, since__lt=localtime(until).date(), until__gte=localtime(since).date())


def _signed(rows: "QuerySet[Any]", since: datetime, until: datetime) -> "QuerySet[Any]":
    return rows.filter(signed_at__gte=since, signed_at__lt=until)


def _ended(rows: "QuerySet[Any]", since: datetime, until: datetime) -> "QuerySet[Any]":
    return rows.filter(ended_at__gte=since, ended_at__lt=until, status=Order.Status.ENDED)


def _declared(rows: "QuerySet[Any]", since: datetime, until: datetime) -> "QuerySet[Any]":
    return rows.filter(received_at__gte=since, received_at__lt=until, withdrawn_at=None)


#: all of an area are counted; rows are scoped when they are listed
_CASES = Case.objects  # scope: see above
_CONTACTS = Contact.objects  # scope: see above
_WATCHED = FollowUp.objects  # scope: see above
_ORDERS = Order.objects  # scope: see above
_DECLARED = Declaration.objects  # scope: see above
FIGURES = (
    ("cases_new", gettext_lazy("New cases"), _CASES, _reported, _columns("reported_at")),
    ("cases_total", gettext_lazy("Cases since the beginning"), _CASES, _known, _columns("reported_at")),
    ("cases_open", gettext_lazy("Cases not ended"), _CASES, _open, _columns("reported_at")),
    ("contacts_new", gettext_lazy("Contacts listed"), _CONTACTS, _found, _columns("found_at")),
    ("followed", gettext_lazy("People followed"), _WATCHED, _watched, _columns("until")),
    ("orders_new", gettext_lazy("Isolation orders signed"), _ORDERS, _signed, _columns("signed_at")),
    ("orders_ended", gettext_lazy("Isolations completed"), _ORDERS, _ended, _columns("ended_at")),
    ("declarations_new", gettext_lazy("Declarations received"), _DECLARED, _declared, _declaration_columns),
)


def register_all() -> None:
    for key, name, all_of, pick, columns in FIGURES:
        register(Figure(key, name, _count(all_of, pick), _rows(all_of), columns))
