"""Versions of forms in the browser: make one, edit, look at it, try it, put it in force on a day."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vungxanh.core.errors import UserError
from vungxanh.declarations import editing, form_actions, queries, trying, wizard
from vungxanh.declarations.results import rules_named
from vungxanh.declarations.version_forms import TYPES, ForceForm, Head, QuestionForm, head_of, question_of
from vungxanh.forms import catalogue
from vungxanh.forms.definition import Form, read
from vungxanh.forms.reading import read as read_posted
from vungxanh.forms.rendering import MEANS, fields, language
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission
from vungxanh.rules.store import actions as store
from vungxanh.rules.store.models import RuleVersion

editors = officer_required(Permission.RULE_EDIT, Permission.RULE_APPROVE)


def _row(number: int) -> tuple[RuleVersion, Form]:
    row = RuleVersion.objects.filter(kind=catalogue.KIND, pk=number).first()
    if row is None:
        raise Http404
    return row, read(row.content)


def _drafted(number: int) -> tuple[RuleVersion, Form]:
    row, form = _row(number)
    if row.state != RuleVersion.State.DRAFT:
        raise UserError("rules.version-fixed", version=str(row))
    return row, form


@require_GET
@editors
def index(request: HttpRequest) -> HttpResponse:
    """Every form with its versions: which one is asked today, which begins when, which are drafts."""
    today, lang = timezone.localdate(), language()
    now = {form.id: form.key for form, _order in queries.open_forms(today)}
    rows = list(RuleVersion.objects.filter(kind=catalogue.KIND).exclude(state="dropped").order_by("-pk"))
    groups: dict[str, dict[str, Any]] = {}
    for form in catalogue.versions():
        group = groups.setdefault(form.id, {"id": form.id, "versions": []})
        group["title"] = form.said(form.title, lang)
        group["versions"].append(
            {"version": form.version, "orders": form.orders, "now": now.get(form.id) == form.key}
        )
    for row in rows:
        if row.rule not in groups:  # a form that only exists as a draft
            groups[row.rule] = {"id": row.rule, "versions": [], "title": row.rule}
    for group in groups.values():
        group["drafts"] = [row for row in rows if row.rule == group["id"] and row.state == "draft"]
        group["stored"] = {row.version: row.pk for row in rows if row.rule == group["id"]}
        for one in group["versions"]:
            one["pk"] = group["stored"].get(one["version"])
    return render(request, "declarations/forms.html", {"groups": groups.values()})


@require_POST
@officer_required(Permission.RULE_EDIT)
def new(request: HttpRequest) -> HttpResponse:
    """A draft of the form that was named."""
    row = form_actions.new_draft(form=request.POST.get("form", ""), by=officer_of(request))
    return redirect("declarations:version", number=row.pk)


@require_http_methods(["GET", "POST"])
@editors
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version: its head, its pages and questions, its samples, the day it begins."""
    row, form = _row(number)
    head = Head(request.POST or None, initial=head_of(form), prefix=None)
    if request.method == "POST" and head.is_valid():
        _may(request, Permission.RULE_EDIT)
        try:
            form_actions.change(
                row=row, content=editing.with_head(row.content, head.cleaned_data), by=officer_of(request)
            )
        except UserError as exc:
            head.add_error(None, exc.text(language()))
        else:
            messages.success(request, _("Kept."))
            return redirect("declarations:version", number=number)
    lang, today = language(), timezone.localdate()
    pages = [{"id": p.id, "title": p.title, "questions": [_line(q) for q in p.questions]} for p in form.pages]
    context = {
        "row": row,
        "form": head,
        "title": form.said(form.title, lang),
        "key": form.key,
        "pages": pages,
        "samples": [
            {"one": one, "name": _named(form, one.expects), "got": _named(form, one.got)}
            for one in trying.run(form, row.samples, today)
        ],
        "not_asked": trying.not_asked(form),
        "force": ForceForm(initial={"on": today}),
        "may_approve": officer_of(request).may(Permission.RULE_APPROVE),
        "is_draft": row.state == RuleVersion.State.DRAFT,
    }
    return render(request, "declarations/version.html", context, status=422 if head.errors else 200)


def _line(question: Any) -> dict[str, Any]:
    return {"one": question, "type": TYPES[question.type], "when": editing.condition_text(question)}


def _named(form: Form, code: str) -> str:
    """A result class in words."""
    if code == trying.REFUSED:
        return _("not taken")
    name = next((one.name for one in rules_named(form.result_rules).classes if one.code == code), None)
    return form.said(name, language()) if name else code


