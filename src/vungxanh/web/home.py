"""The citizen's first page, put together from what each room says to this device; one button wipes it.

A room that speaks here has `citizen.home_panel(request)`, which gives None or a context with its `template`.
"""

import tomllib
from functools import cache
from importlib import import_module, resources
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from vungxanh.core.home import home as home_dir
from vungxanh.notify import actions as notify
from vungxanh.people import device
from vungxanh.web.navigation import citizen_items

#: in the order in which they stand on the page
ROOMS = ("declarations", "exposure", "venues", "border", "safetymap")


def panels(request: HttpRequest) -> list[dict[str, Any]]:
    """What the rooms have to say."""
    found = []
    for room in ROOMS:
        name = f"vungxanh.{room}.citizen"
        speak = getattr(import_module(name), "home_panel", None) if find_spec(name) else None
        said = speak(request) if speak else None
        if said:
            found.append(said)
    return found


@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    said = panels(request)
    context = {"links": citizen_items(), "panels": said, "known": bool(said), "numbers": help_numbers()}
    response = render(request, "web/home.html", context)
    if not request.user.is_authenticated:
        response["X-Offline"] = "keep"
    return response


@cache
def help_numbers() -> list[dict[str, str]]:
    """Telephones where people answer: `help.toml`, or the province's own list under `help.toml` of the house."""
    own = home_dir() / "help.toml"
    text = (
        own.read_text("utf-8")
        if own.exists()
        else (resources.files("vungxanh.web") / "help.toml").read_text("utf-8")
    )
    found: list[dict[str, str]] = tomllib.loads(text)["number"]
    return found


@require_GET
def scan(request: HttpRequest) -> HttpResponse:
    """The camera reads the poster of a place; every telephone's own camera does it too."""
    return render(request, "web/scan.html")


@require_POST
def wipe(request: HttpRequest) -> HttpResponse:
    """This device knows nobody any more: cookies, drafts, what waits to be sent, warnings."""
    for room in ROOMS:
        name = f"vungxanh.{room}.citizen"
        forget = getattr(import_module(name), "wipe", None) if find_spec(name) else None
        if forget:
            forget(request)
    token = device.token_of(request)
    if token:
        notify.unsubscribe(device=(device.hash_of(token) or b"").hex())
        device.forget(token)
    response = redirect("home")
    for name in request.COOKIES:
        response.delete_cookie(name)
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
