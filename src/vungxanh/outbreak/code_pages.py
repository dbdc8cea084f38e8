"""A code for exposure notification, given on the case's page: read aloud, or sent by message."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vungxanh.core.errors import UserError
from vungxanh.exposure.actions import issue_code
from vungxanh.exposure.lab_actions import send_code
from vungxanh.exposure.tokens import grouped
from vungxanh.outbreak import queries, times
from vungxanh.outbreak.models import Case
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission


@never_cache
@require_POST
@officer_required(Permission.EXPOSURE_CODE)
def give_code(request: HttpRequest, number: int) -> HttpResponse:
    """The code is shown once and kept nowhere; with `send` it also goes by message, alone and without a link."""
    officer = officer_of(request)
    case = queries.case(officer, number, Permission.EXPOSURE_CODE)
    if case.status != Case.Status.CONFIRMED:
        return redirect("outbreak:case", number=number)
    try:
        issued = issue_code(
            case_id=case.pk, onset=case.onset, by=officer, person=case.person, scope_path=case.scope_path
        )
        sent = "send" in request.POST
        if sent:
            source = f"exposure-case:{case.pk}:{uuid4()}"
            send_code(code=issued.long, source=source, by=officer, person=case.person, scope_path=case.scope_path)
    except UserError as error:
        messages.error(request, error.text("en" if times.is_english() else "vi"))
        return redirect("outbreak:case", number=number)
    shown = {"issued": issued, "short": grouped(issued.short), "long": grouped(issued.long), "sent": sent}
    return render(request, "outbreak/exposure_code.html", {"case": case, **shown})
