"""A health certificate of any kind -> one answer: what it says, and whether to believe it."""

from dataclasses import dataclass
from datetime import date, datetime

from vungxanh.codes import dcc, vdsnc
from vungxanh.codes.notes import Note
from vungxanh.codes.trust import TrustList, Verdict
from vungxanh.core.errors import UserError


@dataclass(frozen=True, slots=True)
class Certificate:
    """`format` dcc or vdsnc; `kind` vaccination, test or recovery; `verdict` is belief, not sufficiency."""

    format: str
    kind: str
    verdict: Verdict
    issuer: str
    name: str
    birth: date | None
    identifier: str
    entry: dict[str, str]
    warnings: tuple[Note, ...]

    def as_json(self) -> dict[str, object]:
        return {
            "format": self.format,
            "kind": self.kind,
            "verdict": self.verdict.value,
            "issuer": self.issuer,
            "name": self.name,
            "birth": self.birth.isoformat() if self.birth else None,
            "identifier": self.identifier,
            "entry": self.entry,
            "warnings": [item.as_json() for item in self.warnings],
        }


def judge(text: str, trusted: TrustList, at: datetime) -> Certificate:
    """Read and verify `text` at `at` (aware). Raises UserError of `codes` where it is no certificate."""
    bare = text.strip("\r\n\t\0")
    if bare.startswith(dcc.PREFIX):
        return _dcc(dcc.parse(bare), trusted, at)
    if bare.lstrip().startswith("{"):
        return _vdsnc(vdsnc.parse(bare), trusted, at)
    raise UserError("codes.not-a-certificate")


def _dcc(found: dcc.Dcc, trusted: TrustList, at: datetime) -> Certificate:
    name = " ".join(part for part in (found.surname, found.given) if part)
    verdict = dcc.verify(found, trusted, at)
    entry = dict(found.entry)
    return Certificate(
        "dcc", found.kind, verdict, found.issuer, name, found.birth, found.identifier, entry, found.warnings
    )


def _vdsnc(found: vdsnc.VdsNc, trusted: TrustList, at: datetime) -> Certificate:
    verdict = vdsnc.verify(found, trusted, at)
    entry = {"document": found.document, "events": found.events}
    return Certificate(
        "vdsnc",
        found.kind,
        verdict,
        found.issuer,
        found.name,
        found.birth,
        found.identifier,
        entry,
        found.warnings,
    )
