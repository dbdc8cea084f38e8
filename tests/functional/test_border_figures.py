"""Statistics of entries, counted by hand here."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.functional.test_border_flow import FORM, answers, declare, officer

from vungxanh.border import queries, statistics
from vungxanh.border.actions import desk, entries
from vungxanh.border.models import Channel, Declaration, Review
from vungxanh.border.schemas import Given, ReviewIn
from vungxanh.people.models import Officer

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


def row(
    key: str, channel: str, wait: int | None, outcome: str | None, *, first: str | None = None
) -> tuple[object, ...]:
    at = None if wait is None else NOON + timedelta(minutes=wait)
    return (key, channel, 1 if first else None, first, NOON, at, outcome)


def test_counts_and_waits_by_hand() -> None:
    (line,) = statistics.counted(
        [
            row("HAN", "web", 10, "release"),
            row("HAN", "web", 20, "hold"),
            row("HAN", "desk", 40, "transfer"),
            row("HAN", "desk", None, None, first="web"),
            row("HAN", "import", 30, "release"),
        ]
    )
    assert (line.entries, line.before, line.corrected, line.decided) == (5, 4, 1, 4)
    assert (line.held, line.transferred, line.waiting) == (1, 1, 25)
    # of 10, 20, 30, 40: the ninth tenth lies 0.7 of the way from 30 to 40
    assert line.waiting_most == 37.0
    assert statistics.counted([]) == []


@pytest.fixture
def border() -> Officer:
    """Two entries before arrival, one at the desk, one of the first corrected at the desk, one held."""
    by = officer("Kiểm dịch")
    first = declare(document="A0000001", nationality="DEU")
    declare(document="A0000002", flight="VJ1", near_ill=True)
    entries.declare(given=Given(FORM, answers(document="A0000003")), channel=Channel.DESK, by=by)
    entries.declare(given=Given(FORM, answers(document="A0000001", nationality="DEU", seat="20C")),
                    channel=Channel.DESK, corrects=first, by=by)  # fmt: skip
    held = Declaration.objects.get(flight="VJ1")
    desk.seen(declaration=held)
    desk.review(declaration=held, given=ReviewIn("hold"), by=by)
    Review.objects.update(at=timezone.now() + timedelta(minutes=12))
    return by


def test_the_keys(border: Officer) -> None:
    today = timezone.localdate()
    told = {
        by: {line.key: (line.entries, line.before, line.corrected, line.held) for line in statistics.count(
            queries.seen(border), today, today, by)}
        for by in statistics.KEYS
    }  # fmt: skip
    assert told["day"] == {today.isoformat(): (3, 2, 1, 1)}
    assert told["gate"] == {"HAN": (3, 2, 1, 1)}
    assert told["flight"] == {"VJ1": (1, 1, 0, 1), "VN36": (2, 1, 1, 0)}
    assert told["nationality"] == {"DEU": (1, 1, 1, 0), "VNM": (2, 1, 0, 1)}
    assert statistics.count(queries.seen(officer("Nơi khác", path="/79/")), today, today, "day") == []


def test_the_page_and_its_files(client: Client, border: Officer) -> None:
    client.force_login(border)
    page = client.get(reverse("border:figures"), {"by": "flight"}).content.decode()
    assert "VJ1" in page
    assert "Khai trước khi đến" in page
    text = client.get(reverse("border:figures-file", args=["csv"]), {"by": "flight"}).content.decode("utf-8-sig")
    assert [line.split(",")[:4] for line in text.splitlines()[1:]] == [
        ["VJ1", "1", "1", "0"],
        ["VN36", "2", "1", "1"],
    ]
    book = openpyxl.load_workbook(
        BytesIO(client.get(reverse("border:figures-file", args=["xlsx"]), {"by": "nationality"}).content)
    )
    assert book.active is not None
    assert [cell.value for cell in book.active[3]][:3] == ["DEU", 1, 1]
    assert client.get(reverse("border:figures"), {"since": "x", "by": "moon"}).status_code == 200


def test_whoever_may_not_read_entries_sees_no_figures(client: Client) -> None:
    client.force_login(officer("Biên phòng", "border-guard"))
    assert client.get(reverse("border:figures")).status_code == 403
