"""The dated numbers of `data/publication.toml`: what may be public, for how long, how small."""

import tomllib
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Any


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((resources.files("vungxanh.safetymap") / "data" / "publication.toml").read_text("utf-8"))


def expires_after() -> timedelta:
    return timedelta(days=_table()["exposed"]["expires_after_days"])


def longest_window() -> timedelta:
    return timedelta(hours=_table()["exposed"]["longest_window_hours"])


def link_within() -> timedelta:
    return timedelta(hours=_table()["exposed"]["link_within_hours"])


def smallest_public() -> int:
    return int(_table()["exposed"]["smallest_public"])


def private_kinds() -> frozenset[str]:
    return frozenset(_table()["exposed"]["private_kinds"])


def suppress_below() -> int:
    return int(_table()["counts"]["suppress_below"])


def picture_bytes() -> int:
    return int(_table()["pictures"]["most_bytes"])


def remind_before() -> timedelta:
    return timedelta(days=_table()["reminders"]["days_before"])
