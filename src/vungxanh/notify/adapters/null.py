"""Sends nothing and says so: for demonstration, drills, development and an installation without contracts."""

import logging
from dataclasses import dataclass

from vungxanh.notify.interface import Channel, Message, Receipt

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NullAdapter:
    """Every call warns, so that nobody believes a message has left."""

    channel: Channel
    name: str = "null"
    deduplicates: bool = True

    def send(self, message: Message) -> Receipt:
        log.warning("nothing was sent: no provider for this channel")
        return Receipt("null")

    def price(self, message: Message) -> int:
        return 0
