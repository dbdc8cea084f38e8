"""A result rule as the text that an officer edits: TOML in, TOML out. Pure."""

import tomllib
from datetime import date
from typing import Any

from vungxanh.border import entry_rules
from vungxanh.border.entry_rules import EntryRule
from vungxanh.core.errors import UserError

LONGEST = 60_000


def parsed(text: str) -> dict[str, Any]:
    """The text as a body that `entry_rules.read` takes. Raises UserError `border.bad-toml`, `rules.bad-rule`."""
    try:
        body = tomllib.loads(text[:LONGEST])
    except tomllib.TOMLDecodeError as exc:
        raise UserError("border.bad-toml", field="text", why=str(exc)[:200]) from exc
    if not isinstance(body.get("clauses"), list):
        raise UserError("border.bad-toml", field="text", why="[[clauses]]")
    entry_rules.read(body)
    return {key: plain(one) for key, one in body.items()}


def plain(value: Any) -> Any:
    """Dates as ISO text, so that the body can be kept as JSON."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def written(rule: EntryRule) -> str:
    """The rule as TOML: one table a class and a clause, everything else inline."""
    body = rule.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    clauses = [{("class" if key == "class_" else key): one for key, one in row.items()} for row in body["clauses"]]
    heads = [f"{key} = {_inline(one)}" for key, one in body.items() if key not in ("classes", "clauses")]
    tables = [("classes", row) for row in body["classes"]] + [("clauses", row) for row in clauses]
    return "\n".join(heads) + "".join(_table(name, row) for name, row in tables) + "\n"


def _table(name: str, row: dict[str, Any]) -> str:
    return f"\n\n[[{name}]]\n" + "\n".join(f"{key} = {_inline(value)}" for key, value in row.items())


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_inline(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else _quoted(str(value))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'
