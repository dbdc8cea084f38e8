"""Where the built assets are: the manifest that the build writes, read once and again when it changes."""

import json
from functools import lru_cache
from pathlib import Path
from typing import TypedDict, cast

from django.templatetags.static import static

DIST = Path(__file__).resolve().parent / "static" / "dist"
MANIFEST = DIST / "manifest.json"


class Chunk(TypedDict, total=False):
    file: str
    name: str
    css: list[str]
    imports: list[str]
    dynamicImports: list[str]
    assets: list[str]
    isEntry: bool


@lru_cache(maxsize=2)
def _read(stamp: int) -> dict[str, Chunk]:
    del stamp  # only tells one build from the next
    return cast(dict[str, Chunk], json.loads(MANIFEST.read_text()))


def manifest() -> dict[str, Chunk]:
    """Source name -> chunk; empty before the first build, so that pages can be tested without a browser."""
    try:
        return _read(MANIFEST.stat().st_mtime_ns)
    except OSError:
        return {}


def entry(name: str) -> Chunk:
    """The chunk of an entry point (`citizen`, `desk`, …)."""
    found = [chunk for chunk in manifest().values() if chunk.get("isEntry") and chunk.get("name") == name]
    return found[0] if found else {}


def styles(name: str) -> list[str]:
    """Addresses of the style sheets of an entry point."""
    return [static(f"dist/{file}") for file in entry(name).get("css", [])]


def scripts(name: str) -> list[str]:
    """Address of the entry point's module, first of those that it imports at once."""
    chunk = entry(name)
    names = [chunk["file"]] if chunk else []
    names += [manifest()[key]["file"] for key in chunk.get("imports", [])]
    return [static(f"dist/{file}") for file in names]
