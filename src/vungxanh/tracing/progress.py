"""How far a long trace is: engines note it, whoever waits may look."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Progress:
    """What is being done, and how much of it is."""

    what: str = ""
    done: int = 0
    of: int = 0


_now = Progress()


def note(what: str, done: int, of: int = 0) -> None:
    """Called by engines and writers, often: it costs nothing."""
    _now.what, _now.done, _now.of = what, done, of


@contextmanager
def told(say: Callable[[str], None], first: float = 2.0, every: float = 2.0) -> Iterator[None]:
    """Says a line once the work inside has taken `first` seconds, then again and again."""
    over, begin = threading.Event(), time.monotonic()

    def watch() -> None:
        wait = first
        while not over.wait(wait):
            of = f"/{_now.of:,}" if _now.of else ""
            say(f"{time.monotonic() - begin:.0f} s · {_now.what} {_now.done:,}{of} …")
            wait = every

    note("", 0)
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
