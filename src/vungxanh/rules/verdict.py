"""From answers to a verdict: score, percent, band, what failed, by when, and why.

Order, each step final where it decides: what closes a place whatever the total; answers missing; kind of place
needed; the band that the total falls in; what one item changes in that band. A hole in a source is never filled
with a better verdict, and says so.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from vungxanh.core.errors import UserError
from vungxanh.rules.answers import Answers, Score, read_answers
from vungxanh.rules.criteria import Band, Closing, CriteriaSet, Opens, Unless
from vungxanh.rules.dated import Text
from vungxanh.rules.reasons import reason


@dataclass(slots=True)
class Verdict:
    """Result of one assessment. `band` is None where nothing read decides it; `reasons` says what and why."""

    criteria: CriteriaSet
    place_kind: str | None
    scores: dict[int, Score]
    score: Score
    divisor: int | None
    band: Band | None = None
    opens: Opens | None = None
    failed: set[int] = field(default_factory=set)
    missing: tuple[int, ...] = ()
    verified: bool = True
    reasons: list[Text] = field(default_factory=list)

    @property
    def percent(self) -> Fraction | None:
        return Fraction(self.score) * 100 / self.divisor if self.divisor else None

    def say(self, code: str, **params: object) -> None:
        self.reasons.append(reason(code, **params))

    def settle(self, band: Band, opens: Opens | None = None) -> None:
        self.band, self.opens = band, opens or band.opens

    def as_json(self) -> dict[str, Any]:
        """The shape that `vungxanh safetymap assess` prints."""
        band, percent = self.band, self.percent
        return {
            "set": self.criteria.id,
            "name": self.criteria.name.model_dump(),
            "basis": self.criteria.basis.doc,
            "own": self.criteria.basis.own,
            "place_kind": self.place_kind,
            "direction": self.criteria.direction,
            "score": self.score,
            "maximum": self.divisor,
            "percent": None if percent is None else round(float(percent), 2),
            "band": band and band.code,
            "band_name": band and band.name.model_dump(),
            "may_open": self.opens,
            "action": band.action.model_dump() if band and band.action else None,
            "failed_items": sorted(self.failed),
            "missing_items": list(self.missing),
            "deadline": deadline(band),
            "recheck_days": band and band.recheck_days,
            "frequency_days": self.criteria.frequency_days,
            "verified": self.verified,
            "reasons": [one.model_dump() for one in self.reasons],
            "gaps": list(self.criteria.gaps),
        }


def deadline(band: Band | None) -> dict[str, object] | None:
    """Time to mend what failed, in hours and words; None where the band sets none."""
    if band is None or band.deadline is None:
        return None
    if band.deadline == "now":
        return {"within": "now", "hours": 0, "vi": "ngay", "en": "at once"}
    number, unit = int(band.deadline[:-1]), band.deadline[-1]
    vi, en = ("giờ", "hours") if unit == "h" else ("ngày", "days")
    hours = number * (24 if unit == "d" else 1)
    return {"within": band.deadline, "hours": hours, "vi": f"trong {number} {vi}", "en": f"within {number} {en}"}


def assess(criteria: CriteriaSet, raw: object, *, place_kind: str | None = None) -> Verdict:
    """Judge the answers `raw` by one set. Errors: `rules.kind-unknown`, and those of `read_answers`."""
    answers = read_answers(criteria, raw)
    kind = _kind(criteria, place_kind or (raw.get("place_kind") if isinstance(raw, dict) else None))
    verdict = _scored(criteria, answers, kind)
    _note_odd_steps(verdict)
    _judge(verdict)
    verdict.verified = verdict.verified and criteria.verified
    return verdict


def _kind(criteria: CriteriaSet, given: str | None) -> str | None:
    known = criteria.kinds_known
    if given is not None and given not in known:
        raise UserError("rules.kind-unknown", field="kind", set=criteria.id, given=given, known=", ".join(known))
    return given


def _scored(criteria: CriteriaSet, answers: Answers, kind: str | None) -> Verdict:
    asked = [n for n in criteria.asked_of(kind) if n not in answers.not_applicable]
    scores = {n: value for n, value in answers.scores.items() if not criteria.numbers or n in asked}
    verdict = Verdict(criteria, kind, scores, sum(scores.values()), criteria.maximum)
    if criteria.maximum is None and criteria.scoring == "pass":
        verdict.divisor = len(asked) or None
    verdict.missing = tuple(n for n in asked if n not in scores)
    if criteria.direction == "safety":
        verdict.failed = {n for n, value in scores.items() if value == 0}
    return verdict


def _note_odd_steps(verdict: Verdict) -> None:
    """Published steps may be read second-hand, so another score inside the range is noted, not refused."""
    for number, value in verdict.scores.items():
        steps = verdict.criteria.item(number).steps
        if steps and value not in steps:
            verdict.verified = False
            verdict.say("not-a-step", item=number, score=value, steps=", ".join(map(str, steps)))


def _judge(verdict: Verdict) -> None:
    criteria = verdict.criteria
    if verdict.divisor is None:
        verdict.say("no-percent")
    if not criteria.bands:
        verdict.verified = False
        verdict.say("no-bands")
    if _closed(verdict):
        return
    if verdict.missing:
        verdict.say("missing-answers", items=_list(verdict.missing))
    elif criteria.bands:
        _by_total(verdict)


def _closed(verdict: Verdict) -> bool:
    """Did a closing decide, or does the kind of place have to be known first?"""
    open_question = []
    for closing in verdict.criteria.closings:
        hit = _hits(closing, verdict)
        if not hit:
            continue
        if closing.kinds and verdict.place_kind is None:
            open_question.append(closing)
        elif not closing.kinds or verdict.place_kind in closing.kinds:
            _close(verdict, closing, hit)
            return True
    needed = bool(open_question) or (verdict.place_kind is None and verdict.criteria.differs_by_kind)
    if needed:
        verdict.say("kind-needed", kinds=", ".join(verdict.criteria.kinds_known))
    return needed


def _hits(closing: Closing, verdict: Verdict) -> list[int]:
    """Items for which the closing holds."""
    tests = {
        "zero": lambda value: value == 0,
        "fail": lambda value: value == 0,
        "below": lambda value: value < closing.value,
        "at_least": lambda value: value >= closing.value,
    }
    wanted = closing.items or tuple(verdict.scores)
    return [n for n in wanted if n in verdict.scores and tests[closing.fails_when](verdict.scores[n])]


def _close(verdict: Verdict, closing: Closing, hit: list[int]) -> None:
    band = _band(verdict.criteria, closing.band)
    verdict.settle(band)
    verdict.failed |= set(hit)
    code = "mandatory-fails" if closing.items else "any-zero"
    verdict.say(code, items=_list(hit), band=band.name)
    if closing.own_reading:
        verdict.say("own-reading")
    if not closing.verified:
        verdict.verified = False
        verdict.say("unverified-rule")


def _by_total(verdict: Verdict) -> None:
    for band in verdict.criteria.bands:
        at = Fraction(verdict.score) if band.unit == "score" else verdict.percent
        if at is not None and band.holds(float(at)):
            _enter(verdict, band, float(at))
            return
    verdict.verified = False
    unit = "" if verdict.percent is None or verdict.criteria.bands[0].unit == "score" else " %"
    shown = verdict.score if not unit else round(float(verdict.percent or 0), 2)
    verdict.say("no-band-here", at=f"{shown}{unit}")


def _enter(verdict: Verdict, band: Band, at: float) -> None:
    unit = " %" if band.unit == "percent" else ""
    verdict.settle(band)
    verdict.say("in-band", at=f"{round(at, 2):g}{unit}", band=band.name, edges=_edges(band))
    if band.doubtful_edge is not None and at == band.doubtful_edge:
        verdict.verified = False
        verdict.say("doubtful-edge", edge=f"{at:g}{unit}")
    for unless in band.unless:
        hit = _breaks(unless, verdict)
        if hit:
            _step_down(verdict, unless, hit)
            return


def _breaks(unless: Unless, verdict: Verdict) -> list[int]:
    low, high = unless.any_item_below, unless.any_item_at_least
    return [
        n
        for n, value in verdict.scores.items()
        if (low is not None and value < low) or (high is not None and value >= high)
    ]


def _step_down(verdict: Verdict, unless: Unless, hit: list[int]) -> None:
    assert verdict.band is not None
    band = _band(verdict.criteria, unless.becomes) if unless.becomes else verdict.band
    verdict.settle(band, unless.opens)
    verdict.failed |= set(hit)
    limit = f"< {unless.any_item_below}" if unless.any_item_below is not None else f"≥ {unless.any_item_at_least}"
    verdict.say("item-limit", items=_list(hit), limit=limit, band=band.name)
    if unless.own_reading:
        verdict.say("own-reading")


def _band(criteria: CriteriaSet, code: str) -> Band:
    return next(band for band in criteria.bands if band.code == code)


def _edges(band: Band) -> str:
    if band.to is not None:
        return f"{band.from_:g}–{band.to:g}"
    return f"≥ {band.from_:g}" if band.below is None else f"{band.from_:g}–<{band.below:g}"


def _list(numbers: list[int] | tuple[int, ...]) -> str:
    return ", ".join(map(str, sorted(numbers)))
