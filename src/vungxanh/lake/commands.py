"""`vungxanh lake …`: JSON on stdout, progress on stderr."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from vungxanh.core.minutes import parse_date
from vungxanh.lake import imports
from vungxanh.lake.readers import FORMATS


def say(text: str) -> None:
    click.echo(text, err=True)


@click.group()
def lake() -> None:
    """Pseudonymous evidence: import, look after."""


def as_date(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    return parse_date(value) if value else None


@lake.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--lake", "directory", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(imports.KINDS), help="Told from the heads of the file where left out.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="Told from the name of the file where left out."
)
@click.option(
    "--day0", callback=as_date, help="Day on which bare numbers (minutes; seconds of sociopatterns) begin."
)
@click.option("--source", default="file", show_default=True, help="Whose ids the column `id` holds.")
@click.option("--strict", is_flag=True, help="Write nothing if any row is refused.")
def import_(
    file: Path,
    directory: Path,
    kind: str | None,
    form: str | None,
    day0: date | None,
    source: str,
    *,
    strict: bool,
) -> None:
    """Take the rows of FILE into a lake; the same file twice is as once."""
    wanted = imports.Import(file, directory, kind, form, day0, source, strict)
    summary = imports.run(wanted, say)
    click.echo(json.dumps({**asdict(summary), "refusals": summary.refusals}, ensure_ascii=False))
