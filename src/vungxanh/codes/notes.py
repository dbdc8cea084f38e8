"""Warnings: what looks wrong in a code that was read all the same. A warning never refuses."""

from dataclasses import dataclass

from vungxanh.core.errors import message


@dataclass(frozen=True, slots=True)
class Note:
    """One warning: a code of `codes/errors.toml` with its parameters."""

    code: str
    params: tuple[tuple[str, str], ...] = ()

    def text(self, language: str = "vi") -> str:
        """The sentence in `language` ("vi" or "en")."""
        return message(f"codes.{self.code}", language).format(**dict(self.params))

    def as_json(self) -> dict[str, str]:
        return {"code": f"codes.{self.code}", "message": self.text("en"), "thong_bao": self.text("vi")}


def note(code: str, **params: object) -> Note:
    return Note(code, tuple((key, str(value)) for key, value in params.items()))
