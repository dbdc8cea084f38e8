"""The whole form on one page for a device without network, and the door for what such a device sends later."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from vungxanh.core.errors import UserError
from vungxanh.core.vault import keyed_hash
from vungxanh.declarations import queries, wizard
from vungxanh.declarations.declare_actions import declare
from vungxanh.declarations.models import Declaration, Draft, Whom
from vungxanh.declarations.schemas import NewDeclaration
from vungxanh.declarations.tokens import DRAFT, token_of
from vungxanh.forms import catalogue
from vungxanh.forms.definition import Form
from vungxanh.forms.reading import read
from vungxanh.forms.rendering import MEANS, fields, language
from vungxanh.forms.validate import Problem, check, required_code
from vungxanh.people import device

#: records in one request; a family is far below
MOST = 50
#: what a device may send after so long a time without network
OLDEST = timedelta(days=14)
KEEP = "X-Offline"


# the reader of an identity card's code; the decorator's stub knows views without parts of the address only
@csp_update({"script-src": ["'wasm-unsafe-eval'"]})  # type: ignore[arg-type]
@require_GET
def whole(request: HttpRequest, slug: str) -> HttpResponse:
    """Every page of the form at once; the device keeps it and asks one page after the other."""
    today, lang = timezone.localdate(), language()
    try:
        form, order = queries.open_form(slug, today)
    except UserError as exc:
        raise Http404 from exc
    pages = [
        {
            "id": page.id,
            "title": form.said(page.title, lang),
            "title_other": form.said(page.title_other, lang) if page.title_other else "",
            "intro": form.said(page.intro, lang) if page.intro else "",
            "fields": fields(form, page, {}, today=today, only_enabled=False),
        }
        for page in form.pages
    ]
    context = {
        "form": form,
        "title": form.said(form.title, lang),
        "pages": pages,
        "whom": Whom.choices,
        "means": MEANS,
        "conditions": json.dumps(_conditions(form)),
        "missing": json.dumps(_missing(lang), ensure_ascii=False),
        "total": len(pages) + 1,
        "basis": order.basis.doc,
    }
    response = render(request, "declarations/whole.html", context)
    response[KEEP] = "keep"
    return response


def _conditions(form: Form) -> dict[str, Any]:
    """question -> conditions that must all hold, each as (questions, answers as the page posts them)."""
    found = {}
    for one in form.questions:
        if one.enabled_when:
            found[one.id] = [
                [
                    [when.question] if when.question else [each.id for each in form.group(when.group or "")],
                    [_posted(value) for value in when.any_of or [when.equals]],
                ]
                for when in one.enabled_when
            ]
    return found


def _posted(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _missing(lang: str) -> dict[str, str]:
    """What to say where an answer is missing, by kind of question."""
    kinds = ("yesno", "choice", "consent", "places", "commune", "date", "text")
    return {kind: Problem("", required_code(kind)).text(lang) for kind in kinds}


@dataclass(frozen=True, slots=True)
class Sent:
    """One declaration as a device kept it: the fields of all pages as a browser would post them."""

    id: str
    form: str
    version: str
    whom: str
    given_at: datetime
    fields: QueryDict


@never_cache
@require_http_methods(["GET", "POST"])
def outbox(request: HttpRequest) -> JsonResponse:
    """GET: the key for posting. POST: `{"records": [...]}` -> one verdict a record; sending again is harmless."""
    if request.method == "GET":
        return JsonResponse({"token": get_token(request)})
    try:
        raw = json.loads(request.body)["records"][:MOST]
        records = [_record(item) for item in raw]
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise UserError("declarations.outbox-unreadable") from exc
    token = device.token_of(request) or device.new_token()
    verdicts = [_verdict(request, record, token) for record in records]
    response = JsonResponse({"verdicts": verdicts})
    if any(one["verdict"] == "accepted" for one in verdicts):
        device.keep(request, response, token)
    return response


def _record(item: Mapping[str, Any]) -> Sent:
    posted = QueryDict(mutable=True)
    for name, value in item["fields"]:
        posted.appendlist(str(name)[:80], str(value)[:20_000])
    at, now = parse_datetime(str(item["given_at"])), timezone.now()
    if at is None or at.tzinfo is None:
        raise ValueError(item["given_at"])
    whom = str(item["whom"]) if str(item["whom"]) in Whom.values else str(Whom.SELF)
    return Sent(str(item["id"])[:64], str(item["form"]), str(item["version"]), whom, min(at, now), posted)


def _verdict(request: HttpRequest, sent: Sent, token: str) -> dict[str, Any]:
    try:
        return _taken(request, sent, token)
    except UserError as exc:
        return {"id": sent.id, "verdict": "refused", "problems": [{"question": "", "text": exc.text(language())}]}


def _taken(request: HttpRequest, sent: Sent, token: str) -> dict[str, Any]:
    if sent.given_at < timezone.now() - OLDEST:
        raise UserError("declarations.too-old", days=OLDEST.days)
    form = _version(sent)
    day = timezone.localdate(sent.given_at)
    draft = _own_draft(request, sent.id)
    came = read(list(form.questions), sent.fields, day)
    before = queries.answers_of(draft) if draft else {}
    answers = wizard.still_asked(form, {**before, **came.answers})
    problems = check(form, answers, day).problems
    if problems:
        return _refused(form, sent, problems, came.choices)
    new = NewDeclaration(
        form=form,
        answers=answers,
        whom=sent.whom,
        channel=Declaration.Channel.WEB,
        sender=sent.id,
        given_at=sent.given_at,
        device=token,
        person=draft.person if draft else None,
        corrects=draft.corrects if draft else None,
    )
    made = declare(new=new, by=None)
    if draft:
        draft.delete()
    address = reverse("declarations:result", args=[token_of(made)])
    return {"id": sent.id, "verdict": "accepted", "url": address, "late": made.version_ended}


def _version(sent: Sent) -> Form:
    found = [one for one in catalogue.versions() if one.slug == sent.form and one.version == sent.version]
    if not found:
        raise UserError("forms.unknown-form", name=f"{sent.form}@{sent.version}"[:60])
    return found[-1]


def _own_draft(request: HttpRequest, number: str) -> Draft | None:
    """The draft that this browser began on the server, so that what was answered there need not be sent again."""
    key = request.COOKIES.get(DRAFT, "")
    if not key or keyed_hash("draft", key).hex() != number:
        return None
    return queries.draft_of(key)


def _refused(form: Form, sent: Sent, problems: list[Problem], choices: Mapping[str, Any]) -> dict[str, Any]:
    pages = {question.id: page.id for page in form.pages for question in page.questions}
    asked = [wizard.asking_back(problem, choices) for problem in problems]
    said = [
        {"question": one.question, "page": pages.get(one.question, ""), "text": one.text(language())}
        for one in asked
    ]
    which = {name: [{"value": one.value, "label": one.label} for one in found] for name, found in choices.items()}
    return {"id": sent.id, "verdict": "refused", "problems": said, "choices": which, "which": _("Which of these?")}
