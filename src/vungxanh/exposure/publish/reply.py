"""Replies of one size: what was accepted, refused or fake looks the same on the wire."""

import json
from dataclasses import dataclass, field
from secrets import token_urlsafe

from vungxanh.exposure.publish.request import RefusedError


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply before it is padded."""

    status: int = 200
    fields: dict[str, object] = field(default_factory=dict)

    def body(self, size: int) -> bytes:
        """JSON of exactly `size` bytes; the rest is random."""
        bare = json.dumps({**self.fields, "padding": ""}).encode()
        missing = max(size - len(bare), 0)
        return json.dumps({**self.fields, "padding": token_urlsafe(missing)[:missing]}).encode()


def refusal(refused: RefusedError) -> Reply:
    return Reply(refused.status, {"code": refused.code, "error": refused.rule})
