"""What every dated rule of this folder carries: names, territory, days in force, legal basis, evidence.

A rule is a TOML file. Its models refuse unknown keys, so that a misspelt threshold is an error and not a default.
"""

import tomllib
from collections.abc import Iterator
from datetime import date
from importlib import resources
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from vungxanh.core.errors import UserError

Rule = TypeVar("Rule", bound=BaseModel)


class Strict(BaseModel):
    """Frozen; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Strict):
    """One sentence in both languages."""

    vi: str
    en: str

    def filled(self, **params: object) -> "Text":
        """`{parameters}` filled in; a parameter that is a Text goes in language by language."""
        vi = {key: value.vi if isinstance(value, Text) else value for key, value in params.items()}
        en = {key: value.en if isinstance(value, Text) else value for key, value in params.items()}
        return Text(vi=self.vi.format(**vi), en=self.en.format(**en))


class Basis(Strict):
    """Where a rule comes from. `own` marks what this project wrote itself."""

    doc: str
    issuer: str = ""
    article: str = ""
    date: Annotated[str, Field(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")] = ""
    own: bool = False


#: How a fact was established: two sources, one, second-hand, our own reckoning, from memory only.
Evidence = Literal["V2", "V", "S", "C", "M"]


class Dated(Strict):
    """Head of a rule. `verified` is true when every number in it was read in a named source."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.\-]*$")]
    kind: str
    name: Text
    territory: str = "VN"
    valid_from: date | None = None
    valid_to: date | None = None
    basis: Basis
    evidence: Evidence = "S"
    verified: bool = False
    gaps: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        return self

    def in_force(self, day: date) -> bool:
        """Was this rule in force on `day`? An open end is open; without a first day it never was."""
        if self.valid_from is None or day < self.valid_from:
            return False
        return self.valid_to is None or day <= self.valid_to


def packaged(folder: str) -> Iterator[dict[str, Any]]:
    """The TOML files of one folder of `vungxanh.rules`, in order of their names."""
    where = resources.files("vungxanh.rules") / folder
    for file in sorted(where.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            yield tomllib.loads(file.read_text("utf-8"))


def parse(model: type[Rule], raw: object) -> Rule:
    """`raw` as a `model`. Raises UserError `rules.bad-rule` naming the first wrong field."""
    try:
        return model.model_validate(raw)
    except ValidationError as exc:
        first = exc.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "(rule)"
        raise UserError("rules.bad-rule", field=where, where=where, why=first["msg"]) from exc
