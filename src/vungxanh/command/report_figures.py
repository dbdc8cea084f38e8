"""This room's own figures: dispatches, receipts, difficulties, broadcasts, inspections, hotline events."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Manager, Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungxanh.command.models import Difficulty, Directive, HotlineEvent, Inspection, Message, MessageUse, Receipt
from vungxanh.command.reporting import Figure, register
from vungxanh.core.listing import Column
from vungxanh.core.scope import HasGrants, scope_condition, scoped


def _ids(rows: "QuerySet[Any]") -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _when(moment: datetime | None) -> str:
    return localtime(moment).strftime("%H:%M %d/%m/%Y") if moment else ""


def _own(all_of: "Manager[Any]") -> Callable[[HasGrants, Sequence[int]], "QuerySet[Any]"]:
    """Rows of a model that carries its own scope, as far as the officer sees them."""

    def rows(officer: HasGrants, ids: Sequence[int]) -> "QuerySet[Any]":
        return scoped(all_of.filter(pk__in=ids), officer)

    return rows


def _of_receipts(officer: HasGrants, ids: Sequence[int]) -> "QuerySet[Difficulty]":
    """Difficulties of directives or units that the officer sees."""
    receipts, directives = scope_condition(Receipt, officer), scope_condition(Directive, officer)
    seen_units = Receipt.objects.none() if receipts is None else Receipt.objects.filter(receipts)  # scope: is
    seen = Directive.objects.none() if directives is None else Directive.objects.filter(directives)  # scope: is
    rows = Difficulty.objects.filter(pk__in=ids).select_related("receipt__organisation", "receipt__directive")
    return rows.filter(Q(receipt__in=seen_units) | Q(receipt__directive__in=seen))


def _receipts(officer: HasGrants, ids: Sequence[int]) -> "QuerySet[Receipt]":
    own, issued = scope_condition(Receipt, officer), scope_condition(Directive, officer)
    seen = Directive.objects.none() if issued is None else Directive.objects.filter(issued)  # scope: is
    either = Q(directive__in=seen) if own is None else own | Q(directive__in=seen)
    rows = Receipt.objects.filter(either, pk__in=ids)  # scope: both halves are
    return rows.select_related("directive", "organisation")


def _uses(officer: HasGrants, ids: Sequence[int]) -> "QuerySet[MessageUse]":
    rows = MessageUse.objects.filter(pk__in=ids, message__in=scoped(Message.objects.all(), officer))  # scope: is
    return rows.select_related("message")


def _directive_columns() -> list[Column[Any]]:
    return [
        Column("number", _("Document"), str, head=True),
        Column("about", _("About"), lambda d: d.abstract),
        Column("at", _("In force since"), lambda d: _when(d.confirmed_at), sort="confirmed_at"),
    ]


def _receipt_columns() -> list[Column[Any]]:
    return [
        Column("unit", _("Unit"), lambda r: r.organisation.name, sort="organisation__name", head=True),
        Column("number", _("Document"), lambda r: str(r.directive)),
        Column("sent", _("Sent"), lambda r: _when(r.sent_at), sort="sent_at"),
        Column("read", _("Acknowledged"), lambda r: _when(r.acknowledged_at), sort="acknowledged_at"),
    ]


def _difficulty_columns() -> list[Column[Any]]:
    return [
        Column("unit", _("Unit"), lambda d: d.receipt.organisation.name, head=True),
        Column("text", _("Difficulty"), lambda d: d.text),
        Column("at", _("Reported at"), lambda d: _when(d.asked_at), sort="asked_at"),
        Column("answer", _("Answer"), lambda d: d.answer),
    ]


def _use_columns() -> list[Column[Any]]:
    return [
        Column("where", _("Where"), lambda u: u.where, head=True),
        Column("channel", _("Channel"), lambda u: u.get_channel_display()),
        Column("title", _("Message"), lambda u: u.message.title),
        Column("at", _("When"), lambda u: _when(u.at), sort="at"),
    ]


def _inspection_columns() -> list[Column[Any]]:
    return [
        Column("place", _("Place"), lambda i: i.place.name, head=True),
        Column("at", _("When"), lambda i: _when(i.at), sort="at"),
        Column("met", _("Result"), lambda i: _("everything met") if i.is_met else _("not everything met")),
    ]


def _event_columns() -> list[Column[Any]]:
    return [
        Column("at", _("Received"), lambda e: _when(e.received_at), sort="received_at", head=True),
        Column("kind", _("Kind"), lambda e: e.get_kind_display()),
        Column("state", _("State"), lambda e: e.get_state_display()),
    ]


def _directives(path: str, since: datetime, until: datetime) -> list[int]:
    rows = Directive.objects.filter(scope_path__startswith=path)  # scope: a count of the area
    return _ids(rows.filter(confirmed_at__gte=since, confirmed_at__lt=until))


def _acknowledged(path: str, since: datetime, until: datetime) -> list[int]:
    rows = Receipt.objects.filter(organisation__scope_path__startswith=path)  # scope: a count of the area
    return _ids(rows.filter(acknowledged_at__gte=since, acknowledged_at__lt=until))


def _silent(path: str, since: datetime, until: datetime) -> list[int]:
    """Sent before the end of the period and not read by then."""
    rows = Receipt.objects.filter(organisation__scope_path__startswith=path)  # scope: a count of the area
    unread = Q(acknowledged_at=None) | Q(acknowledged_at__gte=until)
    return _ids(rows.filter(unread, sent_at__lt=until, directive__state="in_force"))


def _difficulties(path: str, since: datetime, until: datetime) -> list[int]:
    rows = Difficulty.objects.filter(receipt__organisation__scope_path__startswith=path)
    return _ids(rows.filter(asked_at__gte=since, asked_at__lt=until))


def open_difficulties(path: str, since: datetime, until: datetime) -> list[int]:
    """Asked before the end of the period and not answered by then."""
    rows = Difficulty.objects.filter(receipt__organisation__scope_path__startswith=path, asked_at__lt=until)
    return _ids(rows.filter(Q(answered_at=None) | Q(answered_at__gte=until)))


def _used(path: str, since: datetime, until: datetime) -> list[int]:
    rows = MessageUse.objects.filter(message__scope_path__startswith=path)  # scope: a count of the area
    return _ids(rows.filter(at__gte=since, at__lt=until))


def _visits(path: str, since: datetime, until: datetime) -> "QuerySet[Inspection]":
    rows = Inspection.objects.filter(place__scope_path__startswith=path)  # scope: a count of the area
    return rows.filter(at__gte=since, at__lt=until)


def _inspected(path: str, since: datetime, until: datetime) -> list[int]:
    return _ids(_visits(path, since, until))


def _unmet(path: str, since: datetime, until: datetime) -> list[int]:
    return sorted(visit.pk for visit in _visits(path, since, until) if not visit.is_met)


def _received(path: str, since: datetime, until: datetime) -> list[int]:
    rows = HotlineEvent.objects.filter(scope_path__startswith=path)  # scope: a count of the area
    return _ids(rows.filter(received_at__gte=since, received_at__lt=until))


def _verified(path: str, since: datetime, until: datetime) -> list[int]:
    rows = HotlineEvent.objects.filter(scope_path__startswith=path, state="verified")  # scope: a count
    return _ids(rows.filter(decided_at__gte=since, decided_at__lt=until))


#: rows are scoped when they are listed
_DIRECTIVES = _own(Directive.objects)  # scope: in _own
_INSPECTIONS = _own(Inspection.objects)  # scope: in _own
_EVENTS = _own(HotlineEvent.objects)  # scope: in _own
FIGURES = (
    ("dispatches_sent", gettext_lazy("Documents put in force"), _directives, _DIRECTIVES, _directive_columns),
    ("receipts_new", gettext_lazy("Receipts acknowledged"), _acknowledged, _receipts, _receipt_columns),
    ("receipts_silent", gettext_lazy("Receipts not acknowledged"), _silent, _receipts, _receipt_columns),
    ("difficulties_new", gettext_lazy("Difficulties reported"), _difficulties, _of_receipts, _difficulty_columns),
    (
        "difficulties_open",
        gettext_lazy("Difficulties not answered"),
        open_difficulties,
        _of_receipts,
        _difficulty_columns,
    ),
    ("messages_used", gettext_lazy("Broadcasts and posters"), _used, _uses, _use_columns),
    ("inspections_done", gettext_lazy("Inspections"), _inspected, _INSPECTIONS, _inspection_columns),
    (
        "inspections_unmet",
        gettext_lazy("Inspections with something to mend"),
        _unmet,
        _INSPECTIONS,
        _inspection_columns,
    ),
    ("events_received", gettext_lazy("Events received"), _received, _EVENTS, _event_columns),
    ("events_verified", gettext_lazy("Events verified"), _verified, _EVENTS, _event_columns),
)


def register_all() -> None:
    for key, name, count, rows, columns in FIGURES:
        register(Figure(key, name, count, rows, columns))
