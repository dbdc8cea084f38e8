"""A trace as it was answered, sealed: what was asked, what was known, what came out; to be replayed years later.

The seal names the state of the lake, the rules word for word, and the version of the code. `replay` asks again and
compares; it says which of them differs. A citizen who objects gets their own part only.
"""

import json
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from datetime import date
from hashlib import blake2b
from importlib import resources
from typing import Any

from vungxanh import __version__
from vungxanh.core.errors import UserError
from vungxanh.lake.memory import Lake
from vungxanh.lake.store import LakeStore
from vungxanh.rules.contact import Bounds, ContactRule, contact_rule, contact_rules
from vungxanh.tracing import trace
from vungxanh.tracing.engines.world import World
from vungxanh.tracing.explain import explain
from vungxanh.tracing.model import ContactRow, IndexPerson, TraceRequest, TraceResult
from vungxanh.tracing.output import fields_of

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Seal:
    """`lake`, `rules`, `code`: what was known then; `answer`: digest of the rows; `head`: digest of all of it."""

    request: str
    lake: str
    rules: dict[str, str]
    code: str
    rows: int
    answer: str
    head: str
    format: int = FORMAT

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def of_json(cls, text: str) -> "Seal":
        """Raises UserError `tracing.seal-broken` where the text is not what was sealed."""
        try:
            seal = cls(**json.loads(text))
        except (ValueError, TypeError) as exc:
            raise UserError("tracing.seal-broken") from exc
        if seal.head != _head(seal) or seal.format != FORMAT:
            raise UserError("tracing.seal-broken")
        return seal


@dataclass(frozen=True, slots=True)
class Replay:
    """The rows asked again, and what differs from then: "lake", "rules", "code", "answer"."""

    result: TraceResult
    differs: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Are the rows those of then?"""
        return "answer" not in self.differs


def seal(request: TraceRequest, result: TraceResult) -> Seal:
    """Seal an answer. The request is kept with its rules by id; rules outside the packs cannot be sealed."""
    rules = {w.rule: digest_of(contact_rule(w.rule)) for w in result.windows}
    draft = Seal(
        _request_text(request), result.lake, rules, __version__, len(result.rows), answer_of(result.rows), ""
    )
    return replace(draft, head=_head(draft))


def replay(sealed: Seal, lake: Lake) -> Replay:
    """Ask again in `lake`, which may have grown since: the answer says whether it is the lake of then."""
    result = trace(_request_of(sealed.request), lake)
    now = {rule: digest_of(contact_rules()[rule]) if rule in contact_rules() else "" for rule in sealed.rules}
    differs = {
        "lake": result.lake != sealed.lake,
        "rules": now != sealed.rules,
        "code": __version__ != sealed.code,
        "answer": answer_of(result.rows) != sealed.answer,
    }
    return Replay(result, tuple(name for name, other in differs.items() if other))


def own_part(rows: Iterable[ContactRow], person: int) -> list[dict[str, object]]:
    """What a person may see of a trace: their own rows without anybody else's identity."""
    found = []
    for row in rows:
        if row.contact == person:
            fields = fields_of(row)
            items = [{k: v for k, v in item.items() if k in SHOWN} for item in _items(fields["evidence"])]
            found.append({k: fields[k] for k in OWN} | {"evidence": items})
    return found


def own_part_explained(rows: Iterable[ContactRow], person: int, lake: LakeStore) -> list[dict[str, object]]:
    """The same with the reasons: what is known and missing of each item, and the branches of the rule that hold.
    What a branch knows about the other person (their mask) stays out."""
    mine = [row for row in rows if row.contact == person]
    people = {person} | {item.infector for row in mine for item in row.evidence}
    world = World(lake.evidence_of(people))
    found = []
    for row, part in zip(mine, own_part(mine, person), strict=True):
        rule = contact_rule(row.rule)
        reasons = [
            {
                "branches": [{"id": b.id, "vi": b.vi, "en": b.en} for b in reason.branches],
                "known": {k: v for k, v in reason.known.items() if k not in OF_THE_OTHER},
                "missing": [name for name in reason.missing if name not in OF_THE_OTHER],
            }
            for reason in explain(row, rule, world)
        ]
        found.append({**part, "document": rule.basis.document, "reasons": reasons})
    return found


OF_THE_OTHER = ("mask_case",)
OWN = ("generation", "first_exposed", "last_exposed", "minutes", "certainty", "rule")
SHOWN = ("kind", "place", "start", "end", "seconds", "assumed", "air", "contained", "contact_row")


def _items(evidence: object) -> list[dict[str, object]]:
    assert isinstance(evidence, list)
    return evidence


def held_until(today: date) -> date:
    """The day to which the state behind a seal made today is held."""
    text = (resources.files("vungxanh.rules") / "data" / "seal.toml").read_text("utf-8")
    return today.replace(year=today.year + int(tomllib.loads(text)["years_held"]), day=min(today.day, 28))


def answer_of(rows: Iterable[ContactRow]) -> str:
    """Digest of rows, evidence included."""
    digest = blake2b(digest_size=16)
    for row in rows:
        digest.update(json.dumps(fields_of(row), sort_keys=True).encode())
    return digest.hexdigest()


def digest_of(rule: ContactRule) -> str:
    """Digest of a rule's every word and number."""
    text = json.dumps({f.name: getattr(rule, f.name) for f in fields(rule)}, default=_plain, sort_keys=True)
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)


def _head(sealed: Seal) -> str:
    return blake2b(replace(sealed, head="").as_json().encode(), digest_size=16).hexdigest()


def _request_text(request: TraceRequest) -> str:
    if isinstance(request.rule, ContactRule) and contact_rules().get(request.rule.id) != request.rule:
        raise UserError("tracing.rule-not-in-pack", rule=request.rule.id)
    named = replace(request, rule=request.rule.id if isinstance(request.rule, ContactRule) else request.rule)
    return json.dumps(asdict(named), default=str, sort_keys=True)


def _request_of(text: str) -> TraceRequest:
    raw: dict[str, Any] = json.loads(text)
    cases = tuple(IndexPerson(**{k: _day(k, v) for k, v in case.items()}) for case in raw.pop("cases"))
    bounds = raw.pop("bounds")
    return TraceRequest(cases, **raw, bounds=Bounds(**bounds) if bounds else None)


def _day(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in {"onset", "sampled"} and value else value
