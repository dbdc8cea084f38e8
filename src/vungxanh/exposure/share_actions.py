"""Encounters that a warned person shares with the tracer: asked for by code, agreed to day by day, taken back.

Here, and in a recall, what is sealed is opened: whose key it was. It takes a tracer's code, a person who agrees on
their own device, and a key that was published; what the device says is checked against that key.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.core.ids import sender_id
from vungxanh.core.minutes import local_date
from vungxanh.core.scope import Sector
from vungxanh.exposure.codec.gaen import CLOCK_TOLERANCE, identifier, interval_number
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import Code, Invite, Key, SharedDay, SharedEncounter, Upload
from vungxanh.exposure.publish.request import RefusedError
from vungxanh.exposure.schemas import Invited, Shared, SharedIn
from vungxanh.exposure.tokens import code_hash, plain, secret, secret_hash, short_code
from vungxanh.people.actions import give_consent

PURPOSE = "exposure-share"


@transaction.atomic
def invite(*, person: int, by: By, scope_path: str, now: datetime | None = None) -> Invited:
    """A code that the tracer reads to somebody who was warned. It is shown once and kept nowhere."""
    moment = now or timezone.now()
    until = moment + timedelta(minutes=limits().share.code_minutes)
    for _ in range(10):
        code = short_code(limits().code.short_digits)
        hashed = code_hash(f"share{code}")
        if not Invite.objects.filter(code_hash=hashed).exists():  # scope: a code of any office
            break
    else:
        raise AssertionError("ten codes in a row were taken")
    Invite.objects.create(
        code_hash=hashed,
        person=person,
        given_by=by if by is None or isinstance(by, int) else by.pk,
        given_at=moment,
        until=until,
        scope_path=scope_path,
        scope_sector=Sector.HEALTH,
    )
    audit.record(by=by, action="exposure:invite:given", subject=f"person:{person}")
    return Invited(code, until)


@transaction.atomic
def share(*, code: str, given: list[SharedIn], now: datetime) -> Shared:
    """What a device sends after its owner chose the days. -> receipt, and what was taken of each day.

    Raises RefusedError `code_invalid`, `code_expired`, `too_many`.
    """
    asked = _use(code, now)
    if len(given) > limits().share.encounters:
        raise RefusedError("too_many", "encounters")
    receipt, taken = secret(), dict.fromkeys({local_date(one.start // 60) for one in given}, 0)
    days = {day: _agree(asked.person, day, receipt, now) for day in taken}
    for one, other in _resolved(given, now):
        day = local_date(one.start // 60)
        taken[day] += other != asked.person and _write(one, asked.person, other, days[day])
    details = {"days": len(days), "encounters": sum(taken.values())}
    audit.record(by=None, action="exposure:encounters:shared", subject=f"person:{asked.person}", details=details)
    return Shared(receipt, taken)


def _use(code: str, now: datetime) -> Invite:
    hashed = code_hash(f"share{plain(code)}")
    found = Invite.objects.select_for_update().filter(code_hash=hashed, used=False).first()  # scope: a device asks
    if found is None:
        raise RefusedError("code_invalid", "code")
    if now >= found.until:
        raise RefusedError("code_expired", "code-late")
    found.used, found.code_hash = True, None
    found.save(update_fields=["used", "code_hash"])
    return found


def _agree(person: int, day: date, receipt: str, now: datetime) -> SharedDay:
    """The agreement, here and in the register of consents."""
    version = limits().share.text_version
    give_consent(person=person, purpose=f"{PURPOSE}:{day}", text_version=version, channel="device", by=None)
    return SharedDay.objects.create(person=person, day=day, receipt_hash=secret_hash(receipt), given_at=now)


def _resolved(given: list[SharedIn], now: datetime) -> Iterator[tuple[SharedIn, int]]:
    """Encounters that can be true, with whose key it was; the others fall away."""
    people: dict[bytes, int | None] = {}
    for one in given:
        if not _holds(one, now):
            continue
        if one.key not in people:
            people[one.key] = owner(one.key)
        other = people[one.key]
        if other is not None:
            yield one, other


def _holds(one: SharedIn, now: datetime) -> bool:
    """Was the identifier one of this key at this time, and are the times possible?"""
    oldest = now.timestamp() - (limits().export.keep_days + 1) * 86_400
    heard = interval_number(one.start)
    return (
        oldest <= one.start < one.end <= now.timestamp()
        and 0 < one.seconds <= one.end - one.start + 600
        and abs(heard - one.interval) <= CLOCK_TOLERANCE + 3
        and identifier(one.key, one.interval) == one.rpi
    )


def owner(key: bytes) -> int | None:
    """The ill person whose key it is; None where nobody here published it or the case is not one of ours."""
    row = Key.objects.filter(data=key, slot__gt=0, origin=limits().export.region).first()
    if row is None:
        return None
    # a key is published hours after its upload, one that was in use up to two days after
    hours = range(row.slot // 3_600 - 72, (row.slot + limits().export.period_seconds) // 3_600 + 1)
    uploads = Upload.objects.filter(hour__gte=hours.start, hour__lt=hours.stop, withdrawn=False)
    upload = next((one for one in uploads if key.hex() in one.keys.open().split(",")), None)
    return None if upload is None else _person_of(bytes(upload.handle_hash), upload.hour)


def _person_of(handle_hash: bytes, hour: int) -> int | None:
    allowed = limits().code
    last = datetime.fromtimestamp((hour + 1) * 3_600, timezone.get_current_timezone())
    first = last - timedelta(hours=allowed.long_hours + allowed.token_hours + 2)
    codes = Code.objects.filter(used=True, issued_at__gte=first, issued_at__lt=last)  # scope: a sealed link
    return next((code.person for code in codes if secret_hash(code.handle.open()) == handle_hash), None)


def _write(one: SharedIn, person: int, other: int, day: SharedDay) -> bool:
    """One row; the same encounter shared twice stays one."""
    start = one.start // 60
    row = SharedEncounter(
        shared=day,
        row=sender_id("exposure.share", f"{person}:{other}:{start}"),
        person=person,
        other=other,
        start=start,
        end=max(-(-one.end // 60), start + 1),
        seconds=one.seconds,
        loss=one.loss,
    )
    if SharedEncounter.objects.filter(row=row.row).exists():
        return False
    row.save()
    return True


@transaction.atomic
def withdraw(*, receipt: str, day: date | None = None, now: datetime) -> tuple[int, int]:
    """Take an agreement back, of one day or of all. -> (encounters gone, encounters that are final already).

    Raises UserError `exposure.no-such-receipt`.
    """
    rows = SharedDay.objects.select_for_update().filter(receipt_hash=secret_hash(receipt), withdrawn_at=None)
    if day is not None:
        rows = rows.filter(day=day)
    days = list(rows)
    if not days:
        raise UserError("exposure.no-such-receipt", field="receipt")
    rest = SharedEncounter.objects.filter(shared__in=days)
    gone = rest.filter(export_no=None).delete()[0]
    SharedDay.objects.filter(pk__in=[one.pk for one in days]).update(withdrawn_at=now)
    subject, details = f"person:{days[0].person}", {"days": len(days), "gone": gone}
    audit.record(by=None, action="exposure:encounters:withdrawn", subject=subject, details=details)
    return gone, rest.count()
