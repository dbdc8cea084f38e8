"""Posters: one page or one card a place, drawn by typst from one frozen value, so that tests read it back."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib import resources
from typing import Literal
from urllib.parse import urlsplit

import segno

Sheet = Literal["a3", "a4", "a5", "cards"]
Picture = Literal["pdf", "png"]
#: dots an inch of pictures: a card's module is then eight dots wide
PPI = 200


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on it. `link` is the signed address in the code; `help` a number for questions."""

    name: str
    address: str
    number: str
    help: str
    link: str
    printed: date


def svg(link: str) -> str:
    """The code, error correction M. Half of its quiet zone is in the picture; the sheet leaves the other half."""
    out = io.BytesIO()
    segno.make(link, error="m", boost_error=False, micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()


def draw(
    posters: Sequence[Poster],
    *,
    sheet: Sheet = "a4",
    language: str = "vi",
    drill: bool = False,
    picture: Picture = "pdf",
) -> bytes:
    """All posters in one PDF; as PNG the first page only. `drill` marks every page and every card."""
    import typst

    data = {"sheet": sheet, "language": language, "drill": drill, "posters": [_entry(p) for p in posters]}
    source = (resources.files("vungxanh.venues") / "posters.typ").read_bytes()
    made = typst.compile(
        source,
        format=picture,
        ppi=PPI,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    first = made[0] if isinstance(made, list) else made
    assert isinstance(first, bytes)
    return first


def _entry(poster: Poster) -> dict[str, str]:
    host = urlsplit(poster.link).netloc
    shown = {key: value for key, value in asdict(poster).items() if key != "printed"}
    return shown | {"printed": f"{poster.printed:%d/%m/%Y}", "host": host, "qr": svg(poster.link)}
