"""`vungxanh trace`: contacts or their summary as JSON on stdout, words on stderr."""

import json
from datetime import date
from pathlib import Path

import click

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import floor_minute, format_minute, parse_date, parse_instant
from vungxanh.lake.store import open_lake
from vungxanh.tracing import ENGINES, trace
from vungxanh.tracing.model import IndexPerson, TraceRequest, TraceResult
from vungxanh.tracing.output import json_text, summary, write


def as_date(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    return parse_date(value) if value else None


def as_minute(_: click.Context, __: click.Parameter, value: str | None) -> int | None:
    """ISO 8601, local time where it has no offset, or minutes since the epoch."""
    if value is None:
        return None
    return int(value) if value.isdecimal() else floor_minute(parse_instant(value))


@click.command("trace")
@click.option("--lake", "directory", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--case", "person", required=True, type=int, help="The confirmed case: a person of the lake.")
@click.option("--onset", callback=as_date, help="Day of the first symptoms (a Vietnamese calendar day).")
@click.option("--sampled", callback=as_date, help="Day of the positive sample, where there were no symptoms.")
@click.option("--from", "start", callback=as_minute, help="Infectious from, instead of what the rule says.")
@click.option("--to", "end", callback=as_minute, help="Infectious until, unless isolated earlier.")
@click.option("--rule", help="Id of a contact rule; else the one in force on the onset or sample date.")
@click.option("--generations", default=1, show_default=True, type=click.IntRange(1, 50))
@click.option("--engine", default="index", show_default=True, type=click.Choice(list(ENGINES)))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A .csv, .json or .parquet file.")
def trace_(
    directory: Path,
    person: int,
    onset: date | None,
    sampled: date | None,
    start: int | None,
    end: int | None,
    rule: str | None,
    generations: int,
    engine: str,
    out: Path | None,
) -> None:
    """Who was exposed to a case, by generation, with the evidence."""
    if (onset is None) == (sampled is None):
        raise click.UsageError("Give --onset or --sampled, one of the two. / Cần --onset hoặc --sampled.")
    case = IndexPerson(person, onset, sampled, start, end)
    lake = open_lake(directory)
    answer(trace(TraceRequest((case,), rule, generations, engine), lake), out)


def answer(result: TraceResult, out: Path | None) -> None:
    """Raises UserError `tracing.unknown-person` where the lake knows none of the cases."""
    if len(result.unknown) == len(result.windows):
        raise UserError("tracing.unknown-person", person=", ".join(map(str, result.unknown[:10])))
    if out is None:
        for piece in json_text(result.rows):
            click.echo(piece, nl=False)
        click.echo(in_words(result), err=True)
    else:
        write(result.rows, out)
        click.echo(json.dumps({**summary(result), "out": str(out)}, ensure_ascii=False))


def in_words(result: TraceResult) -> str:
    """One line for the person at the screen."""
    window = result.windows[0]
    cut = sum(t.left_out for t in result.truncated)
    return (
        f"{len(result.rows)} người tiếp xúc / contacts · {result.rule} · "
        f"{format_minute(window.start)} – {format_minute(window.end)} · {cut} bị lược bớt / left out"
    )
