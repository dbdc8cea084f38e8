"""What this room says on the citizen's first page: the entry that is still to come or just was, and its code."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from vungxanh.border import asking, queries
from vungxanh.people import device


def home_panel(request: HttpRequest) -> dict[str, Any] | None:
    """The latest entry of the people whom this device stands for, until its code has expired."""
    language = get_language() or "vi"
    row = queries.ahead(device.people(device.token_of(request)), timezone.now())
    if row is None:
        return None
    return {"template": "border/home_panel.html", "row": row, "gate": asking.gate_name(row.gate, language)}
