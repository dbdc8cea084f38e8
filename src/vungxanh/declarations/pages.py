"""The citizen's pages: choose a form, one question a page, last look, result, history, correct, withdraw."""

from collections.abc import Mapping
from typing import Any

from csp.decorators import csp_update
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vungxanh.core.errors import UserError
from vungxanh.declarations import actions, queries, wizard
from vungxanh.declarations.declare_actions import declare
from vungxanh.declarations.identity import known
from vungxanh.declarations.models import Declaration, Draft, Whom
from vungxanh.declarations.schemas import NewDeclaration
from vungxanh.declarations.shown import result_context
from vungxanh.declarations.tokens import DRAFT, DRAFT_AGE, number_of, token_of
from vungxanh.forms.definition import Form
from vungxanh.forms.rendering import MEANS, fields, language
from vungxanh.forms.validate import check
from vungxanh.people import device
from vungxanh.people.queries import masked


def _keep_draft(request: HttpRequest, response: HttpResponse, key: str) -> HttpResponse:
    response.set_cookie(DRAFT, key, max_age=DRAFT_AGE, httponly=True, samesite="Lax", secure=request.is_secure())
    return response


def form_of(slug: str) -> Form:
    try:
        return queries.open_form(slug, timezone.localdate())[0]
    except UserError as exc:
        raise Http404 from exc


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Which declaration?"""
    lang = language()
    offered = [
        {
            "slug": form.slug,
            "title": form.said(form.title, lang),
            "summary": form.said(form.summary, lang),
            "basis": order.basis.doc,
            "compulsory": order.compulsory,
        }
        for form, order in queries.open_forms(timezone.localdate())
    ]
    return render(request, "declarations/start.html", {"forms": offered, "any_mine": bool(_mine(request))})


def _mine(request: HttpRequest) -> list[int]:
    return queries.people_of(device.token_of(request))


@never_cache
@require_http_methods(["GET", "POST"])
def whom(request: HttpRequest, slug: str) -> HttpResponse:
    """For whom: myself, another, or somebody who was declared for on this device before."""
    form = form_of(slug)
    names = masked(_mine(request), language())
    error = False
    if request.method == "POST":
        chosen = request.POST.get("whom", "")
        if chosen in Whom.values:
            return _begin(request, form, chosen)
        if chosen.isdigit() and int(chosen) in names:
            return _begin(request, form, Whom.SELF, int(chosen))
        error = True
    context = {"form": form, "title": form.said(form.title, language()), "known": names, "error": error}
    return render(request, "declarations/whom.html", {**context, "choices": Whom.choices})


def _begin(request: HttpRequest, form: Form, chosen: str, person: int | None = None) -> HttpResponse:
    answers = known(form, person) if person else {}
    key = actions.begin(form=form, whom=chosen, person=person, **answers)
    page = wizard.first_open(form, answers) or form.pages[0]
    response = redirect("declarations:page", slug=form.slug, name=page.id)
    return _keep_draft(request, response, key)


def _draft(request: HttpRequest, form: Form) -> Draft | None:
    draft = queries.draft_of(request.COOKIES.get(DRAFT, ""))
    return draft if draft and draft.form == form.id else None


@never_cache
# the reader of an identity card's code; the decorator's stub knows views without parts of the address only
@csp_update({"script-src": ["'wasm-unsafe-eval'"]})  # type: ignore[arg-type]
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One page of a form."""
    form, draft = opened(request, slug)
    if draft is None:
        return redirect("declarations:whom", slug=slug)
    this = wizard.page_of(form, name)
    if this is None:
        raise Http404
    answers, today = queries.answers_of(draft), timezone.localdate()
    came = wizard.Answered(answers)
    if request.method == "POST":
        came = wizard.answer(form, this, answers, request.POST, today)
        actions.save(draft=draft, answers=came.answers)
        if not came.stays:
            return redirect(_next(form, this.id, came.answers, back=request.POST.get("back") == "review"))
    found = fields(form, this, came.answers, problems=came.problems, choices=came.choices, today=today)
    number, total = wizard.position(form, this)
    previous = wizard.before(form, this)
    context = {
        "form": form,
        "page": this,
        "title": wizard.title(form, this, draft),
        "form_title": form.said(form.title, language()),
        "intro": form.said(this.intro, language()) if this.intro else "",
        "fields": found,
        "errors": [one for one in found if one.error],
        "asked": " ".join(one.id for one in found),
        "number": number,
        "total": total,
        "back": request.GET.get("back", request.POST.get("back", "")),
        "previous": previous.id if previous else "",
        "means": MEANS,
        "card": any(one.identity in ("name", "document", "birth_year") for one in this.questions),
        **_for_device(form, draft, came.answers),
    }
    return render(request, "declarations/page.html", context, status=422 if came.problems else 200)


