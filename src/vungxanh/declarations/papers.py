"""The form on paper: empty, to be filled in by hand; or filled in on a telephone, with the answers in its code."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from vungxanh.declarations import paper_codes, queries, wizard
from vungxanh.declarations.pages import form_of, opened
from vungxanh.forms.definition import Form
from vungxanh.forms.paper import FilledIn, pdf
from vungxanh.forms.rendering import language
from vungxanh.forms.validate import check


@require_GET
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """The same form to print and fill in by hand."""
    return _made(request, form_of(slug), None)


@never_cache
@require_GET
def filled(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft of this device on paper: for a station without network, or to be handed over."""
    form, draft = opened(request, slug)
    if draft is None:
        return redirect("declarations:whom", slug=slug)
    answers, today = queries.answers_of(draft), timezone.localdate()
    checked = check(form, answers, today)
    if checked.problems:
        return redirect("declarations:review", slug=slug)
    said = {line.question: line.value for line in wizard.review(form, checked.answers, today)}
    return _made(request, form, FilledIn(said, paper_codes.pack(form, checked.answers)))


def _made(request: HttpRequest, form: Form, filled_in: FilledIn | None) -> HttpResponse:
    link = request.build_absolute_uri(reverse("declarations:key-in", args=[form.slug]))
    order = queries.order_of(form, timezone.localdate())
    basis = order.basis.doc if order else ""
    made = pdf(form, language(), link=link, basis=basis, drill=settings.DEMO, filled=filled_in)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{form.slug}.pdf"'
    return response
