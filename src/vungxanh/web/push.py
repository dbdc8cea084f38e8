"""Warnings to a browser that agreed to them; who has no such browser is told by SMS."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from vungxanh.core.errors import UserError
from vungxanh.notify import actions as notify
from vungxanh.notify.push_keys import public_key
from vungxanh.people import device


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Where warnings come: on this browser if it can, else by SMS to the number that was declared."""
    known = bool(device.people(device.token_of(request)))
    return render(request, "web/push.html", {"key": public_key(), "known": known})


def _asked(request: HttpRequest) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(request.body)["subscription"]
        if not str(found["endpoint"]).startswith("https://"):
            raise ValueError(found["endpoint"])
    except (ValueError, KeyError, TypeError) as exc:
        raise UserError("web.subscription-unreadable") from exc
    return found


@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """From now on this browser is told what concerns the people of this device."""
    asked, token = _asked(request), device.token_of(request) or device.new_token()
    people = device.people(token)
    name = (device.hash_of(token) or b"").hex()
    notify.subscribe(subscription=json.dumps(asked), device=name, person=people[0] if people else None)
    return device.keep(request, HttpResponse(status=204), token)


@require_POST
def unsubscribe(request: HttpRequest) -> HttpResponse:
    notify.unsubscribe(endpoint=str(_asked(request)["endpoint"]))
    return HttpResponse(status=204)
