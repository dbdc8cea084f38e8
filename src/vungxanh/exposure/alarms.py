"""Something looks like misuse: it is written down, and one named person is told, on their list and by e-mail.

The person is who manages exposure notification nearest to the office, a director before an officer, and never the
one whose own action rang.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from vungxanh.core.audit import By
from vungxanh.core.scope import ANY_PATH
from vungxanh.exposure.models import Alarm
from vungxanh.notify.actions import queue
from vungxanh.notify.interface import Channel
from vungxanh.notify.schemas import BatchIn
from vungxanh.people.models import Assignment
from vungxanh.people.roles import ROLES, Permission
from vungxanh.people.scope import SYSTEM, in_force
from vungxanh.work.actions import assign, put

KIND = "exposure.alarm"
#: how soon somebody looks: our proposal
WITHIN = timedelta(hours=4)
MANAGING = [role.key for role in ROLES.values() if Permission.EXPOSURE_MANAGE in role.permissions]
DIRECTOR = "cdc-director"


@transaction.atomic
def ring(*, kind: str, at: datetime, path: str, count: int, usual: float = 0.0, by: By = None) -> Alarm:
    """Write an alarm and tell the person who looks after the area; the same kind and day again is one task."""
    alarm = Alarm.objects.create(kind=kind, at=at, scope_path=path, count=count, usual=usual)
    named = responsible(path, timezone.localdate(at), by)
    with translation.override(named.officer.language if named else "vi"):
        said = sentence(alarm)
    source = f"exposure-alarm:{kind}:{path}:{timezone.localdate(at):%Y-%m-%d}"
    item = put(
        kind=KIND,
        due=at + WITHIN,
        source=source,
        reason=said,
        scope_path=path if named is None or path != ANY_PATH else named.scope_path,
        by=None,
    )
    if named is not None:
        assign(items=[item], officer=named.officer.pk, by=SYSTEM)
        if named.officer.email:
            queue(_message(said, source, named), by=None)
    return alarm


def responsible(path: str, day: date, by: By = None) -> Assignment | None:
    """The assignment of the person to be told about an area; None where nobody manages it."""
    ringing = by if by is None or isinstance(by, int) else by.pk
    # scope: the system looks for whom to tell
    rows = Assignment.objects.filter(in_force(day), role__in=MANAGING, officer__is_active=True)
    over = [row for row in rows.select_related("officer") if path == ANY_PATH or path.startswith(row.scope_path)]
    others = [row for row in over if row.officer_id != ringing]
    near = -1 if path == ANY_PATH else 1
    return min(
        others, key=lambda row: (-near * len(row.scope_path), row.role != DIRECTOR, row.officer_id), default=None
    )


def _message(said: str, source: str, named: Assignment) -> BatchIn:
    return BatchIn(
        Channel.EMAIL,
        said,
        source,
        subject=said.split(":")[0][:80],
        addresses=[named.officer.email],
        citizen=False,
        scope_path=named.scope_path,
    )


def sentence(alarm: Alarm) -> str:
    """What rang, in the reader's language."""
    if alarm.kind == "many-codes":
        values = {"count": alarm.count, "usual": f"{alarm.usual:.1f}"}
        return _("%(count)s codes in a day; usual are %(usual)s.") % values
    if alarm.kind == "feed-quota":
        return _("A laboratory has used up the codes of its day: a large outbreak, or a token in wrong hands.")
    return _("%(count)s wrong codes in a minute: somebody may be guessing.") % {"count": alarm.count}


def rang_today(kind: str, path: str, since: datetime) -> bool:
    return Alarm.objects.filter(kind=kind, scope_path=path, at__gte=since).exists()
