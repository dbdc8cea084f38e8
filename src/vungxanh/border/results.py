"""From a declaration to its result: rule of the day, facts, what is shown, the signed code."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from vungxanh.border import entry_forms, entry_rules, keys
from vungxanh.border.entry_rules import EntryRule, Facts, Outcome
from vungxanh.border.models import Declaration, Result, RuleVersion
from vungxanh.codes import signed
from vungxanh.core.minutes import ceil_minute, floor_minute
from vungxanh.forms.definition import Form

SIGNED = signed.Kind.ENTRY


def rules() -> dict[str, EntryRule]:
    """Versions that count: shipped and put in force here, without the withdrawn."""
    found = dict(entry_rules.shipped())
    for row in RuleVersion.objects.all():
        if row.withdrawn_at:
            found.pop(row.key, None)
        elif row.body is not None:
            found[row.key] = entry_rules.read(row.body)
    return found


def rule(key: str) -> EntryRule:
    """Any version, the withdrawn too: old results must still be explained."""
    row = RuleVersion.objects.filter(key=key).first()
    return entry_rules.read(row.body) if row and row.body is not None else entry_rules.shipped()[key]


def form_of(declaration: Declaration) -> Form:
    return entry_forms.form(declaration.form)


def facts_of(declaration: Declaration) -> Facts:
    rows = declaration.certificates.exclude(name_agrees=False)
    shown = [(row.kind, row.verdict) for row in rows]
    return Facts(form_of(declaration), declaration.answers, shown, declaration.entry_on)


def outcome_of(declaration: Declaration) -> tuple[EntryRule, Outcome]:
    """Under the rule in force on the day of the declaration. Raises UserError `border.no-rule`."""
    day = timezone.localdate(declaration.declared_at)
    found = entry_rules.in_force(rules().values(), form_of(declaration).result_rules, day)
    return found, entry_rules.evaluate(found, facts_of(declaration))


def made(declaration: Declaration, now: datetime) -> Result:
    """A result, not yet saved. It may be shown until some hours after the (last) day of entry begins."""
    found, outcome = outcome_of(declaration)
    period = getattr(declaration, "period", None)
    last = period.until if period else declaration.entry_on
    starts = max(now, datetime.combine(last, datetime.min.time(), tzinfo=UTC))
    return Result(
        declaration=declaration,
        rule_key=outcome.rule,
        class_id=outcome.class_,
        reasons=[
            {"clause": one.clause, "holds": one.holds, "inputs": list(one.inputs)} for one in outcome.reasons
        ],
        made_at=now,
        expires_at=starts + timedelta(hours=found.hours),
    )


def code(result: Result, masked: str) -> str:
    """The signed text of the QR: class, validity, and the person masked (initials, sex, year); no number.

    `p`: a frequent crosser's, who shows it at every crossing of the period.
    """
    body = {"d": result.declaration_id, "c": result.class_id, "w": masked}
    if hasattr(result.declaration, "period"):
        body["p"] = 1
    start, end = floor_minute(result.made_at), ceil_minute(result.expires_at)
    return signed.sign(signed.Statement(SIGNED, start, end, body), keys.signing_key())


def read_code(text: str, now: datetime) -> tuple[int, signed.Verdict] | None:
    """Declaration and verdict of a result's code; None where the text is none."""
    found = signed.verify(text, [keys.signing_key().public_key()], floor_minute(now))
    if found is None or found.statement.kind != SIGNED:
        return None
    number = found.statement.body.get("d")
    return (number, found.verdict) if isinstance(number, int) else None


def code_note(text: str, declaration: Declaration, now: datetime) -> str:
    """What an officer must know of the code that was shown: expired, used, replaced, or nothing.

    A code is used once, at the desk; a frequent crosser's is shown at every crossing.
    """
    found = signed.verify(text, [keys.signing_key().public_key()], floor_minute(now))
    if found is None or found.statement.kind != SIGNED:
        return ""
    result = declaration.results.filter(replaced_at=None).first()
    if declaration.withdrawn_at or result is None or found.statement.body.get("c") != result.class_id:
        return "replaced"
    if found.verdict != signed.Verdict.VALID:
        return "expired"
    return "used" if result.used_at and not hasattr(declaration, "period") else ""


def explained(result: Result, language: str) -> dict[str, Any]:
    """The result in words: class, what to do, the clauses that led to it, the basis."""
    found = rule(result.rule_key)
    one = found.class_of(result.class_id)
    wanted = None if result.class_id == entry_rules.INTERVIEW else True
    led = [entry["clause"] for entry in result.reasons if entry["holds"] is wanted]
    says = [clause.says for clause in found.clauses if clause.id in led]
    return {
        "name": _said(one.name, language),
        "todo": _said(one.todo, language),
        "says": [_said(text, language) for text in says],
        "rule": _said(found.name, language),
        "basis": f"{found.basis.doc} {found.basis.article}".strip(),
        "version": found.version,
        "verified": found.verified,
    }


def _said(text: Any, language: str) -> str:
    return str(text.vi if language == "vi" else text.en)
