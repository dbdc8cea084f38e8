"""What changes lists that come in: taken in, columns settled, started, a doubtful line decided."""

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.scope import ANY_PATH
from vungxanh.exchange import heads
from vungxanh.outbreak.intake import links, reading, write_actions
from vungxanh.outbreak.intake.lines import FIELDS
from vungxanh.outbreak.models import HeadMemory, ImportFile, ImportRow
from vungxanh.people.models import Officer
from vungxanh.people.roles import Permission

State = ImportFile.State
#: a mapping without any of these makes no record
NEEDED = {
    "cases": ("name", "given", "id", "ours"),
    "contacts": ("name", "given", "id", "ours"),
    "people": ("name", "given", "id", "ours"),
    "links": ("from", "to"),
}


@transaction.atomic
def take_in(
    *, by: Officer, name: str, content: bytes, sender: str, kind: str = "", disease: str = "covid19"
) -> ImportFile:
    """Keep a file and guess what its columns mean. Raises UserError of `exchange`, `outbreak.sender-needed`."""
    if not sender.strip():
        raise UserError("outbreak.sender-needed", field="sender")
    found = reading.sheets(content)
    sheet = reading.best_sheet(found)
    file = ImportFile(
        name=name[:200] or "list",
        sender=sender.strip()[:120],
        disease=disease,
        kind=kind if kind in FIELDS else reading.kind_of(found[sheet]),
        content=base64.b64encode(content).decode("ascii"),
        size=len(content),
        sheet=sheet,
        uploaded_by=by.pk,
        scope_path=home_of(by),
        scope_sector="health",
    )
    _guess(file, found[sheet])
    file.save()
    details = {"bytes": len(content), "rows": file.total}
    audit.record(by=by, action="outbreak:list:received", subject=f"import:{file.pk}", details=details)
    return file


def home_of(by: Officer) -> str:
    """Where records lie that name no commune: the officer's own area."""
    paths = [grant.path for grant in by.grants() if Permission.CASE_WRITE in grant.permissions]
    return paths[0] if paths else ANY_PATH


def _guess(file: ImportFile, table: Any) -> None:
    found = reading.columns(table, file.sender, file.kind)
    file.mapping = {str(column.index): column.field for column in found if column.field}
    file.total = max(0, len(table.rows) - reading.first_row(table))


@transaction.atomic
def settle_columns(
    *, by: Officer, file: ImportFile, mapping: Mapping[int, str], kind: str, sheet: int | None = None
) -> ImportFile:
    """The officer's word on the columns; where it differs from the guess it is remembered for this sender.

    Raises UserError `outbreak.import-started`, `outbreak.field-twice`, `outbreak.columns-needed`.
    """
    held = _waiting(file)
    found = reading.sheets(reading.content(held))
    other_sheet = sheet if sheet is not None and 0 <= sheet < len(found) else held.sheet
    other_kind = kind if kind in FIELDS else held.kind
    if (other_sheet, other_kind) != (held.sheet, held.kind):
        held.sheet, held.kind = other_sheet, other_kind
        _guess(held, found[held.sheet])
        held.state = State.UPLOADED
        held.save()
        return held
    wanted = {place: name for place, name in mapping.items() if name in FIELDS[held.kind]}
    _check(held.kind, wanted)
    table = found[held.sheet]
    _remember(held.sender, [c.title for c in reading.columns(table, held.sender, held.kind)], held.mapping, wanted)
    held.mapping = {str(place): name for place, name in wanted.items()}
    held.state = State.CHECKED
    held.save(update_fields=["mapping", "state"])
    audit.record(
        by=by, action="outbreak:list:checked", subject=f"import:{held.pk}", details={"fields": len(wanted)}
    )
    return held


def _check(kind: str, wanted: Mapping[int, str]) -> None:
    names = list(wanted.values())
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise UserError("outbreak.field-twice", field="mapping", name=twice)
    if not set(names) & set(NEEDED[kind]):
        raise UserError("outbreak.columns-needed", field="mapping")


def _remember(sender: str, titles: list[str], guessed: Mapping[str, str], wanted: Mapping[int, str]) -> None:
    """Only what was corrected: a guess that stood needs no memory."""
    rows = [
        HeadMemory(sender=sender, title=heads.normal(title)[:200], field=wanted.get(place, ""))
        for place, title in enumerate(titles)
        if heads.normal(title) and wanted.get(place, "") != guessed.get(str(place), "")
    ]
    HeadMemory.objects.bulk_create(
        {row.title: row for row in rows}.values(),
        update_conflicts=True,
        unique_fields=["sender", "title"],
        update_fields=["field"],
    )


def _waiting(file: ImportFile) -> ImportFile:
    held = ImportFile.objects.select_for_update().get(pk=file.pk)
    if held.state not in {State.UPLOADED, State.CHECKED}:
        raise UserError("outbreak.import-started")
    return held


@transaction.atomic
def start(*, by: Officer, file: ImportFile) -> ImportFile:
    """Hand the file to the worker. Raises UserError `outbreak.import-started`."""
    held = _waiting(file)
    held.state, held.moved_at = State.RUNNING, timezone.now()
    held.save(update_fields=["state", "moved_at"])
    audit.record(by=by, action="outbreak:list:started", subject=f"import:{held.pk}")
    return held


@transaction.atomic
def go_on(*, by: Officer, file: ImportFile) -> ImportFile:
    """Take a stopped import up where it stopped. Raises UserError `outbreak.import-started`."""
    held = ImportFile.objects.select_for_update().get(pk=file.pk)
    if held.state != State.FAILED:
        raise UserError("outbreak.import-started")
    held.state, held.failure, held.moved_at = State.RUNNING, "", timezone.now()
    held.save(update_fields=["state", "failure", "moved_at"])
    audit.record(by=by, action="outbreak:list:resumed", subject=f"import:{held.pk}", details={"done": held.done})
    return held


@transaction.atomic
def decide(*, by: Officer, rows: Sequence[int], file: ImportFile, same: bool, person: int | None = None) -> int:
    """Say of held lines whether they mean the first match (or `person`), or somebody new. -> how many.

    Raises UserError `outbreak.row-decided`.
    """
    held = list(
        ImportRow.objects.select_for_update().filter(pk__in=rows, file=file, verdict=ImportRow.Verdict.HELD)
    )
    if not held:
        raise UserError("outbreak.row-decided")
    file = ImportFile.objects.select_for_update().get(pk=file.pk)
    write_actions.decide(by, file, held, person if person else 0 if same else None)
    counts = Counter(file.counts)
    counts[ImportRow.Verdict.HELD] -= len(held)
    counts.update(str(row.verdict) for row in held)
    if file.kind == ImportFile.Kind.CASES:  # a line may have waited for the case that it names
        linked = links.from_sources(by, file, reading.sheets(reading.content(file))[file.sheet])
        counts["links"] += linked.pop("links", 0)
        for name, count in linked.items():
            counts[name] = count
    file.counts = {name: count for name, count in counts.items() if count or name.startswith("links")}
    file.save(update_fields=["counts"])
    details = {"rows": len(held), "same": same}
    audit.record(by=by, action="outbreak:list:decided", subject=f"import:{file.pk}", details=details)
    return len(held)
