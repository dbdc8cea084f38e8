"""How a one-time code reaches a telephone. In a demonstration nothing leaves: the page shows the code itself."""

from typing import Protocol

from django.conf import settings

from vungxanh.core.errors import OperatorError


class Sender(Protocol):
    """Sends one code; -> the code where the page may show it, else empty."""

    def send(self, phone: str, code: str) -> str: ...


class ShownOnPage:
    """Demonstration and drill."""

    def send(self, phone: str, code: str) -> str:
        return code


class NotConfigured:
    """No way to send is set up."""

    def send(self, phone: str, code: str) -> str:
        raise OperatorError("venues.no-sender")


_registered: list[Sender] = []


def use(sender: Sender) -> None:
    """Called by whoever can send messages, when the house is put together."""
    _registered[:] = [sender]


def sender() -> Sender:
    if settings.DEMO:
        return ShownOnPage()
    return _registered[0] if _registered else NotConfigured()
