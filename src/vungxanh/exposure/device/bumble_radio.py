"""A radio through bumble: a USB or serial adapter, an HCI socket, a network transport, or a link in memory.

Not yet run on hardware: the adapters are tested over bumble's own TCP and pseudo-terminal transports.
"""

import asyncio
from contextlib import AsyncExitStack

from bumble.core import ProtocolError
from bumble.device import Advertisement, AdvertisingType, Device
from bumble.hci import Address, HCI_LE_Set_Random_Address_Command
from bumble.transport import open_transport

from vungxanh.exposure.device.radio import Heard, RadioError

FAULTS = (ProtocolError, asyncio.TimeoutError, OSError, AssertionError)


class BumbleRadio:
    """A powered-on bumble device."""

    can_advertise = True

    def __init__(self, device: Device, stack: AsyncExitStack | None = None) -> None:
        self.device, self._stack = device, stack

    @classmethod
    async def open(cls, transport: str) -> "BumbleRadio":
        """`usb:0`, `hci-socket:0`, `serial:/dev/ttyUSB0,1000000`, `tcp-client:host:port`, `pty:/dev/…`."""
        stack = AsyncExitStack()
        try:
            opened = await stack.enter_async_context(await open_transport(transport))
            device = Device.with_hci("vx", Address("C0:00:00:00:00:00"), opened.source, opened.sink)
            await asyncio.wait_for(device.power_on(), 10)
        except Exception as exc:
            await stack.aclose()
            raise RadioError(f"{transport}: {exc}") from exc
        return cls(device, stack)

    async def advertise(self, payload: bytes, address: bytes, interval_ms: int) -> None:
        try:
            await self.device.stop_advertising()
            self.device.random_address = Address(address, Address.RANDOM_DEVICE_ADDRESS)
            if not self.device.supports_le_extended_advertising:
                command = HCI_LE_Set_Random_Address_Command(random_address=self.device.random_address)
                await self.device.send_command(command)
            await self.device.start_advertising(
                advertising_type=AdvertisingType.UNDIRECTED,
                advertising_data=payload,
                advertising_interval_min=interval_ms,
                advertising_interval_max=interval_ms,
            )
        except FAULTS as exc:
            raise RadioError(f"advertise: {exc}") from exc

    async def silence(self) -> None:
        try:
            await self.device.stop_advertising()
        except FAULTS as exc:
            raise RadioError(f"silence: {exc}") from exc

    async def scan(self, seconds: float, heard: Heard) -> None:
        def on_advertisement(found: Advertisement) -> None:
            heard(found.data_bytes, found.rssi)

        try:
            self.device.on(Device.EVENT_ADVERTISEMENT, on_advertisement)
            await self.device.start_scanning(active=False, filter_duplicates=False)
            await asyncio.sleep(seconds)
            await self.device.stop_scanning()
        except FAULTS as exc:
            raise RadioError(f"scan: {exc}") from exc
        finally:
            self.device.remove_listener(Device.EVENT_ADVERTISEMENT, on_advertisement)

    async def close(self) -> None:
        if self._stack is not None:
            await self._stack.aclose()
