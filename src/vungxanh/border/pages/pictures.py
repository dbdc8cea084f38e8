"""Photographs at the desk: taken in, and shown to those who may; each look is recorded."""

from base64 import b64decode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from vungxanh.border import queries
from vungxanh.border.actions import pictures as actions
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission


@require_POST
@officer_required(Permission.BORDER_REVIEW)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Photographs that the desk takes or is shown."""
    officer = officer_of(request)
    row = get_object_or_404(queries.seen(officer), pk=pk)
    try:
        actions.keep(declaration=row, pictures=actions.taken(request.FILES), by=officer)
    except UserError as exc:
        messages.error(request, exc.text(request.LANGUAGE_CODE))
    else:
        messages.success(request, _("Written down."))
    return redirect("border:entry", pk=pk)


@never_cache
@require_GET
@officer_required(Permission.BORDER_READ)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One photograph; looking at it is recorded."""
    officer = officer_of(request)
    row = get_object_or_404(queries.pictures(officer), pk=pk)
    audit.record(by=officer, action="border:picture:seen", subject=f"declaration:{row.declaration_id}")
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    return HttpResponse(b64decode(row.content.open()), content_type=row.content_type, headers=headers)
