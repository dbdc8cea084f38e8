"""Short courses as dated data: pages, questions, what rule each teaches. Pure."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answers; `right` is the index of the right one."""

    ask: str
    answers: tuple[str, ...]
    right: int


@dataclass(frozen=True, slots=True)
class Situation:
    """An invented situation to be decided in practice; `why` the right answer is right."""

    case: str
    answers: tuple[str, ...]
    right: int
    why: str


@dataclass(frozen=True, slots=True)
class Course:
    """A course in one language. A changed rule makes a new `version`; who passed an older one is asked again."""

    id: str
    version: str
    title: str
    roles: tuple[str, ...]
    teaches: tuple[str, ...]
    pages: tuple[tuple[str, ...], ...]
    questions: tuple[Question, ...]
    needed: int
    practice: tuple[Situation, ...]

    def score(self, given: dict[int, int]) -> int:
        """Right answers; `given` maps a question's index to the chosen answer's."""
        return sum(given.get(at) == question.right for at, question in enumerate(self.questions))

    def passed(self, given: dict[int, int]) -> bool:
        return self.score(given) >= self.needed


@cache
def courses(language: str) -> dict[str, Course]:
    """Id -> course, in "vi" or "en"."""
    folder = resources.files("vungxanh.command") / "courses"
    found = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            course = _course(tomllib.loads(file.read_text("utf-8")), language)
            found[course.id] = course
    return found


def _situation(data: dict[str, dict[str, str | list[str]]], language: str) -> Situation:
    said = data[language]
    return Situation(str(said["case"]), tuple(said["answers"]), int(str(data["right"])), str(said["why"]))


def _course(data: dict[str, object], language: str) -> Course:
    entry: dict[str, list[dict[str, list[str]]]] = data  # type: ignore[assignment]
    questions = tuple(
        Question(q[language]["ask"], tuple(q[language]["answers"]), q["right"])  # type: ignore[call-overload, arg-type]
        for q in entry["question"]
    )
    return Course(
        id=str(data["id"]),
        version=str(data["version"]),
        title=data["title"][language],  # type: ignore[index]
        roles=tuple(data["roles"]),  # type: ignore[arg-type]
        teaches=tuple(data["teaches"]),  # type: ignore[arg-type]
        pages=tuple(tuple(page[language]) for page in entry["page"]),
        questions=questions,
        needed=int(str(data["pass"])),
        practice=tuple(_situation(one, language) for one in data["practice"]),  # type: ignore[attr-defined]
    )
