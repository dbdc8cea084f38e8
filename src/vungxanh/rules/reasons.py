"""The sentences by which a verdict explains itself, from `reasons.toml`: once in Vietnamese, once in English."""

import tomllib
from functools import cache
from importlib import resources

from vungxanh.rules.dated import Text


@cache
def _catalogue() -> dict[str, Text]:
    raw = tomllib.loads((resources.files("vungxanh.rules") / "reasons.toml").read_text("utf-8"))
    return {code: Text(**both) for code, both in raw.items()}


def reason(code: str, **params: object) -> Text:
    """The sentence `code` with its `{parameters}` filled."""
    return _catalogue()[code].filled(**params)
