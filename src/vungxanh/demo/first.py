"""The first answer: the first confirmed case traced through the lake, said in a few lines."""

from collections import Counter
from datetime import date
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from vungxanh.core.home import lake_dir
from vungxanh.core.minutes import VIETNAM, from_minute
from vungxanh.lake.store import open_lake
from vungxanh.tracing import trace
from vungxanh.tracing.model import IndexPerson, TraceRequest, TraceResult

GENERATIONS = 2
WORDS = {"confirmed": "chắc chắn", "probable": "có thể", "needs interview": "cần hỏi thêm"}


def answer(first_case: dict[str, Any]) -> list[str]:
    """Lines for whoever started the house."""
    case = IndexPerson(first_case["person"], onset=date.fromisoformat(first_case["onset"]))
    begun = perf_counter()
    result = trace(TraceRequest((case,), generations=GENERATIONS), open_lake(lake_dir()))
    return lines(first_case, result, perf_counter() - begun)


def lines(first_case: dict[str, Any], result: TraceResult, seconds: float) -> list[str]:
    count = Counter((row.generation, row.certainty.label) for row in result.rows)
    window = result.window
    said = [
        f"Ca bệnh đầu tiên / first case: người số {first_case['person']}, khởi phát {_day(first_case['onset'])}",
        f"Thời kỳ lây / infectious: {_moment(window.start)} – {_moment(window.end)}, {window.rule}",
    ]
    for generation in sorted({generation for generation, _ in count}):
        parts = ", ".join(
            f"{count[generation, key]} {word}" for key, word in WORDS.items() if count[generation, key]
        )
        said.append(f"  F{generation}: {sum(n for (g, _), n in count.items() if g == generation)} người ({parts})")
    said.append(f"  {seconds:.2f} giây / seconds")
    return said


def _day(text: str) -> str:
    return date.fromisoformat(text).strftime("%d/%m/%Y")


def _moment(minute: int) -> str:
    return from_minute(minute).astimezone(ZoneInfo(VIETNAM)).strftime("%d/%m %H:%M")
