"""Pages of lists that come in: upload, columns, preview, progress, what became of the lines, decisions."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.scope import scoped
from vungxanh.exchange import bounds, xlsx
from vungxanh.exchange import faults as marking
from vungxanh.outbreak import diseases, times
from vungxanh.outbreak.intake import actions, field_words, reading
from vungxanh.outbreak.intake.lines import FIELDS, Line
from vungxanh.outbreak.models import Case, ImportFile, ImportRow
from vungxanh.outbreak.pages import refuse
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.likeness import LIKELY
from vungxanh.people.models import Officer
from vungxanh.people.queries import masked, reveal
from vungxanh.people.roles import Permission

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: lines that the preview reads; the rest is checked while it is imported
PREVIEWED = 2000
SHOWN_FAULTS, SHOWN_LINES, SHOWN_HELD, SHOWN_FILES = 50, 8, 50, 50


class Upload(forms.Form):
    """A list and who sent it."""

    file = forms.FileField(
        label=gettext_lazy("File (XLSX, XLS, ODS, CSV)"),
        widget=forms.FileInput(attrs={"class": "nhsuk-file-upload"}),
    )
    disease = forms.ChoiceField(
        label=gettext_lazy("Disease"),
        required=False,
        choices=diseases.choices,
        widget=forms.Select(attrs={"class": "nhsuk-select"}),
    )
    sender = forms.CharField(
        label=gettext_lazy("Who sent it"),
        max_length=120,
        help_text=gettext_lazy("Corrections of columns are remembered for this sender."),
        widget=forms.TextInput(attrs={"class": "nhsuk-input", "list": "senders"}),
    )


def one(officer: Officer, number: int) -> ImportFile:
    """A file within the officer's scope. Raises Http404."""
    found = scoped(ImportFile.objects.all(), officer, Permission.CASE_WRITE).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


@officer_required(Permission.CASE_WRITE)
def lists(request: HttpRequest) -> HttpResponse:
    """Lists that came in, and a new one."""
    officer = officer_of(request)
    form = Upload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            file = _take_in(officer, form.cleaned_data)
        except UserError as error:
            refuse(form, error)
        else:
            return redirect("outbreak:import", number=file.pk)
    mine = scoped(ImportFile.objects.all(), officer, Permission.CASE_WRITE).defer("content")
    senders = sorted(set(mine.values_list("sender", flat=True)[:200]))
    context = {"form": form, "files": mine.order_by("-pk")[:SHOWN_FILES], "senders": senders}
    return render(request, "outbreak/imports.html", context)


def _take_in(officer: Officer, data: Mapping[str, Any]) -> ImportFile:
    upload = data["file"]
    if upload.size > bounds.LARGEST_FILE:  # refused by its size, before a byte is read
        size, most = upload.size // bounds.MEBI, bounds.LARGEST_FILE // bounds.MEBI
        raise UserError("exchange.file-too-large", field="file", megabytes=size, most=most)
    disease = diseases.chosen(data.get("disease", ""))
    content = upload.read()
    return actions.take_in(by=officer, name=upload.name, content=content, sender=data["sender"], disease=disease)


@officer_required(Permission.CASE_WRITE)
def one_list(request: HttpRequest, number: int) -> HttpResponse:
    """One list, wherever it stands."""
    officer = officer_of(request)
    file = one(officer, number)
    if request.method == "POST":
        step = request.POST.get("step", "columns")
        if step == "start":
            actions.start(by=officer, file=file)
        elif step == "go-on":
            actions.go_on(by=officer, file=file)
        else:
            _settle(request, officer, file)
        return redirect("outbreak:import", number=number)
    if file.state in {ImportFile.State.UPLOADED, ImportFile.State.CHECKED}:
        return render(request, "outbreak/import_columns.html", _columns(file))
    return render(request, "outbreak/import_state.html", {"file": file, **_state(file)})


def _settle(request: HttpRequest, officer: Officer, file: ImportFile) -> None:
    mapping = {
        int(name.removeprefix("column-")): str(value)
        for name, value in request.POST.items()
        if name.startswith("column-") and name.removeprefix("column-").isdigit()
    }
    sheet = request.POST.get("sheet", "")
    kind = request.POST.get("kind", file.kind)
    try:
        actions.settle_columns(
            by=officer, file=file, mapping=mapping, kind=kind, sheet=int(sheet) if sheet.isdigit() else None
        )
    except UserError as error:
        messages.error(request, error.text("en" if times.is_english() else "vi"))


