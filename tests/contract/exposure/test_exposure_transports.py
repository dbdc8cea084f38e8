"""The hardware path without hardware: the same node over bumble's TCP and pseudo-terminal transports."""

import asyncio
import os
import socket
import tty
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from bumble import hci
from bumble.transport import open_transport

from vungxanh.exposure.codec.adverts import GaenFrame, gaen_advert, parse_advert
from vungxanh.exposure.device.air import Air, AirController, AirLink, radio_at
from vungxanh.exposure.device.bumble_radio import BumbleRadio
from vungxanh.exposure.device.duty import duty
from vungxanh.exposure.device.node import Node
from vungxanh.exposure.device.radio import RadioError
from vungxanh.exposure.device.store import DeviceStore

RPI = bytes(range(16))


async def over(link: AirLink, controller_side: str, host_side: Callable[[str], str]) -> tuple[BumbleRadio, object]:
    """A radio whose controller stands at the other end of a real byte stream, one metre from the origin."""
    opened = await open_transport(controller_side)
    controller = AirController("far", opened.source, opened.sink, link=link, public_address="00:00:00:00:00:77")
    link.air.places[controller] = (1.0, 0.0)
    return await BumbleRadio.open(host_side(controller_side)), opened


async def both_ways(radio: BumbleRadio, link: AirLink, folder: Path) -> tuple[int, list[GaenFrame]]:
    """What a node on this radio wrote down of a neighbour, and what the neighbour heard of the node."""
    near = await radio_at(link, "near", (0.0, 0.0))
    await near.advertise(gaen_advert(RPI, bytes(4)), os.urandom(6), 100)
    node = Node(radio, DeviceStore(folder), duty())
    node.duty = type(node.duty)(**{**{f: getattr(duty(), f) for f in duty().__slots__}, "scan_seconds": 1})
    await node.rotate()
    found: list[GaenFrame] = []

    def heard(payload: bytes, _: int) -> None:
        frame = parse_advert(payload)
        if isinstance(frame, GaenFrame):
            found.append(frame)

    _, count = await asyncio.gather(near.scan(1.0, heard), node.scan())
    return count, found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def pty_pair() -> tuple[str, str, Callable[[], Awaitable[None]]]:
    """Two pseudo-terminals joined like a cable: names of both, and the task that carries bytes."""
    one, one_end = os.openpty()
    two, two_end = os.openpty()
    for end in (one, one_end, two, two_end):
        tty.setraw(end)

    async def carry() -> None:
        loop = asyncio.get_running_loop()
        loop.add_reader(one, lambda: os.write(two, os.read(one, 4_096)))
        loop.add_reader(two, lambda: os.write(one, os.read(two, 4_096)))

    return os.ttyname(one_end), os.ttyname(two_end), carry


def check(count: int, found: list[GaenFrame], folder: Path) -> None:
    assert count == 1
    rows = DeviceStore(folder).sightings()
    assert [row["rpi"].tobytes() for row in rows] == [RPI]
    assert -75 <= int(rows[0]["rssi"]) <= -45  # one metre away, -60 and some noise
    assert found
    assert len({frame.rpi for frame in found}) == 1


def test_over_tcp(tmp_path: Path) -> None:
    async def story() -> tuple[int, list[GaenFrame]]:
        link, port = AirLink(Air()), free_port()
        radio, opened = await over(link, f"tcp-server:127.0.0.1:{port}", lambda _: f"tcp-client:127.0.0.1:{port}")
        try:
            return await both_ways(radio, link, tmp_path)
        finally:
            await radio.close()
            await opened.close()  # type: ignore[attr-defined]

    count, found = asyncio.run(story())
    check(count, found, tmp_path)


def test_over_a_serial_line(tmp_path: Path) -> None:
    async def story() -> tuple[int, list[GaenFrame]]:
        one, two, carry = pty_pair()
        await carry()
        link = AirLink(Air())
        radio, opened = await over(link, f"serial:{one}", lambda _: f"serial:{two}")
        try:
            return await both_ways(radio, link, tmp_path)
        finally:
            await radio.close()
            await opened.close()  # type: ignore[attr-defined]

    count, found = asyncio.run(story())
    check(count, found, tmp_path)


def test_a_radio_that_is_not_there_says_so() -> None:
    with pytest.raises(RadioError):
        asyncio.run(BumbleRadio.open(f"tcp-client:127.0.0.1:{free_port()}"))


def test_addresses_are_random_and_private() -> None:
    from vungxanh.exposure.device.node import random_address

    made = {random_address() for _ in range(100)}
    assert len(made) == 100
    assert all(address[5] >> 6 == 0 for address in made)
    assert hci.Address(made.pop(), hci.Address.RANDOM_DEVICE_ADDRESS).is_random
