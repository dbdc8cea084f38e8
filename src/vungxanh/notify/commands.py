"""`vungxanh notify`: send what is waiting, and see how it stands."""

import json
from dataclasses import asdict

import click

from vungxanh.notify.interface import Channel


@click.group()
def notify() -> None:
    """Messages to people."""


@notify.command()
@click.option("--channel", type=click.Choice([str(c) for c in Channel]), multiple=True, help="All if left out.")
@click.option("--most", default=1000, show_default=True, type=click.IntRange(1))
def deliver(channel: tuple[str, ...], most: int) -> None:
    """Send what is due, within rate and quota. The worker does the same."""
    from vungxanh.core.house import house

    with house():
        from vungxanh.notify.delivery import deliver as send

        done = {name: asdict(send(Channel(name), most=most)) for name in channel or [str(c) for c in Channel]}
    click.echo(json.dumps(done))


@notify.command()
def status() -> None:
    """Which provider serves each channel, what waits, what is left of today's quota."""
    from vungxanh.core.house import house

    with house():
        from vungxanh.notify.delivery import left_today
        from vungxanh.notify.models import Delivery
        from vungxanh.notify.registry import adapter

        waiting = Delivery.objects.filter(state__in=("queued", "sending"))
        shown = {
            str(c): {
                "provider": adapter(c).name,
                "waiting": waiting.filter(batch__channel=c).count(),
                "left_today": left_today(c),
            }
            for c in Channel
        }
    click.echo(json.dumps(shown))
