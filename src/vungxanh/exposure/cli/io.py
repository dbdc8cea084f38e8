"""What the subcommands share: files in, JSON out."""

import json
from pathlib import Path
from typing import Any

import click

from vungxanh.core.errors import UserError

INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)
OUTPUT = click.Path(dir_okay=False, path_type=Path)


def show(answer: object) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False))


def note(text: str) -> None:
    """A message for the person at the keyboard."""
    click.echo(text, err=True)


def load_json(file: Path) -> Any:
    """Raises UserError `exposure.bad-json`."""
    try:
        return json.loads(file.read_bytes())
    except (ValueError, RecursionError) as exc:
        raise UserError("exposure.bad-json", name=file.name) from exc
