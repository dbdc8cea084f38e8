"""Where a dispatch changes a rule: what differs and whom it would touch, worked out by the room that applies it.

A room above registers the kinds of rule that it applies (`register(RuleKind(...))`). A rule travels as the JSON of
its file, so that an official corrects a number and sees the difference; nothing is changed by looking.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from vungxanh.core.errors import UserError
from vungxanh.core.scope import HasGrants


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom a change touches today. `rows`: (what, before, after) in words, some of them; `left_out`: not tried."""

    come: int
    gone: int
    moved: int
    tried: int
    left_out: int
    rows: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class RuleKind:
    """`choices`: (id, label) of rules that may be changed; `raw`: one as JSON-able; `check` raises UserError."""

    key: str
    name: Any
    choices: Callable[[], Sequence[tuple[str, str]]]
    raw: Callable[[str], dict[str, Any]]
    check: Callable[[dict[str, Any]], None]
    simulate: Callable[[str, dict[str, Any], HasGrants], Touched]


_kinds: dict[str, RuleKind] = {}


def register(kind: RuleKind) -> None:
    """The same key again replaces it."""
    _kinds[kind.key] = kind


def kinds() -> dict[str, RuleKind]:
    """Every kind of rule that a dispatch may change here."""
    return dict(_kinds)


def parsed(kind: str, text: str) -> dict[str, Any]:
    """Raises UserError `command.rule-unreadable` and what the kind's own check raises."""
    if kind not in _kinds:
        raise UserError("command.rule-unreadable", field="rule_text", reason=kind)
    try:
        found = json.loads(text)
    except ValueError as exc:
        raise UserError("command.rule-unreadable", field="rule_text", reason=str(exc)[:120]) from exc
    if not isinstance(found, dict):
        raise UserError("command.rule-unreadable", field="rule_text", reason="{…}")
    _kinds[kind].check(found)
    return found


def fingerprint(kind: str, rule: str, text: str) -> str:
    """What was shown: another text must be shown again."""
    return hashlib.sha256(f"{kind}\x1f{rule}\x1f{text}".encode()).hexdigest()


def difference(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """(where, before, after) of every value that differs, in the order of the first; "" where there is none."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from difference(before.get(key), after.get(key), f"{path}.{key}".strip("."))
    elif isinstance(before, list) and isinstance(after, list):
        for at in range(max(len(before), len(after))):
            old = before[at] if at < len(before) else None
            new = after[at] if at < len(after) else None
            yield from difference(old, new, f"{path}[{at + 1}]")
    elif before != after:
        yield path, _said(before), _said(after)


def _said(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
