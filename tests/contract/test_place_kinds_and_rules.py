"""Contact rules know every kind of the register of places, or say that nobody has decided it."""

import tomllib
from importlib import resources

from vungxanh.places.kinds import kinds


def test_every_kind_is_placed_or_named_as_undecided() -> None:
    file = resources.files("vungxanh.rules") / "data" / "contact" / "inputs.toml"
    inputs = tomllib.loads(file.read_text("utf-8"))
    decided = set(inputs["space"]) | set(inputs["setting"])
    undecided = set(inputs["undecided"])
    assert set(kinds()) - decided == undecided
    assert not decided & undecided


def test_a_home_of_the_register_is_a_household_and_a_closed_room() -> None:
    from vungxanh.rules.contact import assumptions

    assert assumptions().of_place("household") == ("closed_narrow", "household")
    assert assumptions().of_place("office") == (None, None)
