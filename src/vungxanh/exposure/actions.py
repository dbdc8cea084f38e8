"""What officers do: give a code to a case, lists of codes with four eyes, take a wrong positive back."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.audit import Actor, By
from vungxanh.core.errors import UserError
from vungxanh.core.scope import ANY_PATH, HasGrants, Sector, grants_of
from vungxanh.exposure import alarms
from vungxanh.exposure.codec.keys import ReportType
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import Code, CodeList, Key, Recall, SharedEncounter, Upload
from vungxanh.exposure.publish.store import is_closed, open_slot
from vungxanh.exposure.schemas import CodeAsked, IssuedCode
from vungxanh.exposure.tokens import code_hash, long_code, secret, secret_hash, short_code
from vungxanh.notify.actions import queue
from vungxanh.notify.interface import Channel
from vungxanh.notify.schemas import BatchIn
from vungxanh.people.roles import Permission

ISSUED = (ReportType.CONFIRMED_TEST, ReportType.CONFIRMED_CLINICAL, ReportType.SELF_REPORT)
ALARM_DAYS = 14


def issue_code(
    *,
    case_id: int,
    onset: date | None,
    by: By,
    report_type: ReportType = ReportType.CONFIRMED_TEST,
    request: UUID | None = None,
    person: int | None = None,
    scope_path: str | None = None,
    now: datetime | None = None,
) -> IssuedCode:
    """A one-time code for a confirmed case; the codes are in the answer and nowhere else.

    `person`: who is ill, where the case is one of ours; encounters that others share then lead to them.

    `request` is the caller's own id: the same again is refused, so that a repeated click sends one message.
    Raises UserError `exposure.onset-in-future`, `exposure.code-request-used`, `exposure.code-quota`.
    """
    moment = now or timezone.now()
    path = scope_path or office_of(by)
    asked = CodeAsked(case_id, onset)
    _check_asked(asked, report_type, moment)
    with transaction.atomic():
        _check_quota(path, moment, 1, by)
        row = _code(asked, report_type, request or uuid4(), path, moment, by, person=person)
        issued = _give(row, moment)
        audit.record(by=by, action="exposure:code:issued", subject=f"case:{case_id}", details={"code": row.pk})
    return issued


def office_of(by: By) -> str:
    """Path of the office under which an officer issues codes; the nation for the system itself."""
    if by is None or isinstance(by, int) or not hasattr(by, "grants"):
        return ANY_PATH
    paths = [grant.path for grant in grants_of(cast(HasGrants, by), Permission.EXPOSURE_CODE)]
    return max(paths, key=len, default=ANY_PATH)


def _check_asked(asked: CodeAsked, report_type: ReportType, now: datetime) -> None:
    if report_type not in ISSUED:
        raise UserError("exposure.code-report-type", field="report_type")
    today = timezone.localdate(now)
    if asked.onset is not None and not today - timedelta(days=60) <= asked.onset <= today:
        raise UserError("exposure.onset-in-future", field="onset", today=f"{today:%d/%m/%Y}")


def _code(
    asked: CodeAsked,
    report_type: ReportType,
    request: UUID,
    path: str,
    now: datetime,
    by: By,
    *,
    person: int | None = None,
    group: CodeList | None = None,
) -> Code:
    try:
        with transaction.atomic():
            return Code.objects.create(
                request=request,
                case_id=asked.case_id,
                report_type=report_type,
                onset=asked.onset,
                handle=secret(),
                issued_by=_officer(by),
                issued_at=now,
                short_until=now,
                long_until=now,
                approved=group is None,
                person=person,
                list=group,
                scope_path=path,
                scope_sector=Sector.HEALTH,
            )
    except IntegrityError as exc:
        raise UserError("exposure.code-request-used", field="request") from exc


def _officer(by: By) -> int | None:
    return by if by is None or isinstance(by, int) else int(by.pk)


def _give(row: Code, now: datetime) -> IssuedCode:
    """Both spellings for a row; eight digits may be taken already, then others are drawn."""
    allowed = limits().code
    row.short_until = now + timedelta(minutes=allowed.short_minutes)
    row.long_until = now + timedelta(hours=allowed.long_hours)
    row.approved = True
    long = long_code(allowed.long_characters)
    row.long_hash = code_hash(long)
    while True:
        short = short_code(allowed.short_digits)
        row.short_hash = code_hash(short)
        if not Code.objects.filter(short_hash=row.short_hash).exists():
            break
    row.save()
    return IssuedCode(row.pk, row.request, short, long, row.short_until, row.long_until)


def _check_quota(path: str, now: datetime, count: int, by: By) -> None:
    """Codes of an office today; an alarm once where a day is far above the office's mean."""
    allowed = limits().code
    day = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    office = Code.objects.filter(scope_path=path)
    today = office.filter(issued_at__gte=day).count() + count
    if today > allowed.quota_a_day:
        raise UserError("exposure.code-quota", quota=allowed.quota_a_day)
    before = office.filter(issued_at__lt=day, issued_at__gte=day - timedelta(days=ALARM_DAYS)).count()
    usual = before / ALARM_DAYS
    unusual = before > 0 and today > max(usual * allowed.alarm_factor, allowed.bulk_from)
    if unusual and not alarms.rang_today("many-codes", path, day):
        alarms.ring(kind="many-codes", at=now, path=path, count=today, usual=usual, by=by)


