"""Segments kept beside the Parquet files: built once for a state of the lake, memory-mapped ever after."""

import shutil
import uuid
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path

from vungxanh.lake.evidence import Evidence
from vungxanh.lake.segment import FORMAT, Segment, load, save
from vungxanh.lake.segment_build import build

#: segments with a live tail, newest last: a question asked again of the same rows need not be prepared again
_held: OrderedDict[Hashable, Segment] = OrderedDict()
HELD = 3


def held(name: Hashable, make: Callable[[], Segment]) -> Segment:
    """The segment of that name in this process, else made and held."""
    if name not in _held:
        _held[name] = make()
    _held.move_to_end(name)
    while len(_held) > HELD:
        _held.popitem(last=False)
    return _held[name]


def kept(directory: Path, state: str, evidence: Callable[[], Evidence]) -> Segment:
    """The segment of that state; built and kept where there is none. A lake that cannot be written to is built in
    memory each time. Segments of earlier states go; who has them mapped keeps them until they are closed."""
    home = directory / "index"
    there = home / f"{state}-{FORMAT}"
    try:
        return load(there)
    except (OSError, ValueError):
        built = build(evidence())
    draft = home / f"{uuid.uuid4().hex}.tmp"
    try:
        save(built, draft)
        draft.rename(there)
    except OSError:  # read-only, full, or another process was faster
        shutil.rmtree(draft, ignore_errors=True)
        return built
    for other in home.iterdir():
        if other != there:
            shutil.rmtree(other, ignore_errors=True)
    return load(there)
