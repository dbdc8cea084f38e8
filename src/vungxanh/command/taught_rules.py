"""What a course rests on: the rules that it names and the ones in force, as one fingerprint."""

import hashlib
from collections.abc import Callable
from dataclasses import fields
from datetime import date

from vungxanh.command.courses_data import Course
from vungxanh.core.errors import UserError
from vungxanh.rules.contact import ContactRule, contact_rules, rule_in_force
from vungxanh.rules.duties import duty_rule

_texts: dict[str, Callable[[date], str]] = {}


def register(name: str, text: Callable[[date], str]) -> None:
    """Data of another room that a course may name; the same name again replaces it."""
    _texts[name] = text


def fingerprint(course: Course, on: date) -> str:
    """Another one when a taught rule changes or another comes into force in its place; "" teaches none.

    Raises KeyError for a name that nothing stands behind: such a course would never be asked again.
    """
    if not course.teaches:
        return ""
    parts = [part for name in course.teaches for part in _parts(name, on)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _parts(name: str, on: date) -> list[str]:
    rule = contact_rules().get(name)
    if rule is not None:
        return [_text(rule), _in_force(rule, on)]
    if name == duty_rule().id:
        return [name, duty_rule().model_dump_json()]
    return [name, _texts[name](on)]


def _text(rule: ContactRule) -> str:
    return repr([(field.name, getattr(rule, field.name)) for field in fields(rule)])


def _in_force(rule: ContactRule, on: date) -> str:
    try:
        return rule_in_force(on, rule.disease).id
    except UserError:
        return "none"
