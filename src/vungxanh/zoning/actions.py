"""What changes levels. The software drafts; a named official decides; the notice of the law is kept."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.scope import Sector, path_of
from vungxanh.places.table import Unit
from vungxanh.places.units import ancestors
from vungxanh.rules.levels import LevelResult, level_rule
from vungxanh.zoning.models import AreaLevel


@transaction.atomic
def draft_level(
    *, by: audit.By, unit: Unit, rule: str, on: date, result: LevelResult, disease: str = "covid19"
) -> AreaLevel:
    """A computed level waiting for an official. What could not be computed is drafted without a level."""
    known = level_rule(rule)
    draft = AreaLevel.objects.create(
        scope_path=_path(unit, on),
        scope_sector=Sector.GOVERNMENT,
        commune_code=unit.code,
        commune_scheme=unit.scheme,
        name=unit.full_name,
        rule=known.id,
        disease=disease,
        computed=result.as_json(),
        level=result.level or "",
        on=on,
        drafted_by=_pk(by),
    )
    audit.record(by=by, action="zoning:level:draft", subject=f"level:{draft.pk}", details={"level": draft.level})
    return draft


def _path(unit: Unit, on: date) -> str:
    above = [each.code for each in reversed(ancestors(unit, on))]
    return path_of(*above, unit.code)


def _pk(by: audit.By) -> int | None:
    return by if by is None or isinstance(by, int) else int(by.pk)


@transaction.atomic
def decide_level(
    *, by: audit.By, draft: AreaLevel, level: str = "", why: str = "", now: datetime | None = None
) -> AreaLevel:
    """The official's decision: the computed level, or another one with a reason. The one before it is replaced.

    Raising takes effect after the notice of the rule, lowering at once. Raises UserError
    `zoning.not-a-draft`, `zoning.level-unknown`, `zoning.reason-needed`.
    """
    rule, chosen, moment = level_rule(draft.rule), level or draft.level, now or timezone.now()
    if draft.state != AreaLevel.State.DRAFT:
        raise UserError("zoning.not-a-draft")
    if rule.word(chosen) is None:
        raise UserError("zoning.level-unknown", field="level", level=chosen)
    if chosen != draft.computed.get("level") and not why.strip():
        raise UserError("zoning.reason-needed", field="why")
    before = current_level(draft.commune_scheme, draft.commune_code, draft.rule, draft.disease)
    if before:
        AreaLevel.objects.filter(pk=before.pk).update(state=AreaLevel.State.REPLACED)
    draft.level, draft.state, draft.why = chosen, AreaLevel.State.DECIDED, why.strip()
    draft.decided_by, draft.decided_at = _pk(by), moment
    draft.effective_at = moment + notice(draft.rule, before.level if before else "", chosen)
    draft.save()
    details = {"level": chosen, "before": before.level if before else None}
    audit.record(by=by, action="zoning:level:decide", subject=f"level:{draft.pk}", details=details)
    return draft


def notice(rule_id: str, before: str, after: str) -> timedelta:
    """How long before it takes effect people must be told, by the rule's own clocks; before the first decision a
    commune stands at the mildest level."""
    rule = level_rule(rule_id)
    order = [one.code for one in getattr(rule, "levels", ())]
    if after not in order:
        return timedelta(0)
    step = order.index(after) - (order.index(before) if before in order else 0)
    hours = rule.notice_hours_to_raise if step > 0 else rule.notice_hours_to_lower if step < 0 else 0
    return timedelta(hours=hours or 0)


def current_level(scheme: str, code: str, rule: str, disease: str = "covid19") -> AreaLevel | None:
    """The decided level of a commune, whatever its hour of effect."""
    decided = AreaLevel.objects.filter(commune_scheme=scheme, commune_code=code, rule=rule, disease=disease)
    return decided.filter(state=AreaLevel.State.DECIDED).first()
