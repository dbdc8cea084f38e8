"""Closing a window: no key may enter any more, and padding is stored before anything reads the window."""

from django.db import connection, transaction
from django.db.models import QuerySet

from vungxanh.exposure.codec.keys import KeyTable, keys_of
from vungxanh.exposure.codec.padding import padding_count, padding_for
from vungxanh.exposure.export_job.table import keys_of_window, revised_of_window
from vungxanh.exposure.limits import ExportLimits
from vungxanh.exposure.models import Key, Window
from vungxanh.exposure.publish.store import LOCK, insert


@transaction.atomic
def close(start: int, end: int, limits: ExportLimits) -> bool:
    """Close and pad one window; False where somebody did before. One transaction: all of it or nothing."""
    with connection.cursor() as cursor:
        # waits for every upload that is on its way into this window
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, start // limits.period_seconds])
    window, _ = Window.objects.select_for_update().get_or_create(start=start, defaults={"end": end})
    if window.state != Window.State.OPEN:
        return False
    if 0 < _few(Key.objects.filter(slot__gte=start, slot__lt=end), limits.minimum) < limits.minimum:
        _pad(keys_of_window(start, end), start, limits)
    revised = Key.objects.filter(revised_slot__gte=start, revised_slot__lt=end)
    if 0 < _few(revised, limits.revised_minimum) < limits.revised_minimum:
        _pad_revised(revised_of_window(start, end), start, limits)
    window.state = Window.State.CLOSED
    window.save(update_fields=["state"])
    return True


def _few(rows: "QuerySet[Key]", enough: int) -> int:
    """How many there are, counted no further than `enough`: a full window is not read twice."""
    return rows.order_by()[:enough].count()


def _pad(real: KeyTable, slot: int, limits: ExportLimits) -> None:
    made = padding_for(real, padding_count(len(real), limits.minimum, limits.jitter))
    if len(made):
        insert("exposure_key", keys_of(made), [slot] * len(made), limits.region)


def _pad_revised(real: KeyTable, slot: int, limits: ExportLimits) -> None:
    """Revised keys of nobody, as if published long ago, so that a recall does not show one person's days."""
    made = padding_for(real, padding_count(len(real), limits.revised_minimum, limits.jitter))
    if not len(made):
        return
    insert("exposure_key", keys_of(made), [0] * len(made), limits.region)
    Key.objects.filter(data__in=[row["data"].tobytes() for row in made]).update(revised_slot=slot)
