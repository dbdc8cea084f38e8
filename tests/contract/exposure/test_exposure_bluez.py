"""The system's own Bluetooth, over a real message bus: what bleak hears, what BlueZ is told to send."""

import asyncio
import shutil
from pathlib import Path

import pytest
from bleak.exc import BleakError

from tests.contract.exposure.fake_bluez import SERVICE, FakeBluez, bluez
from vungxanh.exposure.codec.adverts import GaenFrame, bluezone_advert, gaen_advert, parse_advert
from vungxanh.exposure.device import bleak_radio
from vungxanh.exposure.device.bleak_radio import BleakRadio
from vungxanh.exposure.device.bluez_radio import BluezRadio
from vungxanh.exposure.device.duty import duty
from vungxanh.exposure.device.node import Node
from vungxanh.exposure.device.radio import Radio, RadioError
from vungxanh.exposure.device.store import DeviceStore

RPI, AEM = bytes(range(16)), bytes(range(16, 20))
over_dbus = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None, reason="BlueZ over D-Bus (dbus-daemon could not be installed)"
)


async def heard_by(radio: Radio) -> list[tuple[bytes, int]]:
    found: list[tuple[bytes, int]] = []
    await radio.scan(0.3, lambda payload, rssi: found.append((payload, rssi)))
    return found


@over_dbus
def test_bleak_and_bluez_hear_the_same_frame(tmp_path: Path) -> None:
    async def story() -> None:
        async with bluez(tmp_path) as system:
            system.place(RPI + AEM, -61)
            radio = await BluezRadio.open("bluez")
            for one in (BleakRadio(), radio):
                found = await heard_by(one)
                assert [(parse_advert(payload), rssi) for payload, rssi in found] == [(GaenFrame(RPI, AEM), -61)]
            assert system.asked.count("StartDiscovery") == system.asked.count("StopDiscovery") == 2
            await radio.close()

    asyncio.run(story())


@over_dbus
def test_a_node_sends_one_identifier_at_a_time_and_registers_anew_for_the_next(tmp_path: Path) -> None:
    async def story() -> FakeBluez:
        async with bluez(tmp_path) as system:
            clock = [1_651_536_000.0]
            radio = await BluezRadio.open("bluez:hci0")
            node = Node(radio, DeviceStore(tmp_path / "store"), duty(), clock=lambda: clock[0])
            await node.rotate()
            clock[0] += 900
            await node.rotate()
            assert system.sending
            await radio.silence()
            await radio.silence()
            assert not system.sending
            await radio.close()
            return system

    system = asyncio.run(story())
    names = [name for name in system.asked if name.endswith("Advertisement")]
    assert names == ["RegisterAdvertisement", "UnregisterAdvertisement"] * 2
    first, second = system.sent
    assert {first["Type"], second["Type"]} == {"broadcast"}  # nobody can connect: the kernel draws a new address
    assert first["ServiceUUIDs"] == [SERVICE]
    bodies = [bytes(one["ServiceData"][SERVICE].value) for one in (first, second)]
    assert [len(body) for body in bodies] == [20, 20]
    assert bodies[0][:16] != bodies[1][:16]
    assert first["MinInterval"] == first["MaxInterval"] == duty().advertise_ms


@over_dbus
def test_what_the_system_refuses_is_an_error_of_the_radio(tmp_path: Path) -> None:
    async def story() -> None:
        async with bluez(tmp_path) as system:
            radio = await BluezRadio.open("bluez")
            with pytest.raises(RadioError, match="not a frame"):
                await radio.advertise(bluezone_advert(bytes(12)), bytes(6), 250)
            system.refuse = True
            with pytest.raises(RadioError, match="NotPermitted"):
                await radio.advertise(gaen_advert(RPI, AEM), bytes(6), 250)
            await radio.close()

    asyncio.run(story())


def test_without_a_message_bus_the_radio_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'none'}")
    with pytest.raises(RadioError, match="D-Bus"):
        asyncio.run(BluezRadio.open("bluez"))


def test_bleak_alone_only_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    radio = BleakRadio()
    assert not radio.can_advertise
    with pytest.raises(RadioError):
        asyncio.run(radio.advertise(gaen_advert(RPI, AEM), bytes(6), 250))

    class Off:
        def __init__(self, **_: object) -> None:
            raise BleakError("Bluetooth is off")

    monkeypatch.setattr(bleak_radio, "BleakScanner", Off)
    with pytest.raises(RadioError, match="off"):
        asyncio.run(radio.scan(0.1, lambda *_: None))
