"""Which inner loops a search uses: compiled ones where Numba is there and the lake is worth the loading of it.

`VUNGXANH_KERNEL` set to `numba` or `numpy` decides instead.
"""

import importlib.util
import os
from importlib import import_module
from typing import Any

from vungxanh.lake.segment import Segment

#: pieces below which NumPy has answered before Numba is imported
WORTH = 200_000


_loaded: dict[str, Any] = {}


def kernel_for(segment: Segment) -> Any:
    """The module with the inner loops."""
    wanted = os.environ.get("VUNGXANH_KERNEL") or ("numba" if worth(segment) else "numpy")
    if wanted not in _loaded:
        _loaded[wanted] = import_module(f"vungxanh.tracing.engines.index_{wanted}")
    return _loaded[wanted]


def worth(segment: Segment) -> bool:
    if "numba" in _loaded:
        return True
    big = sum(len(layer.visits.node) + len(layer.meetings.other) for layer in segment.layers) >= WORTH
    return big and importlib.util.find_spec("numba") is not None
