"""What is processed, why, on what basis, whose it is, who receives it, how long: `data/records.toml`."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.apps import apps
from django.db.models import Model

from vungxanh.core import retention
from vungxanh.core.vault import EncryptedTextField
from vungxanh.rules.dated import Strict, Text


class Record(Strict):
    """One kind of processing. `kept`: `room.kind` of the retention register, or a sentence where none is set."""

    key: str
    name: Text
    tables: tuple[str, ...]
    purpose: Text
    basis: str
    whose: Text
    sensitive: bool
    source: Text
    recipients: Text
    kept: str


@dataclass(frozen=True)
class Term:
    """How long, as the retention register says it; None where no rule sets an end."""

    days: float | None
    basis: str
    verified: bool


@cache
def records() -> tuple[Record, ...]:
    raw = tomllib.loads((resources.files("vungxanh.privacy") / "data" / "records.toml").read_text("utf-8"))
    return tuple(Record.model_validate({"key": key, **one}) for key, one in raw.items())


def term(record: Record) -> Term | None:
    """None for a sentence in place of a rule."""
    for room, kind in retention.kinds():
        if record.kept == f"{room}.{kind.name}":
            return Term(kind.days, kind.basis, kind.verified)
    return None


def tables_with_personal_data() -> Iterator[str]:
    """`app.Model` of every table with an encrypted column or a person's number in it."""
    for model in apps.get_models():
        if model.__module__.startswith("vungxanh.") and _is_personal(model):
            yield f"{model._meta.app_label}.{model.__name__}"  # noqa: SLF001  public API


def _is_personal(model: type[Model]) -> bool:
    fields = model._meta.get_fields()  # noqa: SLF001  public API
    return any(isinstance(one, EncryptedTextField) or one.name in {"person", "persons"} for one in fields)
