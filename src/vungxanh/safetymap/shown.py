"""Published values as a page shows them: stale struck through with its age, unknown grey, closed as closed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from vungxanh.places.kinds import kinds
from vungxanh.safetymap.points import KINDS


@dataclass(frozen=True)
class Shown:
    """What a page says of a commune or a place. `level` is a colour only where one was law; `known` a result."""

    level: str
    word: str
    on: str = ""
    source: str = ""
    stale: str = ""
    known: bool = True


def local(text: dict[str, str] | None) -> str:
    """The sentence in the language of the page."""
    language = (get_language() or "vi")[:2]
    return (text or {}).get(language) or (text or {}).get("vi", "")


def kind_name(code: str) -> str:
    """What a kind of place is called in the language of the page; the code of an unknown one."""
    known = kinds().get(code)
    return local(known.name.model_dump()) if known else code


def moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def day_of(when: datetime | None) -> str:
    return date_format(timezone.localtime(when), "d/m/Y") if when else ""


def place_shown(row: dict[str, Any], now: datetime | None = None) -> Shown:
    """State of a place: closed, not assessed, stale, or its result with whose it is. No law gives it a colour."""
    if row.get("closed"):
        return Shown("unknown", _("Closed"), known=False)
    if not row.get("assessed_at"):
        return Shown("unknown", _("Not assessed"), known=False)
    source = _("by an inspector") if row.get("assessor") == "inspector" else _("by the place itself")
    at, until = moment(row["assessed_at"]), moment(row.get("valid_until"))
    word = local(row.get("band_name")) or _("scored, no verdict")
    return Shown("unknown", word, day_of(at), source, age(at, until, now or timezone.now()))


def age(at: datetime | None, until: datetime | None, now: datetime) -> str:
    """How old a stale result is; empty while it is fresh."""
    if at is None or until is None or until > now:
        return ""
    days = (now - at).days
    return ngettext("%(days)d day old, to be assessed again", "%(days)d days old, to be assessed again", days) % {
        "days": days
    }


def commune_shown(row: dict[str, Any]) -> Shown:
    """Level of a commune by its legal word; the colour only where the rule had one."""
    word = local(row.get("word")) or _("no level")
    when = moment(row.get("effective_at"))
    if when and when > timezone.now():  # at the hour of reading: a page may be older than the hour of effect
        word = _("%(word)s from %(when)s") % {"word": word, "when": _hour(when)}
    return Shown(
        row.get("color") or "unknown", word, day_of(moment(row.get("effective_at"))), row.get("basis", "")
    )


def _hour(when: datetime | None) -> str:
    return date_format(timezone.localtime(when), "H:i d/m/Y") if when else ""


def point_shown(row: dict[str, Any]) -> str:
    """`Xét nghiệm · 7:00–17:00 · 0208 000 000`."""
    return " · ".join(part for part in (str(KINDS[row["kind"]]), row["hours"], row["phone"]) if part)


def window(row: dict[str, Any]) -> str:
    """`Thứ Hai 3/1, 09:10–09:46`."""
    start, end = moment(row["start"]), moment(row["end"])
    assert start is not None
    assert end is not None
    begin, finish = timezone.localtime(start), timezone.localtime(end)
    first = f"{date_format(begin, 'l j/n')}, {begin:%H:%M}"
    return f"{first}–{finish:%H:%M}" if begin.date() == finish.date() else f"{first} – {finish:%H:%M %d/%m}"
