"""Guides, slogans and posters: those that come with the program, each replaced by what an office made of it.

A text is changed in the browser and put up on a day; pictures are theirs. What stands in `guides/` stays.
"""

import base64
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from vungxanh.core.errors import UserError
from vungxanh.exchange.pdf import qr_svg, render
from vungxanh.rules.dated import Text
from vungxanh.rules.store import actions as store
from vungxanh.rules.store.models import RuleVersion

KIND = "guide"
LARGEST_PICTURE = 1_500_000
PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}


@dataclass(frozen=True, slots=True)
class Block:
    """A heading and its text; slogans have the day from which they are put up."""

    head: Text
    text: Text
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Guide:
    key: str
    kind: str
    title: Text
    blocks: tuple[Block, ...]
    picture: bytes = b""

    def shown(self, day: date) -> tuple[Block, ...]:
        """Slogans of the latest set that has begun; of the others, everything."""
        if self.kind != "slogans":
            return self.blocks
        begun = [one for one in self.blocks if one.since is None or one.since <= day]
        last = max((one.since or date.min for one in begun), default=date.min)
        return tuple(one for one in begun if (one.since or date.min) == last)


@cache
def shipped() -> dict[str, dict[str, Any]]:
    folder = resources.files("vungxanh.web") / "guides"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return {file.name[:-5]: tomllib.loads(file.read_text("utf-8")) for file in files}


def read(key: str, raw: dict[str, Any]) -> Guide:
    blocks = tuple(Block(Text(**one["head"]), Text(**one["text"]), _day(one.get("from"))) for one in raw["blocks"])
    return Guide(key, raw["kind"], Text(**raw["title"]), blocks, base64.b64decode(raw.get("picture", "")))


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


def raw_of(key: str, day: date) -> dict[str, Any]:
    """What is put up on `day`: the office's own, the last that began, else ours. Raises `web.no-guide`."""
    if key not in shipped():
        raise UserError("web.no-guide", name=key[:40])
    rows = RuleVersion.objects.filter(kind=KIND, rule=key, state="approved", valid_from__lte=day)
    own = rows.order_by("-valid_from", "-approved_at").first()
    return dict(own.content) if own else shipped()[key]


def guides(day: date) -> list[Guide]:
    return [read(key, raw_of(key, day)) for key in shipped()]


def guide(key: str, day: date) -> Guide:
    return read(key, raw_of(key, day))


def change(*, key: str, content: dict[str, Any], on: date, by: Any) -> None:
    """Put up from `on`. Raises UserError `web.guide-empty`, `web.picture-unreadable`, `rules.in-the-past`."""
    found = read(key, content)
    if not found.blocks or not all(one.head.vi and one.text.vi for one in found.blocks):
        raise UserError("web.guide-empty", field="blocks")
    number = RuleVersion.objects.filter(kind=KIND, rule=key).count() + 1
    row = store.make(kind=KIND, rule=key, version=str(number), content=content, by=by)
    store.put_in_force(row=row.pk, on=on, content=content, by=by)


def for_place(kind: str) -> list[str]:
    """Keys of what hangs and lies in a place of this kind: its posters, the guides, the slogans."""
    return [key for key, raw in shipped().items() if raw["kind"] != "poster" or kind in raw.get("places", ())]


def picture(content: bytes) -> str:
    """A PNG or JPEG as text for the store. Raises `web.picture-unreadable`."""
    is_known = any(content.startswith(magic) for magic in PICTURES)
    if not is_known or len(content) > LARGEST_PICTURE:
        raise UserError("web.picture-unreadable", field="picture")
    return base64.b64encode(content).decode()


def _as_svg(content: bytes) -> bytes:
    """A picture inside a drawing: the typesetter is handed texts only."""
    kind = "png" if content.startswith(b"\x89PNG") else "jpeg"
    inside = (
        f'<image width="100" height="100" href="data:image/{kind};base64,{base64.b64encode(content).decode()}"/>'
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{inside}</svg>'.encode()


def pdf(found: Guide, *, language: str, address: str, day: date, drill: bool) -> bytes:
    """To print: guides on A4, posters and slogans on A3."""

    def said(text: Text) -> str:
        return text.vi if language == "vi" else text.en

    name = "picture.svg" if found.picture else ""
    values = {
        "kind": found.kind,
        "title": said(found.title),
        "blocks": [{"head": said(one.head), "text": said(one.text)} for one in found.shown(day)],
        "picture": name,
        "footer": address,
    }
    template = (resources.files("vungxanh.web") / "guides.typ").read_text("utf-8")
    pictures = {"qr.svg": qr_svg(address)} | ({name: _as_svg(found.picture)} if name else {})
    return render(template, values, drill=drill, pictures=pictures)
