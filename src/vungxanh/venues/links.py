"""The address in a poster's code: short, signed, and leading to the place whatever its name is today."""

import os
from functools import cache

from vungxanh.codes.signed import Kind, Short, TagKey, Verdict, link, read_short, short
from vungxanh.core.vault import keyed_hash
from vungxanh.places.models import Place
from vungxanh.places.queries import current


def tag_keys() -> list[TagKey]:
    """Keys of the short codes of this installation, derived from the vault's; the last one signs."""
    return _keys(os.environ.get("VUNGXANH_HOME", ""))


@cache
def _keys(_home: str) -> list[TagKey]:
    """Once a process and state directory: every scan asks."""
    return [TagKey(1, keyed_hash("short-codes", "1"))]


def base_url(request_base: str = "") -> str:
    """`VUNGXANH_URL`, as it is printed on paper; else the address under which the page was asked for."""
    return os.environ.get("VUNGXANH_URL") or request_base or "http://127.0.0.1:8000"


def poster_code(place: int) -> str:
    return short(Kind.POSTER, place, tag_keys()[-1])


def poster_link(place: int, request_base: str = "") -> str:
    """Raises UserError `codes.link-too-long` where the host's name is too long for a small code."""
    return link(base_url(request_base), poster_code(place))


def read(text: str) -> Short | None:
    """A short code of ours with its verdict; None where it is none."""
    return read_short(text, tag_keys())


def place_of(found: Short | None) -> Place | None:
    """The place that a sound poster or screen leads to; None for a forged code, another kind, a place unknown."""
    if found is None or found.verdict != Verdict.VALID or found.kind not in (Kind.POSTER, Kind.GATE):
        return None
    # scope: a poster is public
    place = Place.objects.select_related("merged_into").filter(pk=found.number).first()
    return current(place) if place else None


def number_of(place: int) -> str:
    """The number that is printed and said on the telephone."""
    return f"VX-{place}"
