"""How much one sender may report in a day, so that one person cannot bury market surveillance; no address is kept.

What is kept until the day is over is a keyed hash of day and network, without the report beside it.
"""

import ipaddress
import tomllib
from datetime import date
from functools import cache
from importlib import resources

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from vungxanh.command.models import SenderCount
from vungxanh.core.errors import UserError
from vungxanh.core.vault import keyed_hash


@cache
def most_a_day() -> int:
    text = (resources.files("vungxanh.command") / "goods.toml").read_text("utf-8")
    return int(tomllib.loads(text)["reports_a_day_of_one_sender"])


def network_of(request: HttpRequest) -> str:
    """The sender's address as our proxy saw it, where one stands; of IPv6 the 64 bits that one connection has."""
    seen = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER:
        seen = str(request.META.get("HTTP_X_FORWARDED_FOR", seen)).rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(seen)
    except ValueError:
        return seen[:64]
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if address.version == 6 else str(address)


@transaction.atomic
def count(network: str, day: date | None = None) -> None:
    """One report more of this network today; earlier days are forgotten.

    Raises UserError `command.too-many-reports`.
    """
    today = day or timezone.localdate()
    SenderCount.objects.filter(day__lt=today).delete()
    digest = keyed_hash(f"sender-{today}", network)
    row, _ = SenderCount.objects.select_for_update().get_or_create(day=today, digest=digest)
    if row.count >= most_a_day():
        raise UserError("command.too-many-reports", count=most_a_day())
    SenderCount.objects.filter(pk=row.pk).update(count=F("count") + 1)
