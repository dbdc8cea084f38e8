"""`device`: a real node on this machine's radio, and what it knows."""

import asyncio
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from secrets import SystemRandom
from tempfile import TemporaryDirectory
from typing import Any

import click

from vungxanh.core.errors import OperatorError
from vungxanh.core.home import home
from vungxanh.core.minutes import day_start, local_date
from vungxanh.exposure.cli.io import INPUT, note, show
from vungxanh.exposure.codec.signature import load_public_key
from vungxanh.exposure.device.client import Client
from vungxanh.exposure.device.diagnosis import Health
from vungxanh.exposure.device.duty import duty
from vungxanh.exposure.device.gateway import ListenOnly, Post, forward
from vungxanh.exposure.device.node import Node
from vungxanh.exposure.device.radio import Radio, RadioError
from vungxanh.exposure.device.serve import Site, server
from vungxanh.exposure.device.server import HttpServer, ServerError
from vungxanh.exposure.device.store import DAY, DeviceStore
from vungxanh.exposure.risk.explain import as_json
from vungxanh.exposure.risk.profile import DEFAULT, profile
from vungxanh.exposure.wearables import card_of, new_seed

FOLDER = click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=None)
SERVER = click.option("--server", "base", default=None, help="Base address, e.g. https://example.vn/exposure/")
KEYS = click.option("--public-key", "pems", type=INPUT, multiple=True, help="PEM pinned for the server's files.")
PROFILE = click.option("--profile", "name", default=DEFAULT, show_default=True)


@click.group()
def device() -> None:
    """A Bluetooth node: sends, listens, fetches, warns."""


def store_of(folder: Path | None) -> DeviceStore:
    return DeviceStore(folder or home() / "device", duty().keep_days)


def client_of(store: DeviceStore, base: str, pems: Sequence[Path]) -> Client:
    return Client(store, HttpServer(base), [load_public_key(pem.read_bytes()) for pem in pems])


async def open_radio(transport: str) -> Radio:
    """`bleak`, `bluez`, or any transport of bumble. Raises OperatorError `exposure.radio`."""
    try:
        if transport == "bleak":
            from vungxanh.exposure.device.bleak_radio import BleakRadio

            return BleakRadio()
        if transport.partition(":")[0] == "bluez":
            from vungxanh.exposure.device.bluez_radio import BluezRadio

            return await BluezRadio.open(transport)
        from vungxanh.exposure.device.bumble_radio import BumbleRadio

        return await BumbleRadio.open(transport)
    except (RadioError, ImportError) as exc:
        raise OperatorError("exposure.radio", reason=str(exc)[:200]) from exc


@device.command()
@click.option(
    "--transport",
    default="usb:0",
    show_default=True,
    help="Of bumble; bluez[:hci1]; bleak only listens.",
)
@click.option("--seconds", type=float, default=None, help="Stop after so long; default never.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8452, show_default=True, help="Of the device's page."
)
@FOLDER
@SERVER
@KEYS
@PROFILE
def run(
    transport: str,
    seconds: float | None,
    port: int,
    folder: Path | None,
    base: str | None,
    pems: tuple[Path, ...],
    name: str,
) -> None:
    """Run the node; with --server it fetches and serves its page on 127.0.0.1."""
    store = store_of(folder)
    heard = asyncio.run(_run(transport, seconds, store, base, pems, name, port))
    show({"seconds": seconds, "sightings": heard})


async def _run(
    transport: str,
    seconds: float | None,
    store: DeviceStore,
    base: str | None,
    pems: Sequence[Path],
    name: str,
    port: int,
) -> int:
    radio = await open_radio(transport)
    node = Node(radio, store, duty())
    site = None
    tasks = [asyncio.ensure_future(node.run())]
    if base is not None:
        client = client_of(store, base, pems)
        site = server(Site(client, node.health, name), port)
        threading.Thread(target=site.serve_forever, daemon=True).start()
        note(f"http://127.0.0.1:{site.server_address[1]}/")
        tasks.append(asyncio.ensure_future(_fetch(client)))
    try:
        await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await radio.close()
        if site is not None:
            site.shutdown()
    return len(store.sightings())


