"""Officers' pages: declarations of their area, and the whole form on one page for somebody without a telephone."""

import secrets
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from vungxanh.core.errors import UserError
from vungxanh.declarations import identity, queries, wizard
from vungxanh.declarations.declare_actions import declare
from vungxanh.declarations.models import Declaration, Whom
from vungxanh.declarations.paper_codes import Filled, unpack
from vungxanh.declarations.schemas import NewDeclaration
from vungxanh.declarations.shown import result_context
from vungxanh.forms.communes import Choice
from vungxanh.forms.definition import Form
from vungxanh.forms.reading import read
from vungxanh.forms.rendering import MEANS, fields, language
from vungxanh.forms.validate import Problem, check
from vungxanh.people import serving
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.queries import masked
from vungxanh.people.roles import Permission

MOST = 200


@require_GET
@officer_required(Permission.DECLARATION_READ)
def declarations(request: HttpRequest) -> HttpResponse:
    """The latest declarations of the officer's area, those that ask for something first."""
    rows = list(queries.visible(officer_of(request)).filter(withdrawn_at=None, corrected_by=None)[:MOST])
    names = masked([row.person for row in rows], language())
    shown = [{**result_context(row, language()), "person": names.get(row.person, "")} for row in rows]
    offered = [
        (form.slug, form.said(form.title, language())) for form, _order in queries.open_forms(timezone.localdate())
    ]
    may_edit = officer_of(request).may(Permission.RULE_EDIT)
    return render(request, "declarations/desk.html", {"rows": shown, "forms": offered, "may_edit": may_edit})


@require_http_methods(["GET", "POST"])
@officer_required(Permission.DECLARATION_KEY)
def key_in(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole form on one page; for somebody being served, without what the register knows of them."""
    if request.POST.get("do") == "other":
        serving.done(request)
        return redirect("declarations:key-in", slug)
    try:
        form = queries.open_form(slug, timezone.localdate())[0]
    except UserError as exc:
        raise Http404 from exc
    today = timezone.localdate()
    problems: list[Problem] = []
    choices: dict[str, list[Choice]] = {}
    key = request.POST.get("key") or secrets.token_urlsafe(18)
    served = serving.person_of(request)
    given, answers = identity.of_served(form, served) if served else ({}, {})
    error = ""
    if request.POST.get("do") == "code":
        try:
            paper = _scanned(form, request.POST.get("code", ""))
            answers, key = wizard.still_asked(form, {**paper.answers, **given}), paper.key
        except UserError as exc:
            error = exc.text(language())
    elif request.method == "POST":
        came = read(list(form.questions), request.POST, today)
        answers, choices = wizard.still_asked(form, {**came.answers, **given}), came.choices
        if not request.POST.get("do"):
            problems = check(form, answers, today).problems
            if not problems:
                return _kept(request, form, answers, key, served)
    sections = _sections(form, answers, problems, choices, today, set(given))
    context = {
        "form": form,
        "title": form.said(form.title, language()),
        "key": key,
        "sections": sections,
        "errors": [one for section in sections for one in section["fields"] if one.error],
        "means": MEANS,
        "served": masked([served], language()).get(served, "") if served else "",
        "unasked": [form.said(q.label, language()) for q in form.questions if q.id in given],
        "back": _back(request),
        "code_error": error,
        "scanned": request.POST.get("do") == "code" and not error,
    }
    return render(request, "declarations/key_in.html", context, status=422 if problems or error else 200)


def _scanned(form: Form, code: str) -> Filled:
    """Raises UserError `declarations.paper-unreadable`, `declarations.paper-other-form`."""
    paper = unpack(code)
    if paper.form != form.key:
        raise UserError("declarations.paper-other-form", field="code", form=paper.form[:60])
    return paper


def _sections(
    form: Form,
    answers: dict[str, Any],
    problems: list[Problem],
    choices: dict[str, list[Choice]],
    today: date,
    unasked: set[str],
) -> list[dict[str, Any]]:
    """All pages, every question open: staff see at once what may be asked."""
    made = [
        {
            "title": form.said(page.title_other or page.title, language()),
            "fields": [
                one
                for one in fields(
                    form, page, answers, problems=problems, choices=choices, today=today, only_enabled=False
                )
                if one.id not in unasked
            ],
        }
        for page in form.pages
    ]
    return [section for section in made if section["fields"]]


def _back(request: HttpRequest) -> str:
    """Where whoever may key in but not read goes back to: the page that they came from, else this one."""
    if officer_of(request).may(Permission.DECLARATION_READ):
        return reverse("declarations:desk")
    return serving.back_of(request) or request.path


def _kept(request: HttpRequest, form: Form, answers: dict[str, Any], key: str, person: int | None) -> HttpResponse:
    channel = Declaration.Channel.PAPER if request.POST.get("channel") == "paper" else Declaration.Channel.DESK
    officer = officer_of(request)
    new = NewDeclaration(
        form, answers, Whom.OTHER, channel, f"desk:{officer.pk}:{key}", timezone.now(), person=person
    )
    made = declare(new=new, by=officer)
    shown = result_context(made, language())
    messages.success(request, _("Kept: %(result)s.") % {"result": shown["name"]})
    return redirect(_back(request))
