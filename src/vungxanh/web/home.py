"""The citizen's first page, put together from what each room says to this device; one button wipes it.

A room that speaks here has `citizen.home_panel(request)`, which gives None or a context with its `template`.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

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
    return render(request, "web/home.html", {"links": citizen_items(), "panels": said, "known": bool(said)})


@require_POST
def wipe(request: HttpRequest) -> HttpResponse:
    """This device knows nobody any more: cookies, drafts, what waits to be sent."""
    response = redirect("home")
    for name in request.COOKIES:
        response.delete_cookie(name)
    response["Clear-Site-Data"] = '"cookies", "storage"'
    return response
