"""`vungxanh trace`: contacts or their summary as JSON on stdout, words on stderr."""

import json
from collections.abc import Iterable
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
from vungxanh.tracing.model import ContactRow, IndexPerson, TraceRequest, TraceResult
from vungxanh.tracing.output import Scored, backward_json, json_text, known_ending, summary, write
from vungxanh.tracing.progress import told


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
@click.option("--score", is_flag=True, help="A column with the exposure score: whom to call first.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A .csv, .json or .parquet file.")
@click.option(
    "--seal",
    "sealed",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Seal the answer into this file and hold the lake's state, so that `vungxanh replay` can ask again.",
)
@click.option(
    "--hold-until",
    callback=as_date,
    help="Day to which the state is held; else as long as rules/data/seal.toml says.",
)
def trace_(directory: Path, contact: int | None, out: Path | None, **options: Any) -> None:
    """Who was exposed to a case, by generation, with the evidence."""
    cases = chosen_cases(options)
    asked = {name: options[name] for name in ("rule", "generations", "engine", "merge", "disease")}
    request = TraceRequest(cases, **asked)
    if out is not None:
        known_ending(out)
    with told(lambda text: click.echo(text, err=True)):
        lake = open_lake(directory)
        if options["backward"]:
            from vungxanh.tracing.backward import backward

            click.echo(json.dumps(backward_json(backward(request, lake)), ensure_ascii=False))
            return
        result = trace(request, lake)
        if len(result.unknown) == len(result.windows):
            raise UserError("tracing.unknown-person", person=", ".join(map(str, result.unknown[:10])))
        if options["sealed"] is not None:
            keep(request, result, lake, options["sealed"], options["hold_until"])
        if contact is None:
            answer(result, out, scored(result, cases, lake) if options["score"] else result.rows)
        else:
            explanation(result, cases, lake, contact)


@click.command("replay")
@click.argument("sealed", metavar="SEAL", type=EXISTING)
@click.option("--lake", "directory", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--person", type=int, help="Only this person's own part, with its reasons, and nobody else in it.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The rows: .csv, .json or .parquet.")
def replay_(sealed: Path, directory: Path, person: int | None, out: Path | None) -> None:
    """Ask a sealed trace again, in the lake as it was then, and say whether the rows are the same."""
    from vungxanh.tracing.seal import Seal, own_part_explained, replay

    seal = Seal.of_json(sealed.read_text("utf-8"))
    lake = open_lake(directory, state=seal.lake)
    found = replay(seal, lake)
    told_of: dict[str, object] = {
        "same": found.same,
        "differs": list(found.differs),
        "rows": len(found.result.rows),
    }
    if person is not None:
        told_of = {**told_of, "own": own_part_explained(found.result.rows, person, lake)}
        del told_of["rows"]
    if out is not None:
        write(found.result.rows, out)
    click.echo(json.dumps(told_of, ensure_ascii=False))


def keep(request: TraceRequest, result: TraceResult, lake: LakeStore, file: Path, until: date | None) -> None:
    """The seal, and the state it names."""
    from vungxanh.lake.files import durable
    from vungxanh.tracing.seal import held_until, seal

    made = seal(request, result)
    lake.hold(until or held_until(date.today()))  # noqa: DTZ011 - a local day
    with durable(file) as draft:
        draft.write_text(made.as_json(), "utf-8")


def scored(result: TraceResult, cases: tuple[IndexPerson, ...], lake: LakeStore) -> Scored:
    from vungxanh.tracing.score import scores

    found = scores(result.rows, days_of(cases), lake)
    return Scored(result.rows, [None if one is None else one.points for one in found])


def days_of(cases: tuple[IndexPerson, ...]) -> dict[int, date | None]:
    return {case.person: case.onset or case.sampled for case in cases}


def chosen_cases(options: dict[str, Any]) -> tuple[IndexPerson, ...]:
    """One case by options, or a file of them. Raises click.UsageError for neither or both."""
    if (options["person"] is None) == (options["file"] is None):
        raise click.UsageError("Give --case or --cases. / Cần --case hoặc --cases.")
    if options["file"] is not None:
        return tuple(read_cases(options["file"]))
    if (options["onset"] is None) == (options["sampled"] is None):
        raise click.UsageError("Give --onset or --sampled, one of the two. / Cần --onset hoặc --sampled.")
    return (IndexPerson(*(options[name] for name in ("person", "onset", "sampled", "start", "end"))),)


def answer(result: TraceResult, out: Path | None, rows: Iterable[ContactRow]) -> None:
    """Contacts on stdout, or the summary where they go to a file."""
    if out is None:
        for piece in json_text(rows):
            click.echo(piece, nl=False)
        click.echo(in_words(result), err=True)
    else:
        write(rows, out)
        click.echo(json.dumps({**summary(result), "out": str(out)}, ensure_ascii=False))


def explanation(result: TraceResult, cases: tuple[IndexPerson, ...], lake: LakeStore, contact: int) -> None:
    """Raises UserError `tracing.not-listed` where the contact is on no list."""
    from vungxanh.tracing.explain import as_json, explain
    from vungxanh.tracing.score import score

    rows = [row for row in result.rows if row.contact == contact]
    if not rows:
        raise UserError("tracing.not-listed", contact=contact)
    people = {person for row in rows for item in row.evidence for person in (row.contact, item.infector)}
    evidence, days = lake.evidence_of(people), days_of(cases)
    found = []
    for row in rows:
        rule, day = contact_rule(row.rule), days.get(row.index)
        reasons = explain(row, rule, evidence)
        found.append(as_json(row, rule, reasons, None if day is None else score(reasons, day, rule.zone)))
    click.echo(json.dumps(found, ensure_ascii=False, indent=1))


def in_words(result: TraceResult) -> str:
    """One line for the person at the screen."""
    window = result.windows[0]
    cut = sum(t.left_out for t in result.truncated)
    return (
        f"{len(result.rows)} người tiếp xúc / contacts · {result.rule} · "
        f"{format_minute(window.start)} – {format_minute(window.end)} · {cut} bị lược bớt / left out"
    )
