"""One message as words: what a loudspeaker reads in 30, 60 or 90 seconds, radio text, a caption. Pure."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from vungxanh.command.aloud import seconds, spoken
from vungxanh.command.labels import labels

#: syllables a second of a clear loudspeaker reading; slower than talk, ours, unverified
PACE = 3.2


@dataclass(frozen=True, slots=True)
class Words:
    """A message in one language. `say` and `do`: the weightiest first; `call`: a number of the directory."""

    title: str
    say: tuple[str, ...]
    do: tuple[str, ...]
    issuer: str
    call: str = ""
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class Script:
    """A text to be read aloud; `left_out` are the sentences that the time did not allow."""

    text: str
    seconds: float
    left_out: tuple[str, ...]


@cache
def slogan_sets() -> list[dict[str, object]]:
    text = (resources.files("vungxanh.command") / "slogans.toml").read_text("utf-8")
    found: list[dict[str, object]] = tomllib.loads(text)["set"]
    return found


def slogans_of(day: date) -> dict[str, object] | None:
    """The slogan set of a date; None where none was national."""
    for entry in slogan_sets():
        if entry["since"] <= day and (entry.get("until") is None or day <= entry["until"]):  # type: ignore[operator]
            return entry
    return None


def loudspeaker(words: Words, limit: float, commune: str) -> Script:
    """A script of at most `limit` seconds for one commune: greeting, title, then what fits, what to do first.

    Greeting, title and the number to call are always read; sentences are left out from the end.
    """
    greeting = f"{commune} xin thông báo đến bà con." if commune else "Xin thông báo đến bà con."
    call = [f"Cần hỏi, xin gọi {words.call}."] if words.call else []
    fixed = [greeting, _sentence(words.title)]
    wanted = [*map(_sentence, words.do), *map(_sentence, words.say)]
    while wanted and _length([*fixed, *wanted, *call]) > limit:
        wanted.pop()
    kept = set(wanted)
    say = [s for s in map(_sentence, words.say) if s in kept]
    do = [s for s in map(_sentence, words.do) if s in kept]
    text = spoken(" ".join([*fixed, *say, *do, *call]))
    left_out = tuple(s for s in map(_sentence, (*words.do, *words.say)) if s not in kept)
    return Script(text, round(seconds(text, PACE), 1), left_out)


def _length(sentences: list[str]) -> float:
    return seconds(spoken(" ".join(sentences)), PACE)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text[-1:] in ".!?" else f"{text}."


def radio(words: Words) -> str:
    """Text for radio and television, to be read by a speaker: everything, numbers as they are read."""
    call = [f"Cần hỏi, xin gọi {words.call}."] if words.call else []
    source = [f"Theo {words.issuer}."] if words.issuer else []
    parts = [words.title, *words.say, *words.do, *call, *source]
    return spoken(" ".join(map(_sentence, parts)))


def caption(words: Words, address: str) -> str:
    """Text under a picture: title, what to do, whom to call, where the message can be checked.

    Its fixed words are those of the message's language, English where nobody has written them.
    """
    said = labels(words.language)
    lines = [words.title, "", *(f"• {line}" for line in words.do)]
    lines += ["", f"{said['call']}: {words.call}"] if words.call else []
    return "\n".join([*lines, f"{said['check']}: {address}"])