@transaction.atomic
def ask_codes(
    *, cases: Sequence[CodeAsked], by: Actor, batch: UUID | None = None, now: datetime | None = None
) -> UUID:
    """Ask for a list of codes; they come to be when another officer agrees. -> id of the list.

    Raises UserError `exposure.empty-list`, and what `issue_code` raises.
    """
    moment, path, group = now or timezone.now(), office_of(by), batch or uuid4()
    if not cases:
        raise UserError("exposure.empty-list", field="cases")
    made = CodeList.objects.create(
        batch=group,
        asked_by=_officer(by),
        asked_at=moment,
        count=len(cases),
        scope_path=path,
        scope_sector=Sector.HEALTH,
    )
    for number, asked in enumerate(cases):
        _check_asked(asked, ReportType.CONFIRMED_TEST, moment)
        _code(asked, ReportType.CONFIRMED_TEST, uuid5(group, str(number)), path, moment, by, group=made)
    details = {"count": len(cases)}
    audit.record(by=by, action="exposure:codes:asked", subject=f"codes:{group}", details=details)
    return group


@transaction.atomic
def agree_codes(*, batch: UUID, by: Actor, now: datetime | None = None) -> list[tuple[int, IssuedCode]]:
    """Agree to a list that somebody else asked for. -> (case, its code), shown once.

    Raises UserError `exposure.four-eyes`, `exposure.no-such-list`.
    """
    moment = now or timezone.now()
    group = CodeList.objects.select_for_update().filter(batch=batch, agreed_at=None).first()  # scope: two officers
    if group is None:
        raise UserError("exposure.no-such-list", field="batch")
    if group.asked_by == _officer(by):
        raise UserError("exposure.four-eyes")
    _check_quota(group.scope_path, moment, 0, by)
    rows = list(group.codes.select_for_update().filter(approved=False, withdrawn=False).order_by("pk"))
    issued = [(row.case_id, _give(row, moment)) for row in rows]
    group.agreed_by, group.agreed_at = _officer(by), moment
    group.save(update_fields=["agreed_by", "agreed_at"])
    audit.record(by=by, action="exposure:codes:agreed", subject=f"codes:{batch}", details={"count": len(rows)})
    return issued


@transaction.atomic
def withdraw_code(*, code: int, by: By) -> None:
    """A code given to the wrong person: it works no more. Raises UserError `exposure.code-used`."""
    row = Code.objects.select_for_update().get(pk=code)
    if row.used:
        raise UserError("exposure.code-used")
    row.withdrawn = True
    row.save(update_fields=["withdrawn"])
    audit.record(by=by, action="exposure:code:withdrawn", subject=f"case:{row.case_id}", details={"code": code})


