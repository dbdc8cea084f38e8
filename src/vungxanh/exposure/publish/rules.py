"""What a publish request must satisfy: one rule, one class, named after what it protects.

Batch rules refuse the whole request; key rules leave a key out and say which and why.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Protocol

from vungxanh.exposure.codec.gaen import day_start, interval_number
from vungxanh.exposure.codec.keys import INTERVALS_A_DAY, DiagnosisKey
from vungxanh.exposure.limits import PublishLimits
from vungxanh.exposure.publish.request import BAD_REQUEST, PublishRequest, RefusedError


@dataclass(frozen=True)
class Moment:
    """When the request arrived, and the onset that the certificate tells (first interval of that day)."""

    now: datetime
    onset: int | None = None

    @cached_property
    def interval(self) -> int:
        return interval_number(self.now.timestamp())


class BatchRule(Protocol):
    def check(self, request: PublishRequest, limits: PublishLimits) -> None: ...


class KeyRule(Protocol):
    """`name` is the stable code of the reason."""

    name: str

    def allows(self, key: DiagnosisKey, moment: Moment, limits: PublishLimits) -> bool: ...


class SomeKeys:
    """At least one key, at most as many as a phone keeps."""

    def check(self, request: PublishRequest, limits: PublishLimits) -> None:
        if not 1 <= len(request.keys) <= limits.keys:
            raise RefusedError(BAD_REQUEST, "key-count")


class NoKeyTwice:
    """The same key bytes once."""

    def check(self, request: PublishRequest, limits: PublishLimits) -> None:
        if len({key.data for key in request.keys}) != len(request.keys):
            raise RefusedError(BAD_REQUEST, "key-twice")


class FewOfOneStart:
    """A phone makes one key a day, and another after being set up anew; more of one start are not one phone's."""

    def check(self, request: PublishRequest, limits: PublishLimits) -> None:
        starts = Counter(key.rolling_start for key in request.keys)
        if max(starts.values(), default=0) > limits.same_start:
            raise RefusedError(BAD_REQUEST, "same-start")


class NoOverlap:
    """A phone sends under one key at a time: keys of different starts do not overlap."""

    def check(self, request: PublishRequest, limits: PublishLimits) -> None:
        ordered = sorted(request.keys, key=lambda key: key.rolling_start)
        for one, following in pairwise(ordered):
            if one.rolling_start < following.rolling_start < one.rolling_end:
                raise RefusedError(BAD_REQUEST, "overlap")


class PeriodWithinADay:
    name = "period"

    def allows(self, key: DiagnosisKey, moment: Moment, limits: PublishLimits) -> bool:
        return 1 <= key.rolling_period <= INTERVALS_A_DAY


class RiskInRange:
    name = "risk"

    def allows(self, key: DiagnosisKey, moment: Moment, limits: PublishLimits) -> bool:
        return 0 <= key.transmission_risk <= 8


class NotFromTheFuture:
    name = "future"

    def allows(self, key: DiagnosisKey, moment: Moment, limits: PublishLimits) -> bool:
        return key.rolling_start <= moment.interval


class NotTooOld:
    name = "too-old"

    def allows(self, key: DiagnosisKey, moment: Moment, limits: PublishLimits) -> bool:
        return key.rolling_start >= day_start(moment.interval) - limits.age_days * INTERVALS_A_DAY


class WithinInfectiousDays:
    """Only days on which the person may have passed it on; without an onset, the last ten days."""

    name = "not-infectious"

    def allows(self, key: DiagnosisKey, moment: Moment, limits: PublishLimits) -> bool:
        if moment.onset is None:
            days = (day_start(key.rolling_start) - day_start(moment.interval)) // INTERVALS_A_DAY
            return days >= -limits.days_without_onset
        days = days_since(key, moment.onset)
        return -limits.days_before_onset <= days <= limits.days_after_onset


def days_since(key: DiagnosisKey, onset: int) -> int:
    """Days (UTC) from onset to the day of the key; negative before."""
    return (day_start(key.rolling_start) - day_start(onset)) // INTERVALS_A_DAY


BATCH_RULES: tuple[BatchRule, ...] = (SomeKeys(), NoKeyTwice(), FewOfOneStart(), NoOverlap())
KEY_RULES: tuple[KeyRule, ...] = (
    PeriodWithinADay(),
    RiskInRange(),
    NotFromTheFuture(),
    NotTooOld(),
    WithinInfectiousDays(),
)


def check_batch(request: PublishRequest, limits: PublishLimits) -> None:
    for rule in BATCH_RULES:
        rule.check(request, limits)


def judge_keys(
    request: PublishRequest, moment: Moment, limits: PublishLimits
) -> tuple[list[DiagnosisKey], list[tuple[int, str]]]:
    """(keys that may be published, (number of the key from 1, reason) of the others)."""
    kept, left_out = [], []
    for number, key in enumerate(request.keys, 1):
        broken = next((rule.name for rule in KEY_RULES if not rule.allows(key, moment, limits)), None)
        if broken is None:
            kept.append(key)
        else:
            left_out.append((number, broken))
    return kept, left_out
