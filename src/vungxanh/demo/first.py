"""The first answer: the first confirmed case traced through the lake, said in a few lines."""

from collections import Counter
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from vungxanh.core.minutes import VIETNAM, from_minute
from vungxanh.lake.store import open_lake
from vungxanh.tracing import trace
from vungxanh.tracing.model import IndexPerson, TraceRequest, TraceResult

GENERATIONS = 2
WORDS = {"confirmed": "chắc chắn", "probable": "có thể", "needs interview": "cần hỏi thêm"}
UNCLASSED = "chưa xếp lớp / no class yet"


def lines(first_case: dict[str, Any], lake: Path) -> list[str]:
    """What is said to whoever started the house."""
    case = IndexPerson(first_case["person"], onset=date.fromisoformat(first_case["onset"]))
    store = open_lake(lake)
    trace(TraceRequest((case,)), store)  # the first look builds what later looks read
    begun = perf_counter()
    result = trace(TraceRequest((case,), generations=GENERATIONS), store)
    return [*_said(first_case, result), f"  {perf_counter() - begun:.2f} giây / seconds"]


def _said(first_case: dict[str, Any], result: TraceResult) -> list[str]:
    count = Counter((row.called, row.certainty.label) for row in result.rows)
    window = result.window
    said = [
        f"Ca bệnh đầu tiên / first case: người số {first_case['person']}, khởi phát {_day(first_case['onset'])}",
        f"Thời kỳ lây / infectious: {_moment(window.start)} – {_moment(window.end)}, {window.rule}",
    ]
    for name in sorted({name for name, _ in count}, key=lambda name: name or "Z"):
        parts = ", ".join(f"{count[name, key]} {word}" for key, word in WORDS.items() if count[name, key])
        people = sum(n for (of, _), n in count.items() if of == name)
        said.append(f"  {name or UNCLASSED}: {people} người ({parts})")
    return said


def _day(text: str) -> str:
    return date.fromisoformat(text).strftime("%d/%m/%Y")


def _moment(minute: int) -> str:
    return from_minute(minute).astimezone(ZoneInfo(VIETNAM)).strftime("%d/%m %H:%M")
