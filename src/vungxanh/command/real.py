"""Is this message real? What somebody received, compared with what was approved or sent from here."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from vungxanh.command.directory import numbers_elsewhere
from vungxanh.command.models import Message, MessageState
from vungxanh.core.vietnamese import fold
from vungxanh.notify.actions import official_address
from vungxanh.notify.models import Batch
from vungxanh.notify.rules import NoLink

#: how far back texts that left are compared
DAYS = 90
_VALUE = re.compile(r"\\\{\w+\\\}|\{\w+\}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`found`: "message", "sent", "withdrawn" or ""; `link` and `numbers`: what ours never hold."""

    found: str
    message: Message | None
    link: str
    numbers: tuple[str, ...]


def judge(text: str) -> Verdict:
    """Compare a text as received; capitals, marks and blanks do not count, values filled in may differ."""
    link = NoLink(official_address()).fault(text) or ""
    numbers = tuple(numbers_elsewhere(text))
    folded = _plain(text)
    if not folded:
        return Verdict("", None, link, numbers)
    row = _message(folded)
    if row is not None:
        return Verdict("withdrawn" if row.state == MessageState.WITHDRAWN else "message", row, link, numbers)
    return Verdict("sent" if not link and _sent(folded) else "", None, link, numbers)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9{}]+", fold(text)))


def _message(folded: str) -> Message | None:
    """An approved or withdrawn message whose title and first thing to do stand in the text."""
    rows = Message.objects.exclude(state=MessageState.DRAFT)  # scope: approved messages are for everybody
    for row in rows.filter(starts__gte=timezone.localdate() - timedelta(days=365)).order_by("-pk")[:500]:
        do = next((line for line in row.do.splitlines() if line.strip()), "")
        if _plain(row.title) in folded and _plain(do) in folded:
            return row
    return None


def _sent(folded: str) -> bool:
    """A text that left from here lately, whatever values stood in it."""
    since = timezone.now() - timedelta(days=DAYS)
    rows = Batch.objects.filter(made_at__gte=since).order_by("-pk")[:1000]  # scope: compared, never shown
    return any(_fits(row.text.open(), folded) for row in rows)


def _fits(template: str, folded: str) -> bool:
    parts = [re.escape(part) for part in re.split(r"\{\w+\}", _plain(template))]
    return re.fullmatch(r"[a-z0-9 ]{1,60}?".join(parts), folded) is not None
