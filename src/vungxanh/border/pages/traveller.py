"""The traveller: one page of questions at a time, a review, the result with its reasons and its code."""

from dataclasses import dataclass, field
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from vungxanh.border import asking, entry_forms, prearrival, queries, results, tongues
from vungxanh.border.actions import entries, offline, pictures
from vungxanh.border.models import Declaration, Draft
from vungxanh.core.errors import UserError
from vungxanh.exchange.pdf import qr_svg
from vungxanh.forms.definition import Form
from vungxanh.forms.reading import Posted, read
from vungxanh.people import device
from vungxanh.people.access import officer_of
from vungxanh.people.queries import masked

#: a module of the code on the screen: large enough for a scanner, small enough for the narrowest phone
PIXELS = 5
COOKIE = "entry-language"


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Which form is in force, on what basis; or that nobody has to declare today."""
    form = entry_forms.on(timezone.localdate())
    order = form.order_on(timezone.localdate()) if form else None
    language = _language(request)
    shares = {code: tongues.share(form, code) for code in tongues.NAMES} if form else {}
    context = {
        "form": form and asking.titles(form, language),
        "order": order,
        "tongues": [(code, name, shares.get(code, 0) > 0) for code, name in tongues.NAMES.items()],
        "language": language,
    }
    response = render(request, "border/start.html", context)
    if request.GET.get("lang") in tongues.ALL:
        response.set_cookie(COOKIE, language, max_age=None, httponly=True, samesite="Lax", path="/entry/")
    return response


def _language(request: HttpRequest) -> str:
    """The form's language: chosen on the first page for this visit, else that of the pages."""
    asked = request.GET.get("lang") or request.COOKIES.get(COOKIE, "")
    return tongues.chosen(asked, request.LANGUAGE_CODE)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    form = entry_forms.on(timezone.localdate())
    if form is None:
        return redirect("border:start")
    brought = prearrival.read(request.POST.get("record", ""), timezone.localdate())
    draft = entries.start(form=form.key, answers=brought)
    return redirect("border:ask", token=draft.token, page=form.pages[0].id)


@never_cache
def ask(request: HttpRequest, token: str, page: str) -> HttpResponse:
    """One page of the form. Going back keeps everything."""
    draft = _draft(request, token)
    form = entry_forms.form(draft.form)
    at = next((index for index, one in enumerate(form.pages) if one.id == page), None)
    if at is None:
        raise Http404
    answers = entries.answers_of(draft)
    taken = Taken(answers)
    if request.method == "POST":
        taken = _take(request, form, at, answers)
        entries.keep(draft=draft, answers=taken.answers)
        if not taken.stays:
            return _onward(request, form, at, token)
    problems = taken.problems
    context = asking.page_context(form, at, taken.answers, _language(request), problems, taken.choices)
    context |= {"token": token, "more": taken.more}
    return render(request, "border/ask.html", context, status=422 if problems or taken.choices else 200)


def _draft(request: HttpRequest, token: str) -> Draft:
    """Whoever holds the token writes it; one that an officer began is theirs alone."""
    draft = get_object_or_404(Draft, token=token)
    if draft.by is not None and draft.by != request.user.pk:
        raise Http404
    return draft


@dataclass(slots=True)
class Taken:
    """A page as it was posted. `more`: questions that its answers bring up, not asked before."""

    answers: dict[str, Any]
    problems: dict[str, str] = field(default_factory=dict)
    choices: dict[str, Any] = field(default_factory=dict)
    more: bool = False

    @property
    def stays(self) -> bool:
        return bool(self.problems or self.choices or self.more)


def _take(request: HttpRequest, form: Form, at: int, answers: dict[str, Any]) -> Taken:
    """What was typed stays on the page, right or wrong; a question never shown is asked, not called missing."""
    today, ids = timezone.localdate(), _ids(form, at)
    posted = read(list(form.pages[at].questions), cast("Posted", request.POST), today)
    merged = {name: value for name, value in answers.items() if name not in ids} | posted.answers
    merged = asking.only_asked(form, merged)
    done = entry_forms.checked(form, merged, today, frozenset(ids))
    shown = set(request.POST.getlist("shown"))
    found = [one for one in done.problems if one.question in ids]
    problems = {one.question: one.text(request.LANGUAGE_CODE) for one in found if one.question in shown}
    good = {name: value for name, value in done.answers.items() if name not in problems}
    more = any(one.question not in shown for one in found)
    return Taken({**merged, **good}, problems, posted.choices, more)


