"""Papers that the desk prints."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from vungxanh.border import papers, queries
from vungxanh.core import audit
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.queries import reveal
from vungxanh.people.roles import Permission


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f"inline; filename={name}.pdf"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_GET
@officer_required(Permission.BORDER_READ)
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """The traveller's own paper."""
    row = get_object_or_404(queries.seen(officer_of(request)), pk=pk)
    return _pdf(papers.traveller(row), f"slip-{pk}")


@require_GET
@officer_required(Permission.BORDER_REVIEW)
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision form of a hold; printing it is recorded."""
    officer = officer_of(request)
    row = get_object_or_404(queries.seen(officer), pk=pk)
    person = reveal([row.person], by=officer, purpose="print the decision").get(row.person)
    hold = getattr(row, "hold", None)
    if hold is None or person is None:
        raise Http404
    audit.record(by=officer, action="border:decision:printed", subject=f"declaration:{pk}")
    return _pdf(papers.decision(hold, person), f"decision-{pk}")
