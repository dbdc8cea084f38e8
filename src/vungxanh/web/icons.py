"""Our own icons and the shape that belongs to each official level."""

import tomllib
from pathlib import Path

#: name -> SVG path on a 24 × 24 field
ICONS: dict[str, str] = tomllib.loads((Path(__file__).parent / "icons.toml").read_text("utf-8"))

#: each official level has a shape of its own, so that colour never speaks alone
LEVEL_ICONS = {"green": "tick", "yellow": "clock", "orange": "attention", "red": "stop", "unknown": "question"}
