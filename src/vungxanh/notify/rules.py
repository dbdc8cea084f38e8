"""What an SMS or a call to a citizen may hold: no link, no diagnosis, no class. One class a rule."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Protocol

from vungxanh.core.errors import UserError
from vungxanh.core.vietnamese import fold
from vungxanh.notify.sms import parts

#: longer than this an SMS arrives in pieces, late and dear
MOST_PARTS = 3


@cache
def _words(kind: str) -> re.Pattern[str]:
    table = tomllib.loads((resources.files("vungxanh.notify") / "words.toml").read_text("utf-8"))
    choices = "|".join(sorted((re.escape(fold(word)) for word in table[kind]), key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{choices})(?![^\W_])")


class Rule(Protocol):
    """Says what is wrong with a text, or nothing."""

    code: str

    def fault(self, text: str) -> str | None: ...


class NoLink:
    """A link in an SMS is how people are robbed; the official address is typed, or scanned from a poster.

    The address of the installation itself may stand in the text without a scheme.
    """

    code = "notify.link"
    pattern = re.compile(
        r"(?:https?:|www\.)\S*|(?<![\w@])[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,24}(?:/\S*)?",
        re.IGNORECASE,
    )

    def __init__(self, official: str = "") -> None:
        self.official = official.lower()

    def fault(self, text: str) -> str | None:
        found = (match.group().rstrip(".,;") for match in self.pattern.finditer(text))
        return next((link for link in found if link.lower() != self.official), None)


class NoDiagnosis:
    """Nobody learns of a disease, and no neighbour reads of one, from a message on a screen."""

    code = "notify.diagnosis"

    def fault(self, text: str) -> str | None:
        match = _words("diagnosis").search(fold(text))
        return match.group() if match else None


class NoClass:
    """No F0, F1, colour or "close contact" on a screen: the person is asked to call or to log in."""

    code = "notify.class"

    def fault(self, text: str) -> str | None:
        match = _words("class").search(fold(text))
        return match.group() if match else None


class ShortEnough:
    """At most three parts."""

    code = "notify.too-long"

    def fault(self, text: str) -> str | None:
        count = parts(text)
        return str(count) if count > MOST_PARTS else None


def citizen_rules(official: str = "") -> tuple[Rule, ...]:
    """Every rule of a message to a citizen, in the order in which they are told."""
    return (NoLink(official), NoDiagnosis(), NoClass(), ShortEnough())


def faults(text: str, official: str = "") -> Iterator[tuple[str, str]]:
    """(code, what) of each broken rule."""
    for rule in citizen_rules(official):
        found = rule.fault(text)
        if found is not None:
            yield rule.code, found


def check(text: str, official: str = "") -> None:
    """Raises UserError with the first broken rule."""
    for code, found in faults(text, official):
        raise UserError(code, field="text", found=found)
