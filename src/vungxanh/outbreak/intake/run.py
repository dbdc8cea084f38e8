"""Importing as a job: chunk by chunk, each for good; a run that was cut off goes on behind the last chunk."""

from collections import Counter

import structlog
from django.db import connection, transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import VungXanhError
from vungxanh.exchange.tables import Table
from vungxanh.outbreak.intake import links, reading, write_actions
from vungxanh.outbreak.models import ImportFile
from vungxanh.people.models import Officer

CHUNK = 2000
#: any number that nothing else locks; held by the session, so a killed worker lets go
_LOCK = 0x4C495354
log = structlog.get_logger("import")


def run_waiting() -> int:
    """Import what was started, one file after the other. -> files. Run by the worker."""
    waiting = ImportFile.objects.filter(state=ImportFile.State.RUNNING).order_by("moved_at")  # scope: the worker
    return sum(run(number) for number in list(waiting.values_list("pk", flat=True)))


def run(number: int) -> bool:
    """Import one file to its end. False where another worker has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, number])
        if not cursor.fetchone()[0]:
            return False
    try:
        _run(ImportFile.objects.get(pk=number))  # scope: the worker
    except VungXanhError as error:
        _fail(number, error.code)
    except Exception:
        _fail(number, "outbreak.import-broken")
        raise
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, number])
    return True


def _fail(number: int, code: str) -> None:
    rows = ImportFile.objects.filter(pk=number)  # scope: the worker
    rows.update(state=ImportFile.State.FAILED, failure=code[:60], finished_at=timezone.now())


def _run(file: ImportFile) -> None:
    by = Officer.objects.get(pk=file.uploaded_by)
    table = reading.sheets(reading.content(file))[file.sheet]
    told = reading.context(file, table, file.scope_path)
    while file.done < file.total:
        found = list(reading.lines(file, table, told, file.done, file.done + CHUNK))
        if not found:
            break
        with transaction.atomic():
            counted = Counter(file.counts)
            if file.kind == "links":
                counted += links.write(by, file, found)
            else:
                counted += write_actions.write(by, file, found, told)
            file.counts, file.done, file.moved_at = dict(counted), file.done + len(found), timezone.now()
            file.save(update_fields=["counts", "done", "moved_at"])
            details = {"lines": len(found), "counts": dict(counted)}
            audit.record(by=by, action="outbreak:list:imported", subject=f"import:{file.pk}", details=details)
    _finish(file, table, by)


@transaction.atomic
def _finish(file: ImportFile, table: Table, by: Officer) -> None:
    """Links last: a line may name a case that stands further down."""
    if file.kind == "cases":
        file.counts = {**file.counts, **links.from_sources(by, file, table)}
    file.state, file.finished_at, file.failure = ImportFile.State.DONE, timezone.now(), ""
    file.save(update_fields=["counts", "state", "finished_at", "failure"])
    audit.record(by=by, action="outbreak:list:finished", subject=f"import:{file.pk}", details=file.counts)
