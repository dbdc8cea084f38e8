"""`explain`, `export`, `purge`, `rotate`: the server's work, for operators and timers."""

import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from vungxanh.core.house import house
from vungxanh.exposure.cli.io import INPUT, show
from vungxanh.exposure.codec.key_json import key_bytes
from vungxanh.exposure.codec.signature import load_public_key


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


@click.command(name="import")
@click.argument("file", type=INPUT)
@click.option("--origin", required=True, help="Country that the file comes from, two letters.")
@click.option("--public-key", "pem", required=True, type=INPUT, help="PEM of that country's signer.")
def import_(file: Path, origin: str, pem: Path) -> None:
    """Take in a signed export file of another country; each key is judged alone."""
    signer = load_public_key(pem.read_bytes())
    with house():
        from vungxanh.exposure.imports import import_file
        from vungxanh.exposure.limits import limits

        now = datetime.now(UTC)
        found = import_file(raw=file.read_bytes(), origin=origin, signer=signer, now=now, limits=limits(), by=None)
        show(asdict(found))


@click.command()
def federate() -> None:
    """Exchange keys with every partner now; per partner, what was sent, taken and refused."""
    with house():
        from vungxanh.exposure import timers

        show({name: asdict(done) for name, done in timers.federate().items()})


@click.command(name="partner-files")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--days", default=14, show_default=True, type=click.IntRange(1, 14))
def partner_files(folder: Path, days: int) -> None:
    """Signed files of our own keys alone, a file a window, for a country that takes files."""
    folder.mkdir(parents=True, exist_ok=True)
    with house():
        from vungxanh.exposure.exports import partner_files as write
        from vungxanh.exposure.limits import limits

        show({"files": write(folder, since=int(time.time()) - days * 86_400, limits=limits().export)})
