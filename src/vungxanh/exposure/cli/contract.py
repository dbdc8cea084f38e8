"""`conform` and `vectors`: a client measured by the contract."""

import sys
from dataclasses import asdict
from importlib import resources

import click

from vungxanh.core.errors import EXIT_USER
from vungxanh.exposure.cli.io import note, show


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--check", "only", multiple=True, help="Only this check; may be given again.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def conform(only: tuple[str, ...], command: tuple[str, ...]) -> None:
    """Run the client contract's checks against COMMAND; without one, against our own client."""
    from vungxanh.exposure.contract.suite import conform as run

    ours = (sys.executable, "-m", "vungxanh", "exposure", "device", "drive")
    outcomes = run(command or ours, only)
    for one in outcomes:
        note(f"{'holds ' if one.holds else 'BROKEN'} {one.check}{': ' + one.why if one.why else ''}")
    broken = [one for one in outcomes if not one.holds]
    show({"checks": len(outcomes), "broken": len(broken), "outcomes": [asdict(one) for one in outcomes]})
    if broken or not outcomes:
        raise SystemExit(EXIT_USER)


@click.command()
def vectors() -> None:
    """Test vectors of the contract, as JSON."""
    click.echo((resources.files("vungxanh.exposure.contract") / "vectors.json").read_text("utf-8").rstrip())
