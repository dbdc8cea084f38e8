"""The machine that figures are of."""

import os
import platform
from pathlib import Path


def machine() -> str:
    """Processor, cores, memory, Python and load: every figure is of this machine and this hour."""
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} × {model}, {gib:.0f} GiB, Python {platform.python_version()}, load {load:.1f}"
