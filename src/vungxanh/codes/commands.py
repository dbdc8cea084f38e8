"""`vungxanh decode`: what is this text? No database, no network."""

import json
import sys
from datetime import UTC, datetime

import click

from vungxanh.codes import decode as decoder


@click.command()
@click.argument("text")
def decode(text: str) -> None:
    """Say what TEXT is ("-" reads standard input): card, certificate, zone, poster, payment code …"""
    found = decoder.decode(given(text), datetime.now(UTC).date())
    click.echo(json.dumps(found.as_json(), ensure_ascii=False))


def given(text: str) -> str:
    """TEXT itself, or standard input for "-"; bytes that are no UTF-8 are replaced, so that nothing crashes."""
    return sys.stdin.buffer.read(1_000_000).decode("utf-8", "replace") if text == "-" else text
