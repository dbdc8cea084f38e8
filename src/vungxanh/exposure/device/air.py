"""Radio in memory: bumble's link with distance, walls, noise and collisions, so that many nodes meet in a test.

Received power: power at one metre, minus 20 log10 of the metres, minus every wall between, plus noise. What
falls below the receiver's limit is not heard; two that send within the same millisecond are lost at who hears
both alike.
"""

import asyncio
import math
import random
from dataclasses import dataclass, field

from bumble import hci, ll
from bumble.controller import Controller
from bumble.device import Device
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink

from vungxanh.exposure.device.bumble_radio import BumbleRadio

Point = tuple[float, float]
#: length of a 31-byte advertisement on the air, seconds
FRAME_SECONDS = 0.000_376
#: a frame this much stronger than another is heard through it
CAPTURE_DB = 6


@dataclass(frozen=True, slots=True)
class Wall:
    """A straight wall from `a` to `b` (metres) that takes `loss` dB."""

    a: Point
    b: Point
    loss: float = 12.0


def crosses(p: Point, q: Point, wall: Wall) -> bool:
    """Does the line from p to q cross the wall?"""

    def side(a: Point, b: Point, c: Point) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    apart = side(p, q, wall.a) * side(p, q, wall.b) < 0
    return apart and side(wall.a, wall.b, p) * side(wall.a, wall.b, q) < 0


@dataclass
class Air:
    """Where everybody is and what stands between."""

    walls: list[Wall] = field(default_factory=list)
    at_one_metre: float = -60.0
    noise: float = 3.0
    least: float = -98.0
    seed: int = 452

    def __post_init__(self) -> None:
        self.places: dict[AirController, Point] = {}
        self.random = random.Random(self.seed)  # noqa: S311 a simulation must be repeatable

    def place_of(self, controller: Controller) -> Point:
        return next(place for one, place in self.places.items() if one is controller)

    def power(self, sender: Point, receiver: Point) -> float:
        """RSSI in dBm, noise included."""
        metres = max(math.dist(sender, receiver), 0.1)
        behind = sum(wall.loss for wall in self.walls if crosses(sender, receiver, wall))
        return self.at_one_metre - 20 * math.log10(metres) - behind + self.random.gauss(0, self.noise)


class AirController(Controller):
    """A controller that reports an advertisement once, with the power that it arrived with."""

    def hear(self, pdu: ll.AdvertisingPdu, rssi: int) -> None:
        if not self.le_scan_enable or not isinstance(pdu, ll.AdvInd | ll.AdvExtInd):
            return
        report = hci.HCI_LE_Extended_Advertising_Report_Event.Report(
            event_type=hci.HCI_LE_Extended_Advertising_Report_Event.EventType.LEGACY_ADVERTISING_PDU_USED,
            address_type=pdu.advertiser_address.address_type,
            address=pdu.advertiser_address,
            primary_phy=hci.Phy.LE_1M,
            secondary_phy=0,
            advertising_sid=0xFF,
            tx_power=127,
            rssi=rssi,
            periodic_advertising_interval=0,
            direct_address_type=0,
            direct_address=hci.Address.ANY,
            data=pdu.data,
        )
        self.send_hci_packet(hci.HCI_LE_Extended_Advertising_Report_Event([report]))


class AirLink(LocalLink):
    """bumble's in-memory link over `Air`."""

    def __init__(self, air: Air) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.air = air
        self._last: dict[AirController, tuple[float, float]] = {}

    def send_advertising_pdu(self, sender_controller: Controller, packet: ll.AdvertisingPdu) -> None:
        loop, here = asyncio.get_running_loop(), self.air.place_of(sender_controller)
        for receiver in list(self.air.places):
            if receiver is sender_controller or not receiver.le_scan_enable:
                continue
            power = self.air.power(here, self.air.places[receiver])
            if power >= self.air.least and self._clear(receiver, power, loop.time()):
                loop.call_soon(receiver.hear, packet, round(power))

    def _clear(self, receiver: AirController, power: float, now: float) -> bool:
        """Was nothing of like strength on the air at this receiver?"""
        before, strength = self._last.get(receiver, (-1.0, 0.0))
        self._last[receiver] = (now, power)
        return now - before > FRAME_SECONDS or power - strength >= CAPTURE_DB


async def radio_at(link: AirLink, name: str, place: Point) -> BumbleRadio:
    """A powered-on radio at a place (metres)."""
    number = len(link.controllers) + 1
    controller = AirController(name, link=link, public_address=f"00:00:00:00:00:{number:02X}")
    link.air.places[controller] = place
    host = Host(controller, AsyncPipeSink(controller))
    device = Device(name, hci.Address(f"F0:00:00:00:00:{number:02X}"), host=host)
    await device.power_on()
    return BumbleRadio(device)
