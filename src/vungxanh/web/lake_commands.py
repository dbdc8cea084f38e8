"""`vungxanh export`: what the rooms have closed goes into the installation's lake."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from vungxanh.core.home import lake_dir
from vungxanh.web.django_setup import house


@click.command()
@click.option(
    "--lake", "directory", type=click.Path(file_okay=False, path_type=Path), help="Default: the own lake."
)
def export(directory: Path | None) -> None:
    """Export closed evidence of all rooms; run it again and again."""
    with house():
        from vungxanh.lake.export import export as run

        done = run(directory or lake_dir(), lambda text: click.echo(text, err=True))
    click.echo(json.dumps([asdict(source) for source in done], ensure_ascii=False))
