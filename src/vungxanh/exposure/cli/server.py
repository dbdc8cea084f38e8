"""`explain`, `export`, `purge`, `rotate`: the server's work, for operators and timers."""

import time
from dataclasses import asdict
from datetime import UTC, datetime

import click

from vungxanh.core.house import house
from vungxanh.exposure.cli.io import show
from vungxanh.exposure.codec.key_json import key_bytes


@click.command()
@click.argument("key")
def explain(key: str) -> None:
    """Why is this key (hex or base64) not in a file, or in which one is it?"""
    data = key_bytes(key)
    with house():
        from vungxanh.exposure import queries
        from vungxanh.exposure.limits import limits

        show(asdict(queries.explain(data, now=int(time.time()), limits=limits().export)))


@click.command()
@click.option(
    "--at", type=int, default=None, help="Bring everything up to this moment (Unix seconds); default now."
)
def export(at: int | None) -> None:
    """Close, pad, sign and write what is due; then the index."""
    with house():
        from vungxanh.exposure.export_job.worker import run
        from vungxanh.exposure.limits import limits

        show(asdict(run(now=int(time.time()) if at is None else at, limits=limits().export)))


@click.command()
def purge() -> None:
    """Remove what has been kept its whole time."""
    with house():
        from vungxanh.exposure import retention
        from vungxanh.exposure.limits import limits

        show(retention.purge(now=datetime.now(UTC), limits=limits()))


@click.command()
@click.argument("purpose", type=click.Choice(["export", "certificate"]))
def rotate(purpose: str) -> None:
    """Make a new signing key; the old one goes on signing for two weeks."""
    with house():
        from vungxanh.exposure import signing

        made = signing.rotate(purpose=purpose, now=datetime.now(UTC), by=None)
        show({"purpose": purpose, "version": made.version, "public_key": made.public_pem})
