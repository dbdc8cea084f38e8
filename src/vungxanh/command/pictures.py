"""A message as pictures: an A3 poster and a square for messengers; a drill is marked in the image itself."""

from importlib import resources
from typing import Literal

from vungxanh.command.labels import labels
from vungxanh.command.message_texts import Words
from vungxanh.exchange.pdf import qr_svg, render

Kind = Literal["pdf", "png", "svg"]


def picture(
    words: Words, *, kind: Kind, square: bool, address: str, dates: str, slogans: tuple[str, ...], drill: bool
) -> bytes:
    """One message as one page; `square` is 1080 points a side, else A3 upright."""
    template = (resources.files("vungxanh.command") / "infographic.typ").read_text("utf-8")
    values = {
        "title": words.title,
        "say": list(words.say),
        "do": list(words.do),
        "call": words.call,
        "who": words.issuer,
        "slogans": list(slogans),
        "dates": dates,
        "address": address,
        "square": square,
        "labels": labels(words.language),
        "lang": words.language,
    }
    return render(template, values, drill=drill, pictures={"qr.svg": qr_svg(address)}, kind=kind)
