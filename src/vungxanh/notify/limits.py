"""Rates, quotas, prices and retries, from `limits.toml` and the environment."""

import os
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from vungxanh.notify.interface import Channel


@dataclass(frozen=True)
class Limit:
    """What one channel may do."""

    per_second: float
    per_day: int
    price: int


@dataclass(frozen=True)
class Retry:
    """Seconds before each further attempt; after the last the message has failed."""

    seconds: tuple[int, ...]
    lease_seconds: int


@cache
def _table() -> dict[str, dict[str, int | list[int]]]:
    return tomllib.loads((resources.files("vungxanh.notify") / "limits.toml").read_text("utf-8"))


def _number(channel: Channel, name: str) -> int:
    given = os.environ.get(f"VUNGXANH_{name.upper()}_{channel.upper()}")
    value = _table()[channel][name]
    return int(given) if given else int(value) if not isinstance(value, list) else 0


def limit(channel: Channel) -> Limit:
    """`VUNGXANH_PER_SECOND_SMS`, `VUNGXANH_PER_DAY_SMS`, `VUNGXANH_PRICE_SMS` replace the file's figures."""
    return Limit(_number(channel, "per_second"), _number(channel, "per_day"), _number(channel, "price"))


def retry() -> Retry:
    facts = _table()["retry"]
    seconds, lease = facts["seconds"], facts["lease_seconds"]
    return Retry(tuple(seconds) if isinstance(seconds, list) else (), lease if isinstance(lease, int) else 0)
