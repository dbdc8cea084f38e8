"""What crosses the door of this room."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vungxanh.forms.definition import Form


@dataclass(frozen=True, slots=True)
class NewDeclaration:
    """Answers ready to be sent. `sender`: the sender's own id, so that sending twice changes nothing.

    `person`: known from an earlier declaration on this device; `given_at`: when it was filled in, which may be
    hours before it arrived. `scope_path`: who sees it, where the answers say no commune.
    """

    form: Form
    answers: dict[str, Any]
    whom: str
    channel: str
    sender: str
    given_at: datetime
    device: str = ""
    person: int | None = None
    corrects: int | None = None
    scope_path: str = ""
