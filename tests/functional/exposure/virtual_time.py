"""An event loop whose clock jumps to the next timer: twenty minutes of radio take seconds."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Jumping(selectors.SelectSelector):
    """Never waits: what would have been waited for is added to the loop's time."""

    loop: "VirtualLoop"

    def select(self, timeout: float | None = None) -> Any:
        if timeout:
            self.loop.now += timeout
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self, start: float) -> None:
        self.now = 0.0
        self.start = start
        selector = _Jumping()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        return self.now

    def clock(self) -> float:
        """Unix seconds."""
        return self.start + self.now


def run(loop: VirtualLoop, work: Coroutine[Any, Any, T]) -> T:
    """Run to the end, then cancel what is left over."""
    try:
        return loop.run_until_complete(work)
    finally:
        rest = asyncio.all_tasks(loop)
        for task in rest:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*rest, return_exceptions=True))
        loop.close()
