"""A contact rule as a dispatch would have it, tried on the cases of the official's area before anybody signs."""

import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungxanh.command.rule_changes import RuleKind, Touched, register
from vungxanh.core.errors import UserError
from vungxanh.core.scope import HasGrants, scoped
from vungxanh.outbreak.exposed import difference, evidence_lake, index_person
from vungxanh.outbreak.models import Case
from vungxanh.rules.contact import ContactRule, contact_rules, read_rule
from vungxanh.tracing import trace
from vungxanh.tracing.model import ContactRow, TraceRequest

#: the newest open cases that a simulation traces; the answer says how many it left out
MOST_CASES = 40
_DATES = ("valid_from", "valid_to")


@cache
def _packs() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Rule id -> (its pack without rules, the rule as its file has it)."""
    found = {}
    for file in (resources.files("vungxanh.rules") / "data" / "contact").iterdir():
        if file.name.endswith(".toml") and file.name != "inputs.toml":
            pack = tomllib.loads(file.read_text("utf-8"))
            found.update({rule["id"]: (pack, rule) for rule in pack["rule"]})
    return found


def raw(rule: str) -> dict[str, Any]:
    """A shipped rule, its days as text. Raises UserError `command.rule-unreadable`."""
    if rule not in _packs():
        raise UserError("command.rule-unreadable", field="rule_id", reason=rule)
    return {
        key: value.isoformat() if isinstance(value, date) else value for key, value in _packs()[rule][1].items()
    }


def proposed(rule: str, given: dict[str, Any]) -> ContactRule:
    """The rule that the text makes. Raises UserError of `rules` and `command.rule-unreadable`."""
    dated = {key: date.fromisoformat(value) if key in _DATES else value for key, value in given.items()}
    return read_rule(_packs()[rule][0], {**dated, "id": f"{rule}+draft"})


def check(given: dict[str, Any]) -> None:
    try:
        proposed(str(given.get("id")), given)
    except (KeyError, ValueError, TypeError, AttributeError) as exc:
        raise UserError("command.rule-unreadable", field="rule_text", reason=str(exc)[:120]) from exc


def simulate(rule: str, given: dict[str, Any], officer: HasGrants) -> Touched:
    """Contacts who would come, go, or change class, over the newest open cases of the area."""
    old, new = contact_rules()[rule], proposed(rule, given)
    seen = Case.objects.exclude(status=Case.Status.WITHDRAWN)  # scope: counts of the area, see _of_area
    rows = _of_area(seen.filter(negative_at=None, disease=old.disease), officer).order_by("-reported_at")
    cases = list(rows[:MOST_CASES])
    lake = evidence_lake()
    come = gone = moved = 0
    said: list[tuple[str, str, str]] = []

    def traced(case: Case, by_rule: ContactRule) -> list[ContactRow]:
        asked = TraceRequest((index_person(case),), rule=by_rule, generations=1, disease=case.disease)
        return list(trace(asked, lake).rows)

    for case in cases:
        before, after = traced(case, old), traced(case, new)
        change = difference(before, after)
        come, gone, moved = come + len(change.come), gone + len(change.gone), moved + len(change.moved)
        if change:
            said.append((_("Case %(number)s") % {"number": case.pk}, str(len(before)), str(len(after))))
    return Touched(come, gone, moved, len(cases), max(0, rows.count() - len(cases)), said)


def _of_area(rows: Any, officer: HasGrants) -> Any:
    """A head of a committee sees no case, but how many people his rule touches: counts, by area alone."""
    mine = scoped(rows, officer)
    paths = [grant.path for grant in officer.grants()]
    area = rows.filter(scope_path__startswith=min(paths, key=len)) if paths else rows.none()
    return mine if mine.exists() else area


def register_all() -> None:
    register(
        RuleKind(
            "contact",
            gettext_lazy("who is a contact"),
            lambda: [(rule.id, rule.id) for rule in reversed(contact_rules().values())],
            raw,
            check,
            simulate,
        )
    )
