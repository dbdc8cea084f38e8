"""Dated data of the rooms that courses teach: when it changes, those trained are asked again."""

import json
import tomllib
from datetime import date
from functools import cache
from importlib import resources

from vungxanh.command.taught_rules import register

#: as courses name it -> package and file
DATA: dict[str, tuple[str, str]] = {
    "vn.2026.isolation.clocks": ("vungxanh.outbreak", "data/clocks.toml"),
    "vx.followup": ("vungxanh.outbreak", "data/followup.toml"),
    "vn.2026.border.clocks": ("vungxanh.border", "data/clocks.toml"),
    "vn.2026.rights": ("vungxanh.declarations", "rules/rights.toml"),
    "vx.message.words": ("vungxanh.notify", "words.toml"),
}


@cache
def text(name: str) -> str:
    """The data without its comments: a comment that is mended asks nobody again."""
    package, file = DATA[name]
    found = tomllib.loads((resources.files(package) / file).read_text("utf-8"))
    return json.dumps(found, default=str, ensure_ascii=False, sort_keys=True)


def register_all() -> None:
    def teach(name: str) -> None:
        def now(_on: date) -> str:
            return text(name)

        register(name, now)

    for name in DATA:
        teach(name)
