"""A keeper hears by message: what an inspector found, that the result runs out, that it has run out.

Whose telephone it is, another room knows: it registers how a place is reached. No link and no name of a person
stands in the text.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils import timezone

from vungxanh.core.errors import UserError
from vungxanh.notify.actions import queue
from vungxanh.notify.interface import Channel
from vungxanh.notify.schemas import BatchIn
from vungxanh.places.models import Place

_reach: list[Callable[[int], Sequence[str]]] = []

RESULT = "{name}: đoàn kiểm tra đánh giá an toàn ngày {day}, kết quả: {word}. Mở trang địa điểm để xem các mục."
SOON = "{name}: kết quả đánh giá an toàn hết hạn ngày {day}. Hãy đánh giá lại trước ngày đó."
STALE = "{name}: kết quả đánh giá an toàn đã hết hạn ngày {day}; bản đồ ghi là đã cũ. Hãy đánh giá lại."


def register(numbers: Callable[[int], Sequence[str]]) -> None:
    """`numbers(place)`: the telephone numbers of whoever keeps the place now."""
    _reach[:] = [numbers]


def tell(place: Place, text: str, *, cause: str, at: datetime, word: str = "") -> bool:
    """One SMS a keeper and cause, however often it is asked for. -> is there anybody to tell."""
    addresses = [number for numbers in _reach for number in numbers(place.pk)]
    if not addresses:
        return False
    day = timezone.localtime(at).strftime("%d/%m/%Y")
    for name in (place.name, "Địa điểm của bạn"):  # a name may hold a word that no message may say
        said = text.format(name=name, day=day, word=word)
        try:
            queue(
                BatchIn(
                    channel=Channel.SMS, text=said, source=f"safety-{cause}", addresses=addresses,
                    scope_path=place.scope_path, scope_sector=place.scope_sector,
                ),
                by=None,
            )  # fmt: skip
        except UserError:
            continue
        return True
    return False