def _columns(file: ImportFile) -> dict[str, Any]:
    """Columns with their guesses; once settled, what the lines give."""
    found = reading.sheets(reading.content(file))
    table = found[file.sheet]
    columns = [
        (column, file.mapping.get(str(column.index), ""), field_words.WHY.get(column.why, ""))
        for column in reading.columns(table, file.sender, file.kind)
    ]
    choices = [(name, field_words.FIELDS[name]) for name in FIELDS[file.kind]]
    shown: dict[str, Any] = {
        "file": file,
        "columns": columns,
        "choices": choices,
        "kinds": ImportFile.Kind.choices,
    }
    shown["sheets"] = [(index, one.sheet or _("table"), len(one.rows)) for index, one in enumerate(found)]
    shown["table"] = table
    return shown | (_preview(file, table) if file.state == ImportFile.State.CHECKED else {})


def _preview(file: ImportFile, table: Any) -> dict[str, Any]:
    told = reading.context(file, table, file.scope_path)
    lines = list(reading.lines(file, table, told, 0, PREVIEWED))
    faults = reading.faults(file, table, lines)
    language = "en" if times.is_english() else "vi"
    blocking = {(line.number, fault.code) for line in lines for fault in line.faults if fault.blocks}
    return {
        "checked": len(lines),
        "good": sum(not line.is_faulty for line in lines),
        "faulty": sum(line.is_faulty for line in lines),
        "faults": [
            (f.cell, f.value[:60], f.text(language), (f.line, f.code) in blocking) for f in faults[:SHOWN_FAULTS]
        ],
        "more_faults": max(0, len(faults) - SHOWN_FAULTS),
        "lines": [_shown(line) for line in lines[:SHOWN_LINES]],
    }


def _shown(line: Line) -> tuple[int, list[tuple[str, str]]]:
    """A line as it was understood, in words."""
    person, facts = line.person, line.facts
    pairs: list[tuple[str, object]] = [("id", line.own if not line.own.startswith("~") else "")]
    if person is not None:
        born = person.birth_date.strftime("%d/%m/%Y") if person.birth_date else person.birth_year
        pairs += [
            ("name", person.name if line.named else ""),
            ("birth", born),
            ("phone", ", ".join(person.phones)),
        ]
    pairs += [(name, facts.get(name)) for name in ("onset", "sampled", "reported", "first", "last")]
    pairs += [("outcome", dict(Case.Outcome.choices).get(facts.get("outcome") or ""))]
    pairs += [("source_case", ", ".join(line.sources)), ("event", line.spot)]
    words = field_words.FIELDS | {
        "first": field_words.FIELDS["exposure_first"],
        "last": field_words.FIELDS["exposure_last"],
    }
    return line.number, [
        (str(words[name]), value.strftime("%d/%m/%Y") if hasattr(value, "strftime") else str(value))
        for name, value in pairs
        if value not in (None, "")
    ]


def _state(file: ImportFile) -> dict[str, Any]:
    """How far it is, and what became of the lines."""
    words = dict(ImportRow.Verdict.choices)
    counts = [(words[name], count, name) for name, count in file.counts.items() if name in words]
    return {
        "counts": counts,
        "links": {name: file.counts.get(name, 0) for name in ("links", "links_missing", "links_circular")},
        "held": file.counts.get("held", 0),
        "faulty": file.counts.get("fault", 0),
        "failure": UserError(file.failure).text("en" if times.is_english() else "vi") if file.failure else "",
    }


@require_GET
@officer_required(Permission.CASE_WRITE)
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """The part of the page that moves."""
    file = one(officer_of(request), number)
    return render(request, "outbreak/import_progress.html", {"file": file, **_state(file)})


@require_GET
@officer_required(Permission.CASE_WRITE)
def marked(request: HttpRequest, number: int) -> HttpResponse:
    """The sender's file back with every fault at its cell."""
    officer = officer_of(request)
    file = one(officer, number)
    raw = reading.content(file)
    found = reading.sheets(raw)
    table = found[file.sheet]
    told = reading.context(file, table, file.scope_path)
    lines = list(reading.lines(file, table, told))
    _late_faults(file, lines)
    content = marking.marked(raw, found, reading.faults(file, table, lines), "en" if times.is_english() else "vi")
    audit.record(by=officer, action="outbreak:list:returned", subject=f"import:{number}", purpose="export list")
    return workbook(content, f"{number}-loi.xlsx")


