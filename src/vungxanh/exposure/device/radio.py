"""What a node needs of a Bluetooth radio; bumble and bleak are two that can."""

from collections.abc import Callable
from typing import Protocol

#: advertisement as received, RSSI in dBm
Heard = Callable[[bytes, int], None]


class RadioError(Exception):
    """The radio is off, gone or refused."""


class Radio(Protocol):
    @property
    def can_advertise(self) -> bool:
        """bleak only listens."""

    async def advertise(self, payload: bytes, address: bytes, interval_ms: int) -> None:
        """Send `payload` under a random `address` (6 bytes) from now on, instead of what was sent before."""

    async def silence(self) -> None:
        """Send nothing."""

    async def scan(self, seconds: float, heard: Heard) -> None:
        """Listen for a while; every advertisement is handed to `heard`. Raises RadioError."""

    async def close(self) -> None: ...
