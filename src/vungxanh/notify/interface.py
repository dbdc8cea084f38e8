"""What the house asks of a way to reach people, and the three ways in which one may fail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

#: before a Zalo user id, where an address is one: who wrote to the account is known by it and by no number
ZALO_USER = "zalo-user:"


class Channel(StrEnum):
    """How somebody is reached."""

    SMS = "sms"
    ZALO = "zalo"
    VOICE = "voice"
    PUSH = "push"
    EMAIL = "email"


@dataclass(frozen=True)
class Message:
    """One message to one address. `key` is ours and stays the same on every attempt."""

    key: str
    address: str
    text: str
    subject: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Receipt:
    """What the provider said: its own id, and what it charges in đồng where it tells."""

    provider_id: str
    cost: int = 0


class TemporaryFailure(Exception):  # noqa: N818  an outcome, not an error of ours
    """Try again later with the same key: busy, no network, no money today. `code` is for the log."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class PermanentFailure(TemporaryFailure):
    """Never works for this message: no such number, refused text, withdrawn subscription."""


class UnknownOutcome(TemporaryFailure):
    """The request went out and no answer came back: it may have been sent."""


class Adapter(Protocol):
    """One provider of one channel.

    `deduplicates`: the provider sends once for one key however often it is asked, so that an attempt without an
    answer may be repeated. Where it does not, such a message is left `uncertain` for a person to decide.
    """

    @property
    def channel(self) -> Channel: ...

    @property
    def name(self) -> str: ...

    @property
    def deduplicates(self) -> bool: ...

    def send(self, message: Message) -> Receipt:
        """Raises TemporaryFailure, PermanentFailure, UnknownOutcome."""

    def price(self, message: Message) -> int:
        """Expected cost in đồng, known before sending."""
