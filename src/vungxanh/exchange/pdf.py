"""PDF by typst: a template file and values, never markup made of values.

Values reach the template as JSON under `sys.inputs.data`; a name full of typst commands stays a name. A template
is one `.typ` file of the room that asks, with `#import "/vx.typ": *` for what all papers share.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import segno

from vungxanh.core.errors import UserError

#: typst's own file that all templates may import
COMMON = "vx.typ"


def render(
    template: str,
    values: Mapping[str, Any],
    *,
    drill: bool = False,
    pictures: Mapping[str, bytes] | None = None,
    kind: Literal["pdf", "png", "svg"] = "pdf",
) -> bytes:
    """`template` (typst source) filled with `values` (JSON-able) -> a PDF, or one page as a picture, as bytes.

    `pictures`: name -> SVG or PNG bytes, which the template names as `image("/NAME")`.
    Raises UserError `exchange.paper-failed` where typst refuses the template.
    """
    import typst

    files = {"main": template.encode(), COMMON: _common(), **(pictures or {})}
    inputs = {"data": json.dumps(values, ensure_ascii=False, default=str), "drill": "1" if drill else ""}
    try:
        # its stubs do not know that several files may be given as a dict
        made = typst.compile(files, sys_inputs=inputs, font_paths=[str(fonts())], format=kind)  # type: ignore[call-overload]
    except typst.TypstError as exc:
        raise UserError("exchange.paper-failed", reason=str(exc)[:300]) from exc
    if not isinstance(made, bytes):
        raise UserError("exchange.paper-failed", reason="not one page")
    return made


def qr_svg(text: str, *, level: str = "m", scale: int = 1) -> bytes:
    """A QR code as SVG: for `pictures`, where the template decides its size, or on a page `scale` pixels a module.

    `level` l, m, q or h.
    """
    from io import BytesIO

    target = BytesIO()
    segno.make_qr(text, error=level, boost_error=False).save(
        target, kind="svg", border=4, xmldecl=False, scale=scale, light="#fff"
    )
    return target.getvalue()


def fonts() -> Path:
    """Folder of our own fonts; typst falls back on its own Libertinus, which has every Vietnamese letter."""
    return Path(str(resources.files("vungxanh.exchange") / "fonts"))


@cache
def _common() -> bytes:
    return (resources.files("vungxanh.exchange") / "typst" / COMMON).read_bytes()
