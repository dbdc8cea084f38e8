"""Opens the house for a command: the database runs, Django is set up, and all is left as it was found."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from vungxanh.core import database


@contextmanager
def house(role: str | None = None) -> Iterator[None]:
    """Database up and Django ready inside the block; a server that this call started is stopped after it.

    `role="owner"` works with the migrating role.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vungxanh.web.settings")
    if role:
        os.environ["VUNGXANH_DB_ROLE"] = role
    started = database.start()
    try:
        import django

        django.setup()
        yield
    finally:
        if started:
            database.stop()
