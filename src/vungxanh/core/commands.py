"""`vungxanh audit`: is the trail whole, and seal it."""

import json
import sys

import click

from vungxanh.core.errors import EXIT_USER


@click.group()
def audit() -> None:
    """The audit trail: verify it, seal its head outside the database."""


@audit.command()
def verify() -> None:
    """Find removed, changed, cut and rewritten rows. Exit 1 where anything is wrong."""
    from vungxanh.core.house import house

    with house():
        from vungxanh.core.audit_seal import faults
        from vungxanh.core.models import AuditEvent

        found = faults()
        rows = AuditEvent.objects.count()
    shown = [{"row": f.seq, "kind": f.kind, "text": f.text} for f in found]
    click.echo(json.dumps({"rows": rows, "whole": not found, "faults": shown}, ensure_ascii=False))
    if found:
        sys.exit(EXIT_USER)


@audit.command(name="seal")
def seal_command() -> None:
    """Sign the head of the chain into the seal file."""
    from vungxanh.core.house import house

    with house():
        from vungxanh.core.audit_seal import public_key_text, seal

        made = seal() | {"public_key": public_key_text()}
    click.echo(json.dumps(made))


@click.command()
@click.option("--once", is_flag=True, help="Run what is due now and end.")
@click.option("--pause", default=5.0, show_default=True, type=click.FloatRange(0.1), help="Seconds between looks.")
def worker(once: bool, pause: float) -> None:  # noqa: FBT001
    """Do what is due by the clock: seals, escalations, messages. Ctrl-C stops it between two jobs."""
    import time

    from vungxanh.core.house import house

    with house():
        from vungxanh.core.jobs import run_due

        if once:
            click.echo(json.dumps(run_due()))
            return
        while True:
            run_due()
            time.sleep(pause)
