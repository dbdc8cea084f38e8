"""A message as a captioned clip without voice: cards of the poster's template, each as long as it takes to read.

MP4 with H.264 (constrained baseline, level 3.1), written by `h264` and `mp4`: what telephones, messengers,
televisions and the players of old computers take (ADR 0009).
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
from PIL import Image

from vungxanh.command import h264, mp4
from vungxanh.command.labels import labels
from vungxanh.command.message_texts import Words
from vungxanh.exchange.pdf import qr_svg, render

#: pictures a second: nothing moves but the bar that shows how far the clip is
RATE = 5
#: words that somebody reads in a second from a moving picture, ours, unverified; and the least seconds of a card
READING, LEAST, MOST = 2.2, 3.0, 9.0
SIDE = 720


@dataclass(frozen=True, slots=True)
class Card:
    """One still. `kind`: title, say, do, end. `seconds`: how long it stands."""

    kind: str
    text: str
    number: int
    seconds: float

    @property
    def frames(self) -> int:
        return round(self.seconds * RATE)


def cards(words: Words) -> list[Card]:
    """Title, what happened, what to do one by one, whom to call and where to check."""
    told = [("title", words.title, 0), *(("say", line, 0) for line in words.say[:2])]
    told += [("do", line, number) for number, line in enumerate(words.do, start=1)]
    shown = [Card(kind, text, number, _reading(text)) for kind, text, number in told]
    return [*shown, Card("end", words.call, 0, 5.0)]


def _reading(text: str) -> float:
    return min(MOST, max(LEAST, len(text.split()) / READING + 1.0))


def still(card: Card, words: Words, *, address: str, dates: str, part: float, drill: bool) -> bytes:
    """One card as PNG, `SIDE` pixels a side; `part` of the clip that is over when it ends."""
    template = (resources.files("vungxanh.command") / "clip.typ").read_text("utf-8")
    values = {
        "kind": card.kind,
        "text": card.text,
        "number": card.number,
        "title": words.title,
        "who": words.issuer,
        "call": words.call,
        "dates": dates,
        "address": address,
        "part": part,
        "labels": labels(words.language),
        "lang": words.language,
    }
    return render(template, values, drill=drill, pictures={"qr.svg": qr_svg(address)}, kind="png")


def clip(words: Words, *, address: str, dates: str, drill: bool) -> bytes:
    """The message as MP4."""
    shown = cards(words)
    total, done, stills = sum(card.frames for card in shown), 0, []
    for card in shown:
        done += card.frames
        stills.append(still(card, words, address=address, dates=dates, part=done / total, drill=drill))
    return _written(shown, stills)


def film_of(title: str, lines: Sequence[str]) -> bytes:
    """A title and lines as a clip, without a message behind it: a course."""
    words = Words(title, (), (), "")
    shown = [Card("title", title, 0, _reading(title)), *(Card("say", line, 0, _reading(line)) for line in lines)]
    total, done, stills = sum(card.frames for card in shown), 0, []
    for card in shown:
        done += card.frames
        stills.append(still(card, words, address="-", dates="", part=done / total, drill=False))
    return _written(shown, stills)


def _written(shown: Sequence[Card], stills: Sequence[bytes]) -> bytes:
    """H.264 in MP4; each card is one picture that the following frames repeat."""
    pictures = [np.asarray(Image.open(io.BytesIO(png)).convert("RGB")) for png in stills]
    coded = list(h264.frames([(picture, card.frames) for picture, card in zip(pictures, shown, strict=True)]))
    sets = h264.sequence(SIDE, SIDE, RATE), h264.pictures()
    return mp4.film(coded, *sets, width=SIDE, height=SIDE, rate=RATE)