def _late_faults(file: ImportFile, lines: list[Line]) -> None:
    """Faults that only the register knows: a source that is nowhere, an id twice."""
    from vungxanh.outbreak.intake import links

    sources = links.resolve(file.sender, {own for line in lines for own in line.sources})
    seen: Counter[str] = Counter()
    for line in lines:
        for own in line.sources:
            if own not in sources:
                line.fault("source_case", "outbreak.source-unknown", blocks=file.kind == "contacts", id=own[:40])
        key = "".join(line.own.split()).upper()
        seen[key] += 1
        if seen[key] > 1 and not line.own.startswith("~") and file.kind != "links":
            line.fault("id", "outbreak.id-twice", id=line.own[:40])


def workbook(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f"attachment; filename={name}"}
    )


@require_GET
@officer_required(Permission.EXPORT_LIST)
def given_back(request: HttpRequest, number: int) -> HttpResponse:
    """The lines in the sender's own layout with our number beside them, to be edited and sent again."""
    officer = officer_of(request)
    file = one(officer, number)
    table = reading.sheets(reading.content(file))[file.sheet]
    rows = dict(ImportRow.objects.filter(file=file).values_list("line", "case"))
    columns = [xlsx.Column(_("number here (VX-…)")), *(xlsx.Column(title or " ") for title in table.head)]
    body = [
        [f"VX-{rows[line]}" if rows.get(line) else None, *row]
        for line, row in zip(table.numbers, table.rows, strict=True)
    ]
    audit.record(by=officer, action="outbreak:list:exported", subject=f"import:{number}", purpose="export list")
    return workbook(xlsx.write([xlsx.Sheet(table.sheet or "1", columns, body)]), f"{number}.xlsx")


@officer_required(Permission.CASE_WRITE)
def held(request: HttpRequest, number: int) -> HttpResponse:
    """Lines that may mean somebody who is known: each beside its match."""
    officer = officer_of(request)
    file = one(officer, number)
    rows = list(ImportRow.objects.filter(file=file, verdict="held").order_by("line")[:SHOWN_HELD])
    if request.method == "POST":
        done = _decide(request, officer, file)
        said = ngettext("%(count)s line decided.", "%(count)s lines decided.", done) % {"count": done}
        messages.success(request, said)
        left = ImportRow.objects.filter(file=file, verdict="held").exists()
        return redirect("outbreak:import-held" if left else "outbreak:import", number=number)
    context = {"file": file, "rows": _beside(officer, file, rows), "total": file.counts.get("held", 0)}
    return render(request, "outbreak/import_held.html", context)


def _decide(request: HttpRequest, officer: Officer, file: ImportFile) -> int:
    """`row-<id>`: `new` or the person who is meant."""
    done = 0
    for name, value in request.POST.items():
        number = name.removeprefix("row-")
        if name.startswith("row-") and number.isdigit() and value:
            person = int(str(value)) if str(value).isdigit() else None
            done += actions.decide(
                by=officer, rows=[int(number)], file=file, same=person is not None, person=person
            )
    return done


def _beside(officer: Officer, file: ImportFile, rows: list[ImportRow]) -> list[dict[str, Any]]:
    table = reading.sheets(reading.content(file))[file.sheet]
    told = reading.context(file, table, file.scope_path)
    lines = {line.number: line for line in reading.lines(file, table, told, only={row.line for row in rows})}
    people = {match["person"] for row in rows for match in row.matches}
    plain = reveal(people, by=officer, purpose="compare with a list that came in") if people else {}
    hidden = masked(people - plain.keys())
    return [
        {
            "row": row,
            "line": _shown(lines[row.line])[1],
            "matches": [
                {
                    "person": match["person"],
                    "known": plain.get(match["person"]),
                    "masked": hidden.get(match["person"], ""),
                    "score": match["score"],
                    "likely": match["score"] >= LIKELY and position == 0,
                    "reasons": field_words.reasons(match["reasons"]),
                }
                for position, match in enumerate(row.matches)
            ],
        }
        for row in rows
    ]


@require_POST
@officer_required(Permission.CASE_WRITE)
def all_likely(request: HttpRequest, number: int) -> HttpResponse:
    """Every held line whose best match is very likely means that person."""
    officer = officer_of(request)
    file = one(officer, number)
    rows = ImportRow.objects.filter(file=file, verdict="held").values_list("pk", "matches")
    sure = [pk for pk, matches in rows if matches[0]["score"] >= LIKELY]
    done = actions.decide(by=officer, rows=sure, file=file, same=True) if sure else 0
    messages.success(
        request, ngettext("%(count)s line decided.", "%(count)s lines decided.", done) % {"count": done}
    )
    return redirect("outbreak:import", number=number)