def _may(request: HttpRequest, permission: Permission) -> None:
    if not officer_of(request).may(permission):
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
@officer_required(Permission.RULE_EDIT)
def question(request: HttpRequest, number: int, name: str = "") -> HttpResponse:
    """Edit one question, or add one."""
    row, form = _drafted(number)
    known = form.question(name) if name else None
    asked = QuestionForm(form, request.POST or None, initial=question_of(form, known) if known else None)
    if request.method == "POST" and asked.is_valid():
        try:
            content = _with_question(row.content, asked.cleaned_data, name)
            form_actions.change(row=row, content=content, by=officer_of(request))
        except UserError as exc:
            asked.add_error(exc.field if exc.field in asked.fields else None, exc.text(language()))
        else:
            return redirect("declarations:version", number=number)
    context = {"row": row, "form": asked, "known": known}
    return render(request, "declarations/question_edit.html", context, status=422 if asked.errors else 200)


def _with_question(content: editing.Content, asked: dict[str, Any], name: str) -> editing.Content:
    before = None
    if name:
        page, place = editing.find(content, name)
        before = content["pages"][page]["questions"][place]
    made = editing.question_from(content, asked, before)
    if asked["page"]:
        return editing.put(content, made, asked["page"])
    title = (asked["page_vi"] or asked["label_vi"], asked["page_en"] or asked["label_en"])
    return editing.add_page(editing.remove(content, name) if name else content, *title, made)


@require_POST
@officer_required(Permission.RULE_EDIT)
def rearrange(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Up, down, or out."""
    row, _form = _drafted(number)
    what = request.POST.get("do", "")
    steps = {"up": -1, "down": 1}
    content = editing.remove(row.content, name) if what == "remove" else None
    if what in steps:
        content = editing.move(row.content, name, steps[what])
    if content is not None:
        form_actions.change(row=row, content=content, by=officer_of(request))
    return redirect("declarations:version", number=number)


@require_GET
@editors
def preview(request: HttpRequest, number: int) -> HttpResponse:
    """Every page as a citizen sees it; nothing can be sent from here."""
    row, form = _row(number)
    today, lang = timezone.localdate(), language()
    pages = [
        {
            "title": form.said(page.title, lang),
            "intro": form.said(page.intro, lang) if page.intro else "",
            "fields": fields(form, page, {}, today=today, only_enabled=False),
        }
        for page in form.pages
    ]
    context = {
        "row": row,
        "title": form.said(form.title, lang),
        "pages": pages,
        "means": MEANS,
        "total": len(pages),
    }
    return render(request, "declarations/preview.html", context)


@require_http_methods(["GET", "POST"])
@editors
def attempt(request: HttpRequest, number: int) -> HttpResponse:
    """Sample answers: what the form says to them, what follows, and keep them as what must follow from now on."""
    row, form = _row(number)
    today = timezone.localdate()
    came = read_posted(list(form.questions), request.POST, today) if request.method == "POST" else None
    answers = wizard.still_asked(form, came.answers) if came else {}
    tried = trying.attempt(form, answers, today) if came and not request.POST.get("do") else None
    name = request.POST.get("sample", "").strip()[:80]
    if tried and name:
        form_actions.keep_sample(
            row=row, name=name, answers=answers, expects=tried.outcome, by=officer_of(request)
        )
        messages.success(request, _("Kept as a sample: %(name)s.") % {"name": name})
        return redirect("declarations:version", number=number)
    sections: list[dict[str, Any]] = [
        {
            "title": form.said(page.title, language()),
            "fields": fields(
                form,
                page,
                answers,
                problems=tried.problems if tried else [],
                choices=came.choices if came else {},
                today=today,
                only_enabled=False,
            ),
        }
        for page in form.pages
    ]
    context = {
        "row": row,
        "title": form.said(form.title, language()),
        "sections": sections,
        "errors": [one for section in sections for one in section["fields"] if one.error],
        "means": MEANS,
        "tried": tried,
        "result": _named(form, tried.outcome) if tried else "",
        "reasons": _reasons(form, tried) if tried else [],
        "is_draft": row.state == RuleVersion.State.DRAFT,
    }
    return render(request, "declarations/attempt.html", context)


def _reasons(form: Form, tried: trying.Tried) -> list[str]:
    if tried.result is None:
        return []
    rules = tried.result.rules
    said = [rules.named(one.code).why.filled(**one.params) for one in tried.result.reasons]
    return [text.vi if language() == "vi" else text.en for text in said]


@require_POST
@officer_required(Permission.RULE_APPROVE)
def force(request: HttpRequest, number: int) -> HttpResponse:
    """From this day on it is what people are asked."""
    row, _form = _drafted(number)
    asked = ForceForm(request.POST)
    if not asked.is_valid():
        raise UserError("rules.in-the-past", field="on")
    form = form_actions.put_in_force(row=row, on=asked.cleaned_data["on"], by=officer_of(request))
    messages.success(
        request,
        _("%(key)s is in force from %(day)s.")
        % {"key": form.key, "day": asked.cleaned_data["on"].strftime("%d/%m/%Y")},
    )
    return redirect("declarations:versions")


@require_POST
@officer_required(Permission.RULE_EDIT)
def drop(request: HttpRequest, number: int) -> HttpResponse:
    store.drop(row=_drafted(number)[0].pk, by=officer_of(request))
    return redirect("declarations:versions")
