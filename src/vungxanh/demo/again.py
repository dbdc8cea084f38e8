"""A demonstration that anybody may use begins anew: its database, lake and files go; keys and pass word stay.

It runs in the process that starts the house, which never loads Django.
"""

import json
import shutil

from vungxanh.core import database
from vungxanh.core.errors import OperatorError
from vungxanh.core.home import home

#: file with the log-ins' pass word, so that a demonstration that begins anew keeps it
WORD = "demo.word"
#: what outlives a demonstration: keys that are not its data, and the pass word that visitors were told
STAYS = {"secrets", WORD}


def forget() -> None:
    """Everything of this home but `STAYS`.

    Raises OperatorError `demo.not-a-demonstration` where the home holds no filled demonstration of its own.
    """
    note = home() / "demo.json"
    is_filled = note.exists() and json.loads(note.read_text("utf-8")).get("state") == "filled"
    if not is_filled or not database.is_embedded():
        raise OperatorError("demo.not-a-demonstration")
    database.stop()
    note.unlink()  # first of all: a home that was cut off in the middle is no demonstration
    for one in home().iterdir():
        if one.name in STAYS:
            continue
        if one.is_dir():
            shutil.rmtree(one)
        else:
            one.unlink()
