"""What the compiled loops of the index engine share: how they are compiled, and look-ups in ascending arrays."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

NEVER = 2**31 - 1
Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Machine code, kept beside the source (or in the user's cache) for the next process."""
    made: Any = njit(cache=True, nogil=True, error_model="numpy")(function)
    return cast(Function, made)


@compiled
def slot_of(listed: Any, known: Any, code: Any) -> Any:
    """Number of the slice of a code, -1 where there is none."""
    if len(listed) == 0:
        return code if code < known else -1
    low = bisect(listed, 0, len(listed), code)
    return low if low < len(listed) and listed[low] == code else -1


@compiled
def holds(ascending: Any, value: Any) -> Any:
    low = bisect(ascending, 0, len(ascending), value)
    return low < len(ascending) and ascending[low] == value


@compiled
def bisect(values: Any, low: Any, high: Any, wanted: Any) -> Any:
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low
