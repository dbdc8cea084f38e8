"""The node: sends under rotating identifiers, listens in short scans, writes down what it heard."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import SystemRandom, token_bytes

from vungxanh.exposure.codec.adverts import GaenFrame, parse_advert
from vungxanh.exposure.device.diagnosis import Health
from vungxanh.exposure.device.duty import Duty
from vungxanh.exposure.device.own_keys import OwnKeys
from vungxanh.exposure.device.radio import Radio, RadioError
from vungxanh.exposure.device.store import DeviceStore
from vungxanh.exposure.matching.sightings import Sighting, table_of

Clock = Callable[[], float]
#: a pause after the radio failed, before it is tried again
RETRY_SECONDS = 30


def random_address() -> bytes:
    """Six bytes of a non-resolvable private address: the two highest bits are zero."""
    made = bytearray(token_bytes(6))
    made[5] &= 0x3F
    return bytes(made)


@dataclass
class Node:
    """`clock`: Unix seconds. `randomness`: when to rotate and to scan; nothing secret hangs on it."""

    radio: Radio
    store: DeviceStore
    duty: Duty
    clock: Clock = time.time
    randomness: SystemRandom = field(default_factory=SystemRandom)

    def __post_init__(self) -> None:
        self.keys = OwnKeys(self.store, self.duty.keep_days)
        self.health = Health(self.store, self.duty.scan_every_seconds)
        self._scanned_at: float | None = None

    async def run(self) -> None:
        """Until cancelled."""
        try:
            await asyncio.gather(self._send(), self._listen())
        finally:
            await self.radio.silence()

    async def _send(self) -> None:
        while self.radio.can_advertise:
            wait: float = self.randomness.uniform(self.duty.rotate_from_seconds, self.duty.rotate_to_seconds)
            try:
                await self.rotate()
            except RadioError as exc:
                self.health.failed("advertise", str(exc))
                wait = RETRY_SECONDS
            await asyncio.sleep(wait)

    async def rotate(self) -> None:
        """A new identifier and a new address, in one step: nothing links the two before to the two after."""
        payload = self.keys.advert(self.clock(), self.duty.tx_power_dbm)
        await self.radio.advertise(payload, random_address(), self.duty.advertise_ms)
        self.health.worked("advertise")

    async def _listen(self) -> None:
        jitter = self.duty.scan_jitter_seconds
        while True:
            try:
                await self.scan()
            except RadioError as exc:
                self.health.failed("scan", str(exc))
            self.store.forget(self.clock())
            await asyncio.sleep(self.duty.scan_every_seconds + self.randomness.uniform(-jitter, jitter))

    async def scan(self) -> int:
        """One scan. -> how many identifiers were heard; each is written down once, as strong as it was."""
        started = self.clock()
        since = 0 if self._scanned_at is None else round(started - self._scanned_at)
        best: dict[bytes, tuple[int, bytes]] = {}

        def heard(payload: bytes, rssi: int) -> None:
            frame = parse_advert(payload)
            if isinstance(frame, GaenFrame) and rssi > best.get(frame.rpi, (-128, b""))[0]:
                best[frame.rpi] = (rssi, frame.aem)

        await self.radio.scan(self.duty.scan_seconds, heard)
        rows: list[Sighting] = [(rpi, int(started), rssi, aem, since) for rpi, (rssi, aem) in best.items()]
        if rows:
            self.store.remember(table_of(rows))
        self._scanned_at = started
        self.health.scanned(started)
        return len(rows)