def _for_device(form: Form, draft: Draft, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What a device needs to go on without network: the draft's public number, which pages we hold answers to."""
    held = [page.id for page in form.pages if any(one.id in answers for one in page.questions)]
    return {"draft_id": bytes(draft.key_hash).hex(), "whom": draft.whom, "held": " ".join(held)}


def opened(request: HttpRequest, slug: str) -> tuple[Form, Draft | None]:
    """The form of the draft, in the version it was begun under."""
    form = form_of(slug)
    draft = _draft(request, form)
    return (queries.version(draft.form, draft.version), draft) if draft else (form, None)


def _next(form: Form, name: str, answers: Mapping[str, Any], *, back: bool) -> str:
    this = wizard.page_of(form, name)
    assert this is not None
    after = wizard.first_open(form, answers) if back else wizard.following(form, this)
    if after is None:
        return reverse("declarations:review", args=[form.slug])
    return reverse("declarations:page", args=[form.slug, after.id])


@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """Last look; then it is sent."""
    form, draft = opened(request, slug)
    if draft is None:
        return redirect("declarations:whom", slug=slug)
    answers, today = queries.answers_of(draft), timezone.localdate()
    checked = check(form, answers, today)
    if checked.problems:
        wrong = next(p for p in form.pages if any(q.id == checked.problems[0].question for q in p.questions))
        return redirect("declarations:page", slug=slug, name=wrong.id)
    if request.method == "POST":
        return _send(request, form, draft, answers)
    lines = wizard.review(form, answers, today)
    notes = [note.text(language()) for note in checked.notes]
    context = {"form": form, "lines": lines, "notes": notes, "total": len(form.pages) + 1}
    context |= _for_device(form, draft, answers)
    return render(request, "declarations/review.html", context)


def _send(request: HttpRequest, form: Form, draft: Draft, answers: dict[str, Any]) -> HttpResponse:
    token = device.token_of(request) or device.new_token()
    new = NewDeclaration(
        form=form,
        answers=answers,
        whom=draft.whom,
        channel=Declaration.Channel.WEB,
        sender=bytes(draft.key_hash).hex(),
        given_at=timezone.now(),
        device=token,
        person=draft.person,
        corrects=draft.corrects,
    )
    try:
        made = declare(new=new, by=None)
    except UserError as exc:
        return render(request, "declarations/refused.html", {"what": exc.text(language())}, status=409)
    draft.delete()
    response = redirect("declarations:result", token=token_of(made))
    response.delete_cookie(DRAFT)
    return device.keep(request, response, token)


def _found(token: str) -> Declaration:
    try:
        number = number_of(token)
    except signing.BadSignature as exc:
        raise Http404 from exc
    found = Declaration.objects.filter(pk=number).first()  # scope: whoever holds the address
    if found is None:
        raise Http404
    return found


@never_cache
@require_GET
def result(request: HttpRequest, token: str) -> HttpResponse:
    """What follows, why, and the code that a gate can check."""
    row = _found(token)
    shown = {**result_context(row, language()), "token": token}
    response = render(request, "declarations/result.html", shown)
    response["X-Offline"] = "keep"
    return response


@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What was declared on this device, and what one may do with it."""
    rows = list(queries.of_device(device.token_of(request))[: queries.MOST])
    names = masked([row.person for row in rows], language())
    shown = [
        {**result_context(row, language()), "token": token_of(row), "person": names.get(row.person)}
        for row in rows
    ]
    return render(request, "declarations/mine.html", {"rows": shown})


def own_declaration(request: HttpRequest, token: str) -> Declaration:
    """A declaration made on this device and still standing."""
    row = _found(token)
    rows = queries.of_device(device.token_of(request)).filter(pk=row.pk, withdrawn_at=None, corrected_by=None)
    mine_one = rows.first()
    if mine_one is None:
        raise Http404
    return mine_one


@require_POST
def correct(request: HttpRequest, token: str) -> HttpResponse:
    """The same answers again, to be changed; the old declaration stays and says that it was replaced."""
    row = own_declaration(request, token)
    form = queries.version(row.form, row.version)
    answers = {**known(form, row.person), **queries.answers_of(row)}
    key = actions.begin(form=form, whom=row.whom, person=row.person, corrects=row.pk, **answers)
    return _keep_draft(request, redirect("declarations:review", slug=form.slug), key)


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take it back: asked once, because it cannot be undone."""
    row = own_declaration(request, token)
    if request.method == "POST":
        actions.withdraw(declaration=row, by=None)
        return redirect("declarations:mine")
    return render(request, "declarations/withdraw.html", {**result_context(row, language()), "token": token})


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Wipe this device: it knows nobody any more. What was sent stays with the health service."""
    device.forget(device.token_of(request))
    response = redirect("home")
    response.delete_cookie(device.COOKIE)
    response.delete_cookie(DRAFT)
    return response


@never_cache
@require_GET
def code(request: HttpRequest, token: str) -> HttpResponse:
    """The signed code as a picture."""
    from vungxanh.declarations.shown import code_svg

    headers = {"X-Offline": "keep"}
    return HttpResponse(code_svg(_found(token)), content_type="image/svg+xml", headers=headers)
