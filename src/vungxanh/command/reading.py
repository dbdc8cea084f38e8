"""Reads the text of a dispatch into number, date, issuer, cited documents, addressees and duties.

Rules propose, an official confirms: nothing read here is in force. What could not be read is a warning, never
a guess. Layout: decree 30/2020/NĐ-CP, annex I. Words, kinds of place and bodies that are gone: `reading.toml`.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from vungxanh.command.deadlines import Deadline, find_date, find_deadline

Settings = dict[str, list[dict[str, object]]]


@dataclass(frozen=True, slots=True)
class Citation:
    """A document that the dispatch rests on; `day` is None where the text gives none."""

    kind: str
    number: str
    day: date | None
    issuer: str


@dataclass(frozen=True, slots=True)
class DraftDuty:
    """One thing that one addressee is told to do. `ordinal` is the paragraph ("2.b"), for showing it in place."""

    addressee: str
    text: str
    ordinal: str
    deadline: Deadline | None
    place_kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. Empty text and None mean "not found", and `warnings` say so as codes of errors.toml."""

    number: str
    symbol: str
    day: date | None
    issuer: str
    abstract: str
    citations: tuple[Citation, ...]
    addressees: tuple[str, ...]
    duties: tuple[DraftDuty, ...]
    warnings: tuple[tuple[str, str], ...]


@cache
def settings() -> Settings:
    text = (resources.files("vungxanh.command") / "reading.toml").read_text("utf-8")
    return tomllib.loads(text)


NUMBER = re.compile(
    r"Số\s*:?[ \t]*(?P<number>\d*)[ \t.…]*/[ \t]*(?P<symbol>[0-9]{0,4}/?[A-ZĐƯÂÔ][A-ZĐƯÂÔa-z0-9&\-–]*)"
)
NATION = re.compile(r"CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA VIỆT NAM|Độc lập\s*[-–]\s*Tự do\s*[-–]\s*Hạnh phúc")
ADDRESSED = re.compile(r"^\s*Kính gửi\s*:?\s*(?P<rest>.*)$", re.IGNORECASE)
ITEM = re.compile(r"^\s*(?P<mark>\d{1,2}(?:\.\d{1,2})*[.)]|[a-zđ]\)|[-+•–*])\s+(?P<text>\S.*)$")
FOOT = re.compile(r"^\s*Nơi nhận\s*:?", re.IGNORECASE)


def read(text: str) -> Reading:
    """Text as pasted or recognised -> Reading. Never raises on any text."""
    lines = [re.sub(r"[ \t ]+", " ", line).strip() for line in unicodedata.normalize("NFC", text).splitlines()]
    head, addressees, body = _parts(lines)
    number = NUMBER.search("\n".join(head))
    day = find_date("\n".join(head))
    duties = tuple(_duties(body, addressees, day))
    return Reading(
        number=number["number"] if number else "",
        symbol=number["symbol"] if number else "",
        day=day,
        issuer=_issuer(head),
        abstract=_abstract(head),
        citations=tuple(_citations(" ".join(body))),
        addressees=addressees,
        duties=duties,
        warnings=tuple(_warnings(number, day, addressees, duties)),
    )


def _parts(lines: list[str]) -> tuple[list[str], tuple[str, ...], list[str]]:
    """Head, addressees, body (without the list of recipients at the foot)."""
    foot = next((at for at, line in enumerate(lines) if FOOT.match(line)), len(lines))
    lines = lines[:foot]
    start = next((at for at, line in enumerate(lines) if ADDRESSED.match(line)), None)
    if start is None:
        split = next((at for at, line in enumerate(lines) if ITEM.match(line)), len(lines))
        return lines[:split], (), lines[split:]
    match = ADDRESSED.match(lines[start])
    named = [match["rest"]] if match and match["rest"] else []
    at = start + 1
    while (
        at < len(lines) and (not lines[at] or re.match(r"^[-–+•]\s", lines[at])) and not (not lines[at] and named)
    ):
        if lines[at]:
            named.append(re.sub(r"^[-–+•]\s*", "", lines[at]))
        at += 1
    split_names = [part.strip(" .;") for name in named for part in name.split(";")]
    return lines[:start], tuple(name for name in split_names if name), lines[at:]


def _issuer(head: list[str]) -> str:
    """The capital lines above the number, without the nation's name."""
    capitals: list[str] = []
    for line in head:
        rest = NATION.sub("", line).strip(" -_*")
        if NUMBER.search(rest) or not rest:
            if capitals:
                break
            continue
        if rest == rest.upper() and any(sign.isalpha() for sign in rest):
            capitals.append(rest)
    return " ".join(capitals)


