"""`vungxanh gate`: a reader device without a browser. No database, no Django."""

import json
import sys
from pathlib import Path

import click


@click.group()
def gate() -> None:
    """Gates without a browser."""


@gate.command(name="read")
@click.option("--url", required=True, help="Address of the server.")
@click.option("--token-file", required=True, type=click.Path(path_type=Path, exists=True), help="Holds the token.")
@click.option(
    "--store",
    default=Path("gate"),
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder for what waits.",
)
def read_lines(url: str, token_file: Path, store: Path) -> None:
    """Read codes from standard input, one a line; keep them sealed, send them, print each verdict."""
    from vungxanh.venues.reader import Reader

    device = Reader(url, token_file.read_text("utf-8").strip(), store)
    for answer in device.read(sys.stdin):
        click.echo(json.dumps(answer, ensure_ascii=False))
    click.echo(json.dumps({"waiting": len(device.waiting())}), err=True)
