"""Where each field stands in each kind of machine-readable zone (ICAO Doc 9303 parts 3-7). Slices are 0-based."""

from dataclasses import dataclass

Slice = tuple[int, int, int]
"""(line, first, end)"""


@dataclass(frozen=True, slots=True)
class Layout:
    """One format. `composite`: the slices that the last check digit covers, empty on visas."""

    name: str
    lines: int
    width: int
    issuer: Slice
    number: Slice
    nationality: Slice
    birth: Slice
    sex: Slice
    expiry: Slice
    optional: Slice
    names: Slice
    composite: tuple[Slice, ...] = ()
    optional_check: bool = False
    optional2: Slice | None = None


def _two_lines(name: str, width: int, optional_end: int, *, composite: bool, optional_check: bool) -> Layout:
    """TD3, TD2 and the visas: names above, everything else below."""
    covered: tuple[Slice, ...] = ((1, 0, 10), (1, 13, 20), (1, 21, width - 1)) if composite else ()
    return Layout(
        name=name,
        lines=2,
        width=width,
        issuer=(0, 2, 5),
        names=(0, 5, width),
        number=(1, 0, 9),
        nationality=(1, 10, 13),
        birth=(1, 13, 19),
        sex=(1, 20, 21),
        expiry=(1, 21, 27),
        optional=(1, 28, optional_end),
        composite=covered,
        optional_check=optional_check,
    )


TD1 = Layout(
    name="TD1",
    lines=3,
    width=30,
    issuer=(0, 2, 5),
    number=(0, 5, 14),
    optional=(0, 15, 30),
    birth=(1, 0, 6),
    sex=(1, 7, 8),
    expiry=(1, 8, 14),
    nationality=(1, 15, 18),
    optional2=(1, 18, 29),
    names=(2, 0, 30),
    composite=((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)),
)
TD2 = _two_lines("TD2", 36, 35, composite=True, optional_check=False)
TD3 = _two_lines("TD3", 44, 42, composite=True, optional_check=True)
MRVA = _two_lines("MRV-A", 44, 44, composite=False, optional_check=False)
MRVB = _two_lines("MRV-B", 36, 36, composite=False, optional_check=False)


def layout_of(lines: list[str]) -> Layout | None:
    """The layout that these lines have, by their number, width and first letter."""
    visa = bool(lines) and lines[0].startswith("V")
    for layout in (TD1, MRVB if visa else TD2, MRVA if visa else TD3):
        if len(lines) == layout.lines and all(len(line) == layout.width for line in lines):
            return layout
    return None