def _ids(form: Form, at: int) -> set[str]:
    return {one.id for one in form.pages[at].questions}


def _onward(request: HttpRequest, form: Form, at: int, token: str) -> HttpResponse:
    if request.GET.get("back") == "review" or at + 1 == len(form.pages):
        return redirect("border:check", token=token)
    return redirect("border:ask", token=token, page=form.pages[at + 1].id)


@never_cache
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Everything on one page with a way back to each line; then send."""
    draft = _draft(request, token)
    form, answers = entry_forms.form(draft.form), entries.answers_of(draft)
    done = entry_forms.checked(form, answers, timezone.localdate())
    error = ""
    if request.method == "POST" and done.good:
        officer = draft.by
        try:
            shown = pictures.taken(request.FILES)  # before anything is sent: a picture that fails is chosen anew
            made = entries.send(draft=draft, by=officer)
            pictures.keep(declaration=made, pictures=shown, by=officer)
            if officer and made.sender:
                offline.resume(declaration=made, by=officer_of(request))
            _certificate(made, request.POST.get("certificate", ""))
        except UserError as exc:
            error = exc.text(request.LANGUAGE_CODE)
        else:
            return redirect("border:entry", pk=made.pk) if officer else _to_result(request, made)
    context = {
        "rows": asking.review_rows(form, answers, _language(request), token),
        "problems": [
            (asking.page_of(form, one.question), one.text(request.LANGUAGE_CODE)) for one in done.problems
        ],
        "notes": [one.text(request.LANGUAGE_CODE) for one in done.notes],
        "error": error,
        "token": token,
    }
    return render(request, "border/check.html", context, status=422 if error or request.method == "POST" else 200)


def _to_result(request: HttpRequest, made: Declaration) -> HttpResponse:
    """The device stands for the traveller from now on, here as in every other room."""
    token = device.token_of(request) or device.new_token()
    device.remember(token, made.person)
    return device.keep(request, redirect("border:result", token=made.token), token)


def _certificate(made: Declaration, text: str) -> None:
    """One that cannot be read does not stop the declaration: the desk asks for it again."""
    if text.strip():
        try:
            entries.add_certificate(declaration=made, text=text)
        except UserError:
            return


@never_cache
@require_GET
def result(request: HttpRequest, token: str) -> HttpResponse:
    """The result: code, class, why, until when; and that it was corrected, where it was."""
    row = queries.by_token(token)
    if row is None:
        raise Http404
    found = entries.current(row)
    if found is None:
        raise Http404
    if found.recall_id and found.told_at is None:
        found.told_at = timezone.now()
        found.save(update_fields=["told_at"])
    name = masked([row.person], request.LANGUAGE_CODE)[row.person]
    context = {
        "declaration": row,
        "result": found,
        "name": name,
        "said": results.explained(found, request.LANGUAGE_CODE),
        "qr": mark_safe(qr_svg(results.code(found, name), scale=PIXELS).decode()),  # noqa: S308 - drawn here from our own code
        "withdrawn": row.withdrawn_at is not None,
        "gate": asking.gate_name(row.gate, request.LANGUAGE_CODE),
        "next": Draft.objects.filter(after=row).first(),
        "period": getattr(row, "period", None),
    }
    return render(request, "border/result.html", context)


@require_POST
def correct(request: HttpRequest, token: str) -> HttpResponse:
    """A new draft with the answers that name nobody; who one is must be told again."""
    row = queries.by_token(token)
    if row is None or hasattr(row, "review") or row.withdrawn_at:
        raise Http404
    draft = entries.start(form=row.form, answers=row.answers, corrects=row)
    return redirect("border:check", token=draft.token)
