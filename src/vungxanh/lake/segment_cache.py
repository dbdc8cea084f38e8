"""Segments kept beside the Parquet files: built once for a state of the lake, memory-mapped ever after."""

import json
import shutil
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path

from vungxanh.lake.evidence import Evidence
from vungxanh.lake.manifest import File, Manifest
from vungxanh.lake.segment import FORMAT, Segment, load, save
from vungxanh.lake.segment_build import build
from vungxanh.lake.segment_extend import Raw, extended

#: segments open in this process, newest last
_held: OrderedDict[tuple[Path, str], Segment] = OrderedDict()
HELD = 3
#: rows that may lie on top of a kept segment before the whole is built again
FEW, SHARE = 200_000, 0.1
Reader = Callable[[list[File]], Evidence]


def kept(directory: Path, manifest: Manifest, read: Reader, raw: Raw) -> Segment:
    """The segment of a state: of this process, kept on disk, kept with the newest files on top, or new.

    A lake that cannot be written to has its segment built in memory.
    """
    name = (directory.resolve(), manifest.state)
    if name not in _held:
        _held[name] = (
            opened(directory / "index" / f"{manifest.state}-{FORMAT}")
            or on_top(directory / "index", manifest, read, raw)
            or built(directory / "index", manifest, read)
        )
    _held.move_to_end(name)
    while len(_held) > HELD:
        _held.popitem(last=False)
    return _held[name]


def opened(there: Path) -> Segment | None:
    try:
        return load(there)
    except (OSError, ValueError, KeyError):
        return None


def on_top(home: Path, manifest: Manifest, read: Reader, raw: Raw) -> Segment | None:
    """An older segment of whose files none is gone, with the files that came since."""
    found = nearest(home, manifest)
    base = opened(found[0]) if found else None
    return extended(base, read(found[1]), raw) if base and found else None


def nearest(home: Path, manifest: Manifest) -> tuple[Path, list[File]] | None:
    """The kept segment that covers most, and the files that it does not cover; None where they are too many."""
    present = {file.path: file for file in manifest.files}
    for there, covered in sorted(older(home), key=lambda found: -len(found[1])):
        if covered <= present.keys():
            rest = [file for path, file in present.items() if path not in covered and file.order != "place"]
            most = max(FEW, SHARE * sum(present[path].rows for path in covered))
            return (there, rest) if sum(file.rows for file in rest) <= most else None
    return None


def older(home: Path) -> Iterator[tuple[Path, set[str]]]:
    """Kept segments and the files they cover."""
    for there in home.glob(f"*-{FORMAT}"):
        try:
            yield there, set(json.loads((there / "meta.json").read_text("utf-8"))["notes"]["files"])
        except (OSError, ValueError, KeyError):
            continue


def built(home: Path, manifest: Manifest, read: Reader) -> Segment:
    """Built, kept, and mapped. Segments of earlier states go; who has them mapped keeps them until they close."""
    made = build(read([file for file in manifest.files if file.order != "place"]))
    draft, there = home / f"{uuid.uuid4().hex}.tmp", home / f"{manifest.state}-{FORMAT}"
    try:
        save(made, draft, files=[file.path for file in manifest.files])
        draft.rename(there)
    except OSError:  # read-only, full, or another process was faster
        shutil.rmtree(draft, ignore_errors=True)
        return made
    for other in home.iterdir():
        if other != there:
            shutil.rmtree(other, ignore_errors=True)
    return load(there)


def fresh(directory: Path, manifest: Manifest, read: Reader) -> bool:
    """Build anew where no kept segment comes near this state, so that no question has to wait for it."""
    home = directory / "index"
    if nearest(home, manifest) is not None:
        return False
    built(home, manifest, read)
    return True
