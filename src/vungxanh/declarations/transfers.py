"""What may leave in a list and to whom, who may give lists: `rules/transfers.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from vungxanh.rules.dated import Text


@dataclass(frozen=True, slots=True)
class Recipient:
    """`fields`: all that they may ever be given."""

    key: str
    name: Text
    purpose: Text
    fields: tuple[str, ...]


@cache
def _raw() -> dict[str, object]:
    return tomllib.loads(
        (resources.files("vungxanh.declarations") / "rules" / "transfers.toml").read_text("utf-8")
    )


@cache
def recipients() -> dict[str, Recipient]:
    raw = _raw()["recipients"]
    assert isinstance(raw, dict)
    return {
        key: Recipient(key, Text(vi=one["vi"], en=one["en"]), Text(**one["purpose"]), tuple(one["fields"]))
        for key, one in raw.items()
    }


@cache
def sources() -> dict[str, Text]:
    raw = _raw()["sources"]
    assert isinstance(raw, dict)
    return {key: Text(**one) for key, one in raw.items()}


def basis() -> str:
    return str(_raw()["basis"])
