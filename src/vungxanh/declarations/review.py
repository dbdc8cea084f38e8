"""Pages after the result: a person's rights; for officers one declaration, its decision, requests, quality."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Avg, Count, F, FloatField, Q
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vungxanh.core.scope import scoped
from vungxanh.declarations import queries, review_actions, wizard
from vungxanh.declarations.models import Declaration, RightsRequest
from vungxanh.declarations.pages import own_declaration
from vungxanh.declarations.results import rules_named
from vungxanh.declarations.rights import basis, reviewers, rights
from vungxanh.declarations.shown import result_context
from vungxanh.forms.rendering import language
from vungxanh.people.access import OfficerRequest, officer_required
from vungxanh.people.queries import masked
from vungxanh.people.roles import Permission
from vungxanh.places.queries import names_of_paths

QUALITY_DAYS = 30


def _said(text: Any) -> str:
    return str(text.vi if language() == "vi" else text.en)


@never_cache
@require_http_methods(["GET", "POST"])
def my_rights(request: HttpRequest, token: str) -> HttpResponse:
    """See, correct, delete, object: asked here, answered here, with the day by which the law wants it."""
    row = own_declaration(request, token)
    if request.method == "POST":
        review_actions.ask(declaration=row, kind=request.POST.get("kind", ""), text=request.POST.get("text", ""))
        return redirect("declarations:rights", token=token)
    asked = [
        {
            "one": one,
            "name": _said(rights()[one.kind].name),
            "answer": one.answer.open() if one.answer else "",
        }
        for one in row.requests.order_by("-pk")
    ]
    form = queries.version(row.form, row.version)
    context = {
        "token": token,
        "row": row,
        "asked": asked,
        "kinds": [(key, _said(one.name), one.days) for key, one in rights().items()],
        "basis": basis(),
        "lines": wizard.review(form, queries.answers_of(row), timezone.localdate(row.given_at)),
    }
    return render(request, "declarations/rights.html", context)


def _visible(request: OfficerRequest, number: int) -> Declaration:
    row = scoped(Declaration.objects.filter(pk=number), request.officer, Permission.DECLARATION_READ).first()
    if row is None:
        raise Http404
    return row


@require_GET
@officer_required(Permission.DECLARATION_READ)
def one(request: OfficerRequest, number: int) -> HttpResponse:
    """One declaration: what was said, what followed, who decided otherwise, what the person asked."""
    row = _visible(request, number)
    form = queries.version(row.form, row.version)
    rules = rules_named(form.result_rules)
    names = {each.code: _said(each.name) for each in rules.classes}
    context = {
        **result_context(row, language()),
        "person": masked([row.person], language()).get(row.person, ""),
        "lines": wizard.review(form, queries.answers_of(row), timezone.localdate(row.given_at)),
        "classes": [(each.code, names[each.code]) for each in rules.classes],
        "overrules": [
            {"one": each, "before": names.get(each.before, ""), "result": names.get(each.result, "")}
            for each in row.overrules.order_by("pk")
        ],
        "requests": [
            {"one": each, "name": _said(rights()[each.kind].name), "text": each.text.open() if each.text else ""}
            for each in row.requests.order_by("pk")
        ],
        "may_review": request.officer.may(Permission.DECLARATION_REVIEW),
    }
    return render(request, "declarations/one.html", context)


@require_POST
@officer_required(Permission.DECLARATION_REVIEW)
def overrule(request: OfficerRequest, number: int) -> HttpResponse:
    """Decide otherwise, with a reason that the person reads."""
    review_actions.overrule(
        declaration=_visible(request, number),
        result=request.POST.get("result", ""),
        reason=request.POST.get("reason", ""),
        by=request.officer,
    )
    messages.success(request, _("Decided. The person sees it with your reason."))
    return redirect("declarations:one", number=number)


@require_POST
@officer_required(Permission.DECLARATION_REVIEW)
def answer(request: OfficerRequest, number: int) -> HttpResponse:
    """Answer what a person asked."""
    found = scoped(RightsRequest.objects.filter(pk=number), request.officer, Permission.DECLARATION_REVIEW).first()
    if found is None:
        raise Http404
    review_actions.answer(
        row=found,
        granted=request.POST.get("granted") == "yes",
        text=request.POST.get("answer", ""),
        by=request.officer,
    )
    return redirect("declarations:one", number=found.declaration_id)


@require_GET
@officer_required(Permission.DECLARATION_READ)
def quality(request: OfficerRequest) -> HttpResponse:
    """How well people declare, by commune: for those who help them, not against those who declared."""
    since = timezone.now() - timedelta(days=QUALITY_DAYS)
    rows = scoped(Declaration.objects.filter(given_at__gte=since), request.officer, Permission.DECLARATION_READ)
    counted = (
        rows.filter(withdrawn_at=None, asked__gt=0)
        .values("scope_path")
        .annotate(
            count=Count("pk"),
            filled=Avg(Cast(F("filled"), FloatField()) / F("asked")),
            odd=Count("pk", filter=Q(odd__gt=0)),
            straight=Count("pk", filter=Q(straight=True)),
            late=Count("pk", filter=Q(version_ended=True)),
            staff=Count("pk", filter=~Q(channel="web")),
        )
        .order_by("scope_path")
    )
    names = names_of_paths([one["scope_path"] for one in counted])
    shown = [
        {
            **one,
            "name": names.get(one["scope_path"], one["scope_path"]),
            "filled": round(100 * (one["filled"] or 0)),
            "odd_share": round(100 * one["odd"] / one["count"]),
            "straight_share": round(100 * one["straight"] / one["count"]),
        }
        for one in counted
    ]
    context = {"rows": shown, "days": QUALITY_DAYS, "reviewers": _said(reviewers())}
    return render(request, "declarations/quality.html", context)
