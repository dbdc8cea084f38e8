"""A radio through BlueZ, the Bluetooth of Linux, for machines whose adapter the system keeps for itself.

It listens as bleak does and sends through BlueZ's D-Bus interface. BlueZ leaves the flags out of the frame, which
readers tolerate, and the kernel draws a new non-resolvable address each time an advertisement that nobody can
connect to is set up, so that identifier and address still change together. Not yet run on hardware.
"""

from typing import Any

from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import AuthError, InvalidAddressError

from vungxanh.exposure.codec.adverts import GaenFrame, parse_advert
from vungxanh.exposure.device.bleak_radio import SERVICE, BleakRadio
from vungxanh.exposure.device.radio import RadioError

BLUEZ, MANAGER = "org.bluez", "org.bluez.LEAdvertisingManager1"
ADVERT, PATH = "org.bluez.LEAdvertisement1", "/vn/vungxanh/advert"


class BluezRadio(BleakRadio):
    """One adapter of the system."""

    can_advertise = True

    def __init__(self, bus: MessageBus, adapter: str) -> None:
        super().__init__(adapter)
        self._bus, self._path, self._sends = bus, f"/org/bluez/{adapter}", False
        self._properties: dict[str, Variant] = {}
        bus.add_message_handler(self._answer)

    @classmethod
    async def open(cls, transport: str) -> "BluezRadio":
        """`bluez`, or `bluez:hci1` for another adapter than the first. Raises RadioError."""
        try:
            bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
        except (OSError, AuthError, InvalidAddressError) as exc:
            raise RadioError(f"D-Bus: {exc}") from exc
        return cls(bus, transport.partition(":")[2] or "hci0")

    async def advertise(self, payload: bytes, address: bytes, interval_ms: int) -> None:
        frame = parse_advert(payload)
        if not isinstance(frame, GaenFrame):
            raise RadioError("advertise: not a frame of exposure notification")
        await self.silence()
        self._properties = {
            "Type": Variant("s", "broadcast"),
            "ServiceUUIDs": Variant("as", [SERVICE]),
            "ServiceData": Variant("a{sv}", {SERVICE: Variant("ay", frame.rpi + frame.aem)}),
            "MinInterval": Variant("u", interval_ms),
            "MaxInterval": Variant("u", interval_ms),
        }
        await self._call("RegisterAdvertisement", "oa{sv}", [PATH, {}])
        self._sends = True

    async def silence(self) -> None:
        if self._sends:
            self._sends = False
            await self._call("UnregisterAdvertisement", "o", [PATH])

    async def _call(self, member: str, signature: str, body: list[Any]) -> None:
        asked = Message(
            destination=BLUEZ, path=self._path, interface=MANAGER, member=member, signature=signature, body=body
        )
        try:
            reply = await self._bus.call(asked)
        except (OSError, EOFError) as exc:
            raise RadioError(f"{member}: {exc}") from exc
        if reply is None or reply.message_type is MessageType.ERROR:
            raise RadioError(f"{member}: {reply.error_name if reply else 'no answer'}")

    def _answer(self, asked: Message) -> Message | None:
        """BlueZ asks what is to be sent, and says when it sends no more (the adapter was switched off)."""
        if asked.message_type is not MessageType.METHOD_CALL or asked.path != PATH:
            return None
        if asked.member == "GetAll":
            return Message.new_method_return(asked, "a{sv}", [self._properties])
        if asked.member == "Release":
            self._sends = False
            return Message.new_method_return(asked)
        return None

    async def close(self) -> None:
        self._bus.disconnect()
