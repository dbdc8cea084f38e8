"""Pictures in the documents are true: each page they show still says what it said when it was photographed."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser import screens
from vungxanh.core.minutes import day_start
from vungxanh.demo import load
from vungxanh.demo.commands import told
from vungxanh.demo.generate import Plan, generate
from vungxanh.demo.parameters import parameters
from vungxanh.outbreak import exposed
from vungxanh.people.models import Officer

#: `make pictures`: photographs and skeletons are taken anew
TAKE = os.environ.get("VUNGXANH_PICTURES") == "1"
DAYS = 14


def last_monday(day: date) -> date:
    """The generator counts days of the week: from a Monday it makes the same district each time."""
    return day - timedelta(days=day.weekday())


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, transactional_db: None) -> int:
    """The demonstration in small, always the same; the number of its first case."""
    settings.DEMO = True
    for module in (load, exposed):
        monkeypatch.setattr(module, "lake_dir", lambda: tmp_path / "lake")
    monkeypatch.setattr(load, "home", lambda: tmp_path)
    monday = last_monday(timezone.localdate() - timedelta(days=DAYS))
    district = generate(Plan(1_200, DAYS, 11, 5, day_start(monday), monday.weekday()), parameters())
    return load.fill(district, parameters(), told(district), lambda _: None)["first_case"]["case"]


def test_every_picture_shows_its_page_of_today(
    page: Page, live_server: LiveServer, case: int, enter: Callable[[Any], None], settings: Any
) -> None:
    """In both languages, each screen of the guides; photographs at 360 and 1280 px exist beside it."""
    stale = []
    for screen in screens.SCREENS:
        page.context.clear_cookies()
        if screen.user:
            enter(Officer.objects.get(username=screen.user))
        if screen.steps:
            screen.steps(page, live_server.url)
            address = page.url
        else:
            address = live_server.url + screen.path.format(case=case)
        found = {}
        for language in screens.LANGUAGES:
            page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, f"{screen.name}: {answer.status} at {address}"
            found[language] = screens.skeleton(page, screen.without)
            if TAKE:
                screens.photograph(page, screen.name, language)
            for width in screens.WIDTHS:
                assert (screens.PICTURES / f"{screen.name}-{language}-{width}.png").exists(), screen.name
        if TAKE:
            screens.keep(screen.name, found)
        elif found != screens.stored(screen.name):
            stale.append(screen.name)
    assert not stale, "these pages changed since they were photographed: make pictures"
