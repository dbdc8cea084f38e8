"""Limits of the server as typed values, from `limits.toml` and the installation's own copy of it."""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Any, TypeVar

from vungxanh.core.errors import OperatorError
from vungxanh.core.home import home


@dataclass(frozen=True, slots=True)
class CodeLimits:
    short_digits: int
    short_minutes: int
    long_characters: int
    long_hours: int
    token_hours: int
    certificate_minutes: int
    clock_skew_seconds: int
    wrong_tries_a_minute: int
    quota_a_day: int
    alarm_factor: float
    bulk_from: int
    keep_days: int
    tries_keep_days: int


@dataclass(frozen=True, slots=True)
class PublishLimits:
    body_bytes: int
    keys: int
    same_start: int
    age_days: int
    days_before_onset: int
    days_after_onset: int
    days_without_onset: int
    reply_bytes: int


@dataclass(frozen=True, slots=True)
class ExportLimits:
    region: str
    period_seconds: int
    grace_seconds: int
    hold_seconds: int
    minimum: int
    jitter: int
    revised_minimum: int
    split: int
    lease_seconds: int
    keep_days: int
    overlap_days: int
    spans_days: list[int]
    spans_keys: int


@dataclass(frozen=True, slots=True)
class ShareLimits:
    code_minutes: int
    encounters: int
    settle_days: int
    keep_days: int
    text_version: str


@dataclass(frozen=True, slots=True)
class GatewayLimits:
    records: int
    least_dbm: int
    gap_minutes: int
    late_days: int
    settle_days: int
    keep_days: int


@dataclass(frozen=True, slots=True)
class Limits:
    code: CodeLimits
    publish: PublishLimits
    export: ExportLimits
    share: ShareLimits
    gateway: GatewayLimits


T = TypeVar("T", CodeLimits, PublishLimits, ExportLimits, ShareLimits, GatewayLimits)


@cache
def limits() -> Limits:
    """The limits in force. Raises OperatorError `exposure.bad-limits` for an own copy that names others."""
    raw = tomllib.loads((resources.files("vungxanh.exposure") / "limits.toml").read_text("utf-8"))
    own = home() / "exposure-limits.toml"
    try:
        for section, values in (tomllib.loads(own.read_text("utf-8")) if own.exists() else {}).items():
            raw[section].update(values)
        return Limits(
            _section(CodeLimits, raw["code"]),
            _section(PublishLimits, raw["publish"]),
            _section(ExportLimits, raw["export"]),
            _section(ShareLimits, raw["share"]),
            _section(GatewayLimits, raw["gateway"]),
        )
    except (KeyError, TypeError, ValueError) as exc:
        raise OperatorError("exposure.bad-limits", file=str(own)) from exc


def _section(kind: type[T], values: dict[str, Any]) -> T:
    known = {field.name for field in fields(kind)}
    if set(values) != known:
        raise KeyError(sorted(set(values) ^ known))
    return kind(**values)
