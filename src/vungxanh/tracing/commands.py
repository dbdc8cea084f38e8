"""`vungxanh trace`: contacts or their summary as JSON on stdout, words on stderr."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import format_minute, parse_date
from vungxanh.lake.store import LakeStore, open_lake
from vungxanh.rules.contact import contact_rule
from vungxanh.tracing import ENGINES, trace
from vungxanh.tracing.cases import minute_of, read_cases
from vungxanh.tracing.model import IndexPerson, TraceRequest, TraceResult
from vungxanh.tracing.output import backward_json, json_text, summary, write


def as_date(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    return parse_date(value) if value else None


def as_minute(_: click.Context, __: click.Parameter, value: str | None) -> int | None:
    return None if value is None else minute_of(value)


EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("trace")
@click.option("--lake", "directory", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--case", "person", type=int, help="The confirmed case: a person of the lake.")
@click.option("--cases", "file", type=EXISTING, help="CSV person,onset,sampled[,from,to,isolated,negative].")
@click.option("--onset", callback=as_date, help="Day of the first symptoms (a Vietnamese calendar day).")
@click.option("--sampled", callback=as_date, help="Day of the positive sample, where there were no symptoms.")
@click.option("--from", "start", callback=as_minute, help="Infectious from, instead of what the rule says.")
@click.option("--to", "end", callback=as_minute, help="Infectious until, unless isolated earlier.")
@click.option("--rule", help="Id of a contact rule; else the one in force on the onset or sample date.")
@click.option("--disease", default="covid19", show_default=True)
@click.option("--generations", default=1, show_default=True, type=click.IntRange(1, 50))
@click.option("--engine", default="index", show_default=True, type=click.Choice(list(ENGINES)))
@click.option("--merge", is_flag=True, help="One row a contact: the least generation, then the earliest.")
@click.option("--backward", is_flag=True, help="Likely source people and places instead of contacts.")
@click.option("--explain", "contact", type=int, help="Why this contact is on the list, item by item.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A .csv, .json or .parquet file.")
def trace_(directory: Path, contact: int | None, out: Path | None, **options: Any) -> None:
    """Who was exposed to a case, by generation, with the evidence."""
    cases = chosen_cases(options)
    asked = {name: options[name] for name in ("rule", "generations", "engine", "merge", "disease")}
    lake = open_lake(directory)
    if options["backward"]:
        from vungxanh.tracing.backward import backward

        click.echo(json.dumps(backward_json(backward(TraceRequest(cases, **asked), lake)), ensure_ascii=False))
        return
    result = trace(TraceRequest(cases, **asked), lake)
    if len(result.unknown) == len(result.windows):
        raise UserError("tracing.unknown-person", person=", ".join(map(str, result.unknown[:10])))
    if contact is None:
        answer(result, out)
    else:
        explanation(result, lake, contact)


def chosen_cases(options: dict[str, Any]) -> tuple[IndexPerson, ...]:
    """One case by options, or a file of them. Raises click.UsageError for neither or both."""
    if (options["person"] is None) == (options["file"] is None):
        raise click.UsageError("Give --case or --cases. / Cần --case hoặc --cases.")
    if options["file"] is not None:
        return tuple(read_cases(options["file"]))
    if (options["onset"] is None) == (options["sampled"] is None):
        raise click.UsageError("Give --onset or --sampled, one of the two. / Cần --onset hoặc --sampled.")
    return (IndexPerson(*(options[name] for name in ("person", "onset", "sampled", "start", "end"))),)


def answer(result: TraceResult, out: Path | None) -> None:
    """Contacts on stdout, or the summary where they go to a file."""
    if out is None:
        for piece in json_text(result.rows):
            click.echo(piece, nl=False)
        click.echo(in_words(result), err=True)
    else:
        write(result.rows, out)
        click.echo(json.dumps({**summary(result), "out": str(out)}, ensure_ascii=False))


def explanation(result: TraceResult, lake: LakeStore, contact: int) -> None:
    """Raises UserError `tracing.not-listed` where the contact is on no list."""
    from vungxanh.tracing.explain import as_json, explain

    rows = [row for row in result.rows if row.contact == contact]
    if not rows:
        raise UserError("tracing.not-listed", contact=contact)
    people = {person for row in rows for item in row.evidence for person in (row.contact, item.infector)}
    evidence = lake.evidence_of(people)
    rules = {row.rule: contact_rule(row.rule) for row in rows}
    found = [as_json(row, rules[row.rule], explain(row, rules[row.rule], evidence)) for row in rows]
    click.echo(json.dumps(found, ensure_ascii=False, indent=1))


def in_words(result: TraceResult) -> str:
    """One line for the person at the screen."""
    window = result.windows[0]
    cut = sum(t.left_out for t in result.truncated)
    return (
        f"{len(result.rows)} người tiếp xúc / contacts · {result.rule} · "
        f"{format_minute(window.start)} – {format_minute(window.end)} · {cut} bị lược bớt / left out"
    )
