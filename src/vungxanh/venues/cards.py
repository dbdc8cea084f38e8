"""Printed cards of people and market tickets: eight on a sheet of A4, each with a code of 5 × 5 cm."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib import resources

from vungxanh.venues.posters import PPI, Picture, svg


@dataclass(frozen=True, slots=True)
class Card:
    """`shown`: large; `code`: the text of its QR; `lines` below. A card names nobody whole."""

    shown: str
    number: str
    code: str
    title: str = ""
    lines: tuple[str, ...] = ()


def draw(
    cards: Sequence[Card],
    *,
    language: str = "vi",
    drill: bool = False,
    picture: Picture = "pdf",
    printed: date | None = None,
) -> bytes:
    """All cards in one PDF; as PNG the first sheet only."""
    import typst

    entries = [asdict(card) | {"qr": svg(card.code)} for card in cards]
    when = f"{printed:%d/%m/%Y}" if printed else ""
    data = {"language": language, "drill": drill, "printed": when, "cards": entries}
    made = typst.compile(
        (resources.files("vungxanh.venues") / "cards.typ").read_bytes(),
        format=picture,
        ppi=PPI,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    first = made[0] if isinstance(made, list) else made
    assert isinstance(first, bytes)
    return first
