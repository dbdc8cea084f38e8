"""A fixed gateway: listens at one place and hands what it heard to the server; it sends nothing on the air.

It keeps a sighting sealed until the server has answered for it; what the server refuses is not sent again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from vungxanh.exposure.device.radio import Heard, Radio
from vungxanh.exposure.device.server import ServerError
from vungxanh.exposure.device.store import DeviceStore
from vungxanh.exposure.matching.sightings import SightingTable

SENT = "sent-until"
BATCH = 1_000
#: records -> status and answer of the server
Post = Callable[[dict[str, Any]], tuple[int, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class ListenOnly:
    """A radio that is not asked to send: a gateway is furniture, not a person."""

    radio: Radio

    @property
    def can_advertise(self) -> bool:
        return False

    async def advertise(self, payload: bytes, address: bytes, interval_ms: int) -> None:
        """Never called, for `can_advertise` is false."""

    async def silence(self) -> None:
        """Nothing is sent."""

    async def scan(self, seconds: float, heard: Heard) -> None:
        await self.radio.scan(seconds, heard)

    async def close(self) -> None:
        await self.radio.close()


def record(row: Any) -> dict[str, Any]:
    """One sighting as it is sent; its id is made from what was heard, so sending again is harmless."""
    rpi, at = row["rpi"].tobytes().hex(), int(row["at"])
    own = sha256(f"{rpi}{at}".encode()).hexdigest()[:24]
    return {"id": own, "rpi": rpi, "at": at, "rssi": int(row["rssi"])}


def forward(store: DeviceStore, post: Post) -> int:
    """Send what was not sent yet, oldest first. -> records answered.

    Raises ServerError where nothing answers; then the same records go next time.
    """
    until = int(store.load(SENT, 0))
    rows: SightingTable = store.sightings()
    rows = rows[rows["at"] > until]
    rows = rows[rows["at"].argsort(kind="stable")]
    answered = 0
    while len(rows):
        batch = rows[:BATCH]
        # a second is sent whole: the mark that is kept is a time
        batch = rows[: int((rows["at"] <= batch["at"][-1]).sum())]
        status, answer = post({"records": [record(row) for row in batch]})
        if status != 200:
            raise ServerError(str(answer.get("code", status)))
        store.save(SENT, int(batch["at"][-1]))
        answered += len(batch)
        rows = rows[len(batch) :]
    return answered
