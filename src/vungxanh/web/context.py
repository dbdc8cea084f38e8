"""What every template may use: the drill mark, the languages, the officer's navigation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url

from vungxanh.web.navigation import desk_home, desk_items

#: each language under its own name, so that whoever needs it can read it
LANGUAGE_NAMES = (("vi", "Tiếng Việt"), ("en", "English"))


def house(request: HttpRequest) -> dict[str, Any]:
    return {
        "demo": settings.DEMO,
        "languages": LANGUAGE_NAMES,
        "navigation": desk_items(request),
        "desk_home": desk_home(request),
        "logout_url": resolve_url("logout"),
    }
