"""The three ways something can go wrong, and where their words come from.

A `UserError` is the sender's mistake: a stable code, a sentence in their language, nothing half-written.
An `OperatorError` is the installation's: it says what to fix. Anything else is a bug and is not caught.

Codes are `<package>.<name>` (`lake.end-before-start`); the sentences stand in `errors.toml` of that package,
once in Vietnamese and once in English, with `{parameters}` in braces.
"""

import tomllib
from functools import cache
from importlib import resources

EXIT_ANSWERED, EXIT_USER, EXIT_USAGE, EXIT_OPERATOR = 0, 1, 2, 3


class VungXanhError(Exception):
    """Base of both kinds; never raised itself."""

    exit_code = EXIT_USER

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(self.text("en"))

    def text(self, language: str = "vi") -> str:
        """The sentence in `language` ("vi" or "en")."""
        return message(self.code, language).format(**self.params)

    def as_json(self) -> dict[str, object]:
        return {"error": self.code, "message": self.text("en"), "thong_bao": self.text("vi"), **self.params}


class UserError(VungXanhError):
    """The input is wrong. `field` names where, when the input has fields."""

    def __init__(self, code: str, *, field: str | None = None, **params: object) -> None:
        self.field = field
        super().__init__(code, **params)


class OperatorError(VungXanhError):
    """The installation is wrong: a port in use, no disk, a key that is missing."""

    exit_code = EXIT_OPERATOR


@cache
def catalogue(package: str) -> dict[str, dict[str, str]]:
    """Code (without the package) -> {"vi": …, "en": …} of one package."""
    file = resources.files(f"vungxanh.{package}") / "errors.toml"
    return tomllib.loads(file.read_text("utf-8"))


def message(code: str, language: str) -> str:
    package, _, name = code.partition(".")
    return catalogue(package)[name][language]
