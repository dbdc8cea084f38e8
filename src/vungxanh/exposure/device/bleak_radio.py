"""A radio that only listens, through the operating system: for desks and servers that cannot send.

Apple's system hides these advertisements from applications; there it hears nothing and says so in its health.
"""

import asyncio
from typing import Any

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError

from vungxanh.exposure.codec.adverts import SERVICE_DATA_16, structure
from vungxanh.exposure.device.radio import Heard, RadioError

SERVICE = "0000fd6f-0000-1000-8000-00805f9b34fb"


class BleakRadio:
    """The system's scanner; `adapter` names one of several."""

    can_advertise = False

    def __init__(self, adapter: str = "") -> None:
        self._where: Any = {"bluez": {"adapter": adapter}} if adapter else {}

    async def advertise(self, payload: bytes, address: bytes, interval_ms: int) -> None:
        raise RadioError("this radio cannot send")

    async def silence(self) -> None:
        """It never sends."""

    async def scan(self, seconds: float, heard: Heard) -> None:
        def on_advertisement(_: BLEDevice, found: AdvertisementData) -> None:
            body = found.service_data.get(SERVICE)
            if body is not None:
                heard(structure(SERVICE_DATA_16, b"\x6f\xfd" + body), found.rssi)

        try:
            async with BleakScanner(detection_callback=on_advertisement, service_uuids=[SERVICE], **self._where):
                await asyncio.sleep(seconds)
        except (BleakError, OSError) as exc:
            raise RadioError(f"scan: {exc}") from exc

    async def close(self) -> None:
        """Nothing is held open between scans."""
