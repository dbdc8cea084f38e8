"""The small language in which rules speak: conditions over inputs that may be missing.

A condition is a table: `{all = […]}`, `{any = […]}`, or one test such as `{distance_m = "<=2"}`,
`{masked = true}`, `{space = ["closed_narrow"]}`, `{minutes = ">=15"}`.

`need` answers: how many seconds does it take, under these inputs, until the condition is true? Never is `NEVER`.
Missing inputs are tried with every value that matters, so "15 minutes if masked, none if not" is a yes after
15 minutes although the mask is unknown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

NEVER = 2**31 - 1
Condition = Mapping[str, object]
Inputs = Mapping[str, object]

NUMBERS = {"distance_m", "seat_row_delta"}
WORDS = {"space", "setting"}
FLAGS = {"mask_case", "mask_contact", "physical_contact", "care_giver", "ppe_adequate"}
KNOWN = NUMBERS | WORDS | FLAGS | {"masked", "minutes"}
#: stands for "any number above every threshold" and "any word that no rule names"
FAR, OTHER = 1e9, "other"


@dataclass(frozen=True, slots=True)
class Need:
    """Seconds until the condition is true for certain (`worst`) and at the earliest (`best`)."""

    worst: int
    best: int


def need(condition: Condition, inputs: Inputs, *, reach_m: float, bounded: bool = False) -> Need:
    """Least and greatest seconds over all completions of the missing inputs.

    `inputs` maps names to values, None for missing; `bounded` says that distance_m is only an upper bound;
    `reach_m`: nobody further away can have touched.
    """
    seconds = [needed(condition, full) for full in completions(condition, inputs, reach_m, bounded=bounded)]
    return Need(max(seconds), min(seconds))


def needed(condition: Condition, inputs: Inputs) -> int:
    """Seconds needed when every input is known."""
    if "all" in condition:
        return max(needed(part, inputs) for part in parts(condition, "all"))
    if "any" in condition:
        return min(needed(part, inputs) for part in parts(condition, "any"))
    return max(atom(name, wanted, inputs) for name, wanted in condition.items())


def atom(name: str, wanted: object, inputs: Inputs) -> int:
    if name == "minutes":
        return round(60 * threshold(wanted))
    if name == "masked":
        met = (bool(inputs["mask_case"]) and bool(inputs["mask_contact"])) is wanted
    elif name in NUMBERS:
        met = float(str(inputs[name])) <= threshold(wanted)
    elif name in WORDS:
        met = inputs[name] in words(wanted)
    else:
        met = inputs[name] is wanted
    return 0 if met else NEVER


def parts(condition: Condition, key: str) -> list[Condition]:
    found = condition[key]
    assert isinstance(found, list)
    return found


def words(wanted: object) -> list[str]:
    return [wanted] if isinstance(wanted, str) else list(wanted) if isinstance(wanted, list) else []


def threshold(text: object) -> float:
    """`"<=2"` -> 2.0, `">=15"` -> 15.0."""
    return float(str(text).removeprefix("<=").removeprefix(">="))


def tests(condition: Condition) -> Iterator[tuple[str, object]]:
    """Every single test of a condition."""
    for name, wanted in condition.items():
        if name in {"all", "any"}:
            for part in parts(condition, name):
                yield from tests(part)
        else:
            yield name, wanted


def candidates(condition: Condition) -> dict[str, list[object]]:
    """For each input that the condition asks for, the values that can change its answer."""
    found: dict[str, list[object]] = {}
    for name, wanted in tests(condition):
        if name == "masked":
            found["mask_case"] = found["mask_contact"] = [True, False]
        elif name in NUMBERS:
            found.setdefault(name, [FAR]).append(threshold(wanted))
        elif name in WORDS:
            found.setdefault(name, [OTHER]).extend(words(wanted))
        elif name in FLAGS:
            found[name] = [True, False]
    return found


def completions(
    condition: Condition, inputs: Inputs, reach_m: float, *, bounded: bool
) -> Iterator[dict[str, object]]:
    """Every full set of inputs that agrees with what is known; at least one."""
    choices = candidates(condition)
    for name, values in choices.items():
        given = inputs.get(name)
        if given is not None and name == "distance_m" and bounded:
            choices[name] = [given, *(v for v in values if v <= given)]  # type: ignore[operator]
        elif given is not None:
            choices[name] = [given]
    if "distance_m" in choices and inputs.get("physical_contact") is None:
        given = inputs.get("distance_m")
        if given is None or (bounded and reach_m <= given):  # type: ignore[operator]
            choices["distance_m"] = [*choices["distance_m"], reach_m]
    for picked in product(*choices.values()):
        full = dict(zip(choices, picked, strict=True))
        if inputs.get("physical_contact") is None and touches_from_afar(full, reach_m):
            continue
        yield full


def touches_from_afar(full: Inputs, reach_m: float) -> bool:
    return full.get("physical_contact") is True and float(str(full.get("distance_m", 0.0))) > reach_m
