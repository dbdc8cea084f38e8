"""What this room says on the citizen's first page: the code to show, or that one can declare."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from vungxanh.declarations import queries
from vungxanh.declarations.shown import masked_name, result_context
from vungxanh.declarations.tokens import token_of
from vungxanh.forms.rendering import language
from vungxanh.people import device


def home_panel(request: HttpRequest) -> dict[str, Any] | None:
    """The latest declaration of this device that still counts; None on a device that never declared."""
    rows = queries.of_device(device.token_of(request))
    row = rows.filter(withdrawn_at=None, corrected_by=None, valid_until__gt=timezone.now()).first()
    if row is None:
        return None
    shown = result_context(row, language())
    return {
        **shown,
        "template": "declarations/home_panel.html",
        "token": token_of(row),
        "person": masked_name(row, language()),
    }