async def _fetch(client: Client) -> None:
    while True:
        try:
            await asyncio.to_thread(client.configure, time.time())
            await asyncio.to_thread(client.fetch, time.time())
            if decoy_due():
                await asyncio.to_thread(client.decoy, time.time())
        except ServerError as exc:
            note(f"fetch: {exc}")
        await asyncio.sleep(duty().fetch_every_seconds)


def decoy_due() -> bool:
    """A fake upload after some of the fetches, at random: so many a day as the duty cycle says, on average."""
    fetches_a_day = DAY / duty().fetch_every_seconds
    return SystemRandom().random() < duty().decoy_a_day / fetches_a_day


@device.command()
@click.option("--transport", default="usb:0", show_default=True, help="bumble transport, bluez[:hci1], or bleak.")
@click.option("--seconds", type=float, default=None, help="Stop after so long; default never.")
@click.option("--server", "base", required=True, help="Base address of the exposure server.")
@click.option("--token-file", type=INPUT, required=True, help="File with the token of this gateway.")
@FOLDER
def gateway(transport: str, seconds: float | None, base: str, token_file: Path, folder: Path | None) -> None:
    """Listen at a place and hand what was heard to the server; nothing is sent on the air."""
    store, server = store_of(folder or home() / "gateway"), HttpServer(base)
    token = token_file.read_text().strip()

    def post(document: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return server.send_records("v1/gateway", document, token)

    async def listen() -> None:
        radio = await open_radio(transport)
        node = Node(ListenOnly(radio), store, duty())
        tasks = [asyncio.ensure_future(node.run()), asyncio.ensure_future(_forward(store, post))]
        try:
            await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await radio.close()

    asyncio.run(listen())
    show({"seconds": seconds, "sightings": len(store.sightings()), "sent": forward(store, post)})


async def _forward(store: DeviceStore, post: Post) -> None:
    while True:
        await asyncio.sleep(60)
        try:
            await asyncio.to_thread(forward, store, post)
        except ServerError as exc:
            note(f"forward: {exc}")


@device.command()
def wearable() -> None:
    """A new beacon: its seed to be written into it, and the text of the card that goes with it."""
    seed = new_seed()
    show({"seed": seed.hex(), "card": card_of(seed)})


@device.command()
@FOLDER
@PROFILE
def status(folder: Path | None, name: str) -> None:
    """What the device knows: hours protected today, checks, exposure by the profile."""
    store, now = store_of(folder), time.time()
    health = Health(store, duty().scan_every_seconds)
    client = Client(store, HttpServer("http://127.0.0.1/"), [])
    midnight = day_start(local_date(int(now) // 60)) * 60
    checks = health.checks(now, last_fetch=client.last_fetch())
    show(
        {
            "hours_protected_today": health.hours_protected(midnight, now),
            "failing": [check.name for check in checks if not check.ok],
            "sightings": len(store.sightings()),
            "exposure": as_json(client.exposure(name), profile(name)),
        }
    )


@device.command()
@FOLDER
@click.option("--server", "base", required=True, help="Base address of the exposure server.")
@KEYS
def fetch(folder: Path | None, base: str, pems: tuple[Path, ...]) -> None:
    """Fetch new files now."""
    show({"files": client_of(store_of(folder), base, pems).fetch(time.time())})


@device.command()
@FOLDER
@click.confirmation_option(prompt="Xóa mọi dữ liệu trên thiết bị? / Delete everything on this device?")
def forget(folder: Path | None) -> None:
    """Delete everything that the device remembers, its key included."""
    store_of(folder).forget_all()
    show({"forgotten": True})


@device.command()
def drive() -> None:
    """Our client under the conformance suite: JSON lines in and out."""
    from vungxanh.exposure.device.drive import drive as answer

    with TemporaryDirectory() as folder:
        answer(Path(folder), sys.stdin, sys.stdout)