@transaction.atomic
def ask_recall(*, case_id: int, reason: str, by: Actor, now: datetime | None = None) -> int:
    """A positive was wrong: ask that its keys be taken back. -> id of the recall.

    Raises UserError `exposure.reason-needed`, `exposure.nothing-to-recall`.
    """
    if not reason.strip():
        raise UserError("exposure.reason-needed", field="reason")
    code = Code.objects.filter(case_id=case_id, used=True).order_by("-pk").first()
    if code is None:
        raise UserError("exposure.nothing-to-recall", field="case_id")
    made = Recall.objects.create(code=code, reason=reason[:200], asked_by=by.pk, asked_at=now or timezone.now())
    audit.record(by=by, action="exposure:recall:asked", subject=f"case:{case_id}", purpose=reason[:200])
    return made.pk


@transaction.atomic
def agree_recall(*, recall: int, by: Actor, now: datetime | None = None) -> int:
    """Agree as a second officer: files say from the next window on that these keys are revoked. -> keys.

    Raises UserError `exposure.four-eyes`, `exposure.recall-done`.
    """
    moment = now or timezone.now()
    row = Recall.objects.select_for_update().select_related("code").get(pk=recall)
    if row.asked_by == _officer(by):
        raise UserError("exposure.four-eyes")
    if row.agreed_at is not None:
        raise UserError("exposure.recall-done")
    upload = Upload.objects.filter(handle_hash=secret_hash(row.code.handle.open()), withdrawn=False).first()
    row.revised = 0 if upload is None else take_back(upload, int(moment.timestamp()))
    row.agreed_by, row.agreed_at = _officer(by), moment
    row.save(update_fields=["agreed_by", "agreed_at", "revised"])
    told = tell_wrongly_warned(row, by)
    details = {"keys": row.revised, "told": told}
    audit.record(by=by, action="exposure:recall:agreed", subject=f"case:{row.code.case_id}", details=details)
    return row.revised


#: no link, no diagnosis, no class
CORRECTED = (
    "Thong bao truoc day gui cho ban da duoc dinh chinh: ket qua lam can cu khong dung. "
    "Ban khong can lam gi them. Can hoi, xin goi tram y te."
)


def tell_wrongly_warned(recall: Recall, by: Actor) -> int:
    """Encounters with the person fall away where not final, and everybody who shared one is told. -> how many.

    Devices that we do not know follow by the revised keys.
    """
    person = recall.code.person
    if person is None:
        return 0
    rows = SharedEncounter.objects.filter(other=person)
    others = sorted(set(rows.values_list("person", flat=True)))
    rows.filter(export_no=None).delete()
    if others:
        source = f"exposure-recall:{recall.pk}"
        path = recall.code.scope_path
        queue(BatchIn(Channel.SMS, CORRECTED, source, persons=others, scope_path=path), by=by)
    return len(others)


def take_back(upload: Upload, now: int) -> int:
    """Keys of an upload that were published become revoked ones; the others are never published. -> how many."""
    slot = open_slot(now, limits().export)
    upload.withdrawn = True
    upload.save(update_fields=["withdrawn"])
    held = [bytes.fromhex(text) for text in upload.keys.open().split(",") if text]
    rows = list(Key.objects.select_for_update().filter(data__in=held))
    for row in rows:
        if is_closed(row.slot):
            row.report, row.revised_slot = ReportType.REVOKED, max(slot, row.revised_slot or 0)
            row.save(update_fields=["report", "revised_slot"])
        else:
            row.delete()
    return len(rows)


@transaction.atomic
def withdraw_upload(*, receipt: str, now: datetime | None = None) -> int:
    """The person takes their own keys back with their receipt. -> keys.

    Raises UserError `exposure.no-such-receipt`.
    """
    upload = Upload.objects.select_for_update().filter(receipt_hash=secret_hash(receipt), withdrawn=False).first()
    if upload is None:
        raise UserError("exposure.no-such-receipt", field="receipt")
    count = take_back(upload, int((now or timezone.now()).timestamp()))
    audit.record(
        by=None, action="exposure:upload:withdrawn", subject=f"upload:{upload.pk}", details={"keys": count}
    )
    return count
