"""Reads: codes of an officer's area, where a key is and why, where the keys of a receipt are."""

from django.db.models import Q, QuerySet

from vungxanh.core.scope import HasGrants, scoped
from vungxanh.exposure.limits import ExportLimits
from vungxanh.exposure.models import Alarm, Code, File, Key, Recall, Upload, Window
from vungxanh.exposure.schemas import KeyStory
from vungxanh.exposure.tokens import secret_hash
from vungxanh.people.roles import Permission

REASONS = {
    "unknown": {
        "vi": "Khóa này không có trong máy chủ: chưa được gửi, đã hết thời gian lưu, hoặc đã được rút lại.",
        "en": "This key is not on the server: it was never sent, its time is over, or it was taken back.",
    },
    "held": {
        "vi": "Khóa còn có thể bị phát lại nên được giữ đến hết hạn; cửa sổ công bố chưa bắt đầu.",
        "en": "Somebody could still send this key's identifiers, so it is held; its window has not begun.",
    },
    "waiting": {
        "vi": "Cửa sổ công bố của khóa đã đến; tệp được ghi sau khi cửa sổ kết thúc.",
        "en": "The window of this key has come; its file is written after the window ends.",
    },
    "late": {
        "vi": "Cửa sổ đã kết thúc mà tệp chưa ghi: hãy xem tiến trình xuất có chạy không.",
        "en": "The window is over and its file is not written: see whether the export worker runs.",
    },
    "published": {"vi": "Khóa đã được công bố trong tệp này.", "en": "The key is published in this file."},
    "revoked": {
        "vi": "Khóa đã được công bố, sau đó được thu hồi.",
        "en": "The key was published and then taken back.",
    },
}


def codes(officer: HasGrants) -> QuerySet[Code]:
    """Codes of the officer's area, newest first."""
    return scoped(Code.objects.order_by("-issued_at"), officer, Permission.EXPOSURE_CODE)


def open_recalls(officer: HasGrants) -> QuerySet[Recall]:
    """Recalls of the area that wait for a second officer."""
    mine = scoped(Code.objects.all(), officer, Permission.EXPOSURE_CODE)
    return Recall.objects.filter(agreed_at=None, code__in=mine).select_related("code").order_by("asked_at")


def alarms(officer: HasGrants) -> list[Alarm]:
    """Alarms of the area, newest first; those of the whole installation for everybody who manages."""
    paths = [grant.path for grant in officer.grants() if Permission.EXPOSURE_MANAGE in grant.permissions]
    found = Q(pk=None)
    for path in paths:
        found |= Q(scope_path__startswith=path) | Q(scope_path="/")
    return list(Alarm.objects.filter(found).order_by("-at")[:50])


def file_of(slot: int, data: bytes) -> File | None:
    """The file of a window that a key lies in: keys are sorted, so its range tells."""
    files = File.objects.filter(window__start__lte=slot, window__end__gt=slot, keys__gt=0)
    return next((f for f in files if bytes(f.first_key or b"") <= data <= bytes(f.last_key or b"")), None)


def explain(data: bytes, *, now: int, limits: ExportLimits) -> KeyStory:
    """Where a key is on its way to a file, and why."""
    key = Key.objects.filter(data=data, slot__gte=0).first()
    if key is None:
        return _story(data, "unknown", "unknown")
    window_end = key.slot + limits.period_seconds
    published = Window.objects.filter(start__lte=key.slot, end__gt=key.slot, state=Window.State.DONE).first()
    if published is not None:
        file = file_of(key.slot, data)
        revised = _revision_file(key)
        reason = "revoked" if key.revised_slot is not None else "published"
        return _story(data, "published", reason, key, file.name if file else None, revised, published.end)
    if now < key.slot:
        return _story(data, "held", "held", key, at=window_end + limits.grace_seconds)
    late = now > window_end + limits.grace_seconds + limits.lease_seconds
    return _story(data, "waiting", "late" if late else "waiting", key, at=window_end + limits.grace_seconds)


def _revision_file(key: Key) -> str | None:
    if key.revised_slot is None:
        return None
    files = File.objects.filter(
        window__start__lte=key.revised_slot, window__end__gt=key.revised_slot, revised__gt=0
    )
    found = files.order_by("number").first()
    return found.name if found else None


def _story(
    data: bytes,
    state: str,
    reason: str,
    key: Key | None = None,
    file: str | None = None,
    revised: str | None = None,
    at: int | None = None,
) -> KeyStory:
    received = None if key is None else key.slot
    return KeyStory(data.hex(), state, file, at, received, revised, REASONS[reason])


def receipt_files(receipt: str, *, now: int, limits: ExportLimits) -> list[KeyStory] | None:
    """Where each key of an upload is, by the receipt that its sender holds; None where there is none."""
    upload = Upload.objects.filter(receipt_hash=secret_hash(receipt)).first()
    if upload is None:
        return None
    held = [bytes.fromhex(text) for text in upload.keys.open().split(",") if text]
    return [explain(data, now=now, limits=limits) for data in held]