def _abstract(head: list[str]) -> str:
    joined = " ".join(line for line in head if line)
    found = re.search(
        r"(?:V/v|Về việc|Về:)\s*:?\s*(?P<what>.+?)(?=\s+[^\s,]+(?: [^\s,]+){0,4}, ngày \d|$)", joined
    )
    return found["what"].strip() if found else ""


def _citations(body: str) -> Iterator[Citation]:
    kinds = "|".join(map(str, settings()["documents"]["kinds"]))  # type: ignore[call-overload]
    pattern = rf"(?P<kind>{kinds})\s+(?:hỏa tốc\s+|khẩn\s+)?số\s+(?P<number>[\w./\-–&]*\w)(?P<tail>[^;.]{{0,160}})"
    seen = set()
    for found in re.finditer(pattern, body, re.IGNORECASE):
        if found["number"] in seen:
            continue
        seen.add(found["number"])
        tail = re.split(rf"\b(?:{kinds})\b", found["tail"])[0]
        issuer = re.search(r"\bcủa\s+(?P<who>.+?)(?=\s+(?:về|V/v|yêu cầu|đề nghị)|[,;.(]|$)", tail)
        dated = re.match(r"\s*(?:ngày|,)", tail)
        yield Citation(
            found["kind"].capitalize(),
            found["number"],
            find_date(tail) if dated else None,
            issuer["who"].strip() if issuer else "",
        )


def _duties(body: list[str], addressees: tuple[str, ...], day: date | None) -> Iterator[DraftDuty]:
    """Items of the body. A numbered item that ends in ":" names who must do the items under it."""
    everybody, who, number = "; ".join(addressees), "", ""
    for mark, text in _items(body):
        named, task = _named(text)
        if mark[0].isdigit():
            number, who = mark.rstrip(".)"), named
            if not task:
                continue
            ordinal = number
        else:
            task, ordinal = text, f"{number}.{mark.rstrip(')')}".strip(".-")
        yield DraftDuty(who or everybody, task, ordinal, find_deadline(task, day), place_kinds(task))


def _items(body: list[str]) -> Iterator[tuple[str, str]]:
    """(mark, text) of each item, with its continuation lines."""
    mark, text = "", ""
    for line in [*body, ""]:
        found = ITEM.match(line)
        if found or not line:
            if mark:
                yield mark, text
            mark, text = (found["mark"], found["text"]) if found else ("", "")
        elif mark:
            text = f"{text} {line}"


@cache
def _naming() -> re.Pattern[str]:
    """An item that begins with a body: `who: what`, `who:` or `who <verb> what`."""
    words = settings()["words"]
    bodies, verbs = "|".join(words["bodies"]), "|".join(words["verbs"])  # type: ignore[call-overload]
    who = rf"^(?:Giao|Đề nghị|Yêu cầu|Đối với)?\s*(?P<who>(?:{bodies})\b[^:]{{2,200}}?)\s*"
    return re.compile(rf"{who}(?::\s*(?P<after>.*)|\s(?P<verb>(?:{verbs})\b.*))$")


def _named(text: str) -> tuple[str, str]:
    """(who, what) of an item's text; who is empty where it names nobody, what where it is only a heading."""
    found = _naming().match(text)
    if not found:
        return "", text
    return found["who"].strip(" ,;"), (found["after"] if found["after"] is not None else found["verb"]).strip()


def place_kinds(text: str) -> tuple[str, ...]:
    """Kinds of place that the words of `text` name, in the order of reading.toml."""
    lower = text.lower()
    return tuple(
        str(entry["kind"])
        for entry in settings()["place"]
        if any(re.search(rf"\b{re.escape(str(word))}\b", lower) for word in entry["words"])  # type: ignore[attr-defined]
    )


def gone(name: str, on: date) -> dict[str, object] | None:
    """The entry of reading.toml by which body `name` no longer exists on that day, else None."""
    for entry in settings()["gone"]:
        if re.search(str(entry["pattern"]), name) and on >= entry["since"]:  # type: ignore[operator]
            return entry
    return None


def _warnings(
    number: re.Match[str] | None, day: date | None, addressees: tuple[str, ...], duties: tuple[DraftDuty, ...]
) -> Iterator[tuple[str, str]]:
    if not number or not number["number"]:
        yield "command.without-number", ""
    if day is None:
        yield "command.without-date", ""
    if not addressees:
        yield "command.without-addressee", ""
    if not duties:
        yield "command.without-duty", ""
    for name in dict.fromkeys([*addressees, *(duty.addressee for duty in duties)]):
        if day and gone(name, day):
            yield "command.addressee-gone", name
