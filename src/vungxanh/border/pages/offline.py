"""The desk on a device: the page that works without network, what it takes along, and the merge."""

import hashlib
import json
import secrets
from datetime import timedelta
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vungxanh.border import asking, entry_forms, queries, results
from vungxanh.border.actions import offline
from vungxanh.border.entry_rules import EntryRule
from vungxanh.border.forms import ReviewForm
from vungxanh.border.keys import signer_point
from vungxanh.border.models import Declaration
from vungxanh.core.errors import UserError
from vungxanh.core.sealing import public_key
from vungxanh.forms.definition import Form
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.queries import masked, reveal
from vungxanh.people.roles import Permission
from vungxanh.people.schemas import PersonOut

#: entries that a device takes along: a gate's busiest day
MOST = 6_000
MOST_RECORDS = 500
PURPOSE = "entries taken along to a desk without network"


@require_GET
@csp_update({"script-src": ["'wasm-unsafe-eval'"]})
@officer_required(Permission.BORDER_REVIEW)
def page(request: HttpRequest) -> HttpResponse:
    """Scan, decide, declare. Everything on it is kept by the service worker; no traveller stands in it."""
    form = entry_forms.on(timezone.localdate())
    context = {
        "fields": _fields(form, request.LANGUAGE_CODE) if form else [],
        "form": ReviewForm(officer=officer_of(request)),
    }
    return render(request, "border/offline.html", context)


def _fields(form: Form, language: str) -> list[dict[str, Any]]:
    """Every question with its condition, for one long page."""
    found = []
    for one in form.pages:
        for place, question in enumerate(one.questions):
            when = [item.model_dump(exclude_none=True, exclude_defaults=True) for item in question.enabled_when]
            found.append(
                {
                    "field": asking.field(form, question, {}, language, {}, {}),
                    "when": json.dumps(when),
                    "group": question.group or "",
                    "title": form.said(one.title, language) if place == 0 else "",
                }
            )
    return found


@require_GET
@officer_required(Permission.BORDER_REVIEW)
def ping(request: HttpRequest) -> HttpResponse:
    """Is the server there, and is the officer still logged in?"""
    return JsonResponse({"csrf": get_token(request), "officer": officer_of(request).pk})


@require_POST
@officer_required(Permission.BORDER_REVIEW)
def take(request: HttpRequest) -> HttpResponse:
    """Entries of today and tomorrow for this device: initials, seat, class, and salted hashes of numbers.

    Whoever is taken along is recorded as looked at, person by person.
    """
    officer, today = officer_of(request), timezone.localdate()
    rows = list(_entries(queries.seen(officer).filter(entry_on__range=(today, today + timedelta(days=1)))))
    people = reveal([row.person for row in rows], by=officer, purpose=PURPOSE)
    names = masked([row.person for row in rows], request.LANGUAGE_CODE)
    salt = secrets.token_hex(16)
    form = entry_forms.on(today)
    told = {
        "officer": officer.pk,
        "day": today.isoformat(),
        "key": public_key(),
        "signer": signer_point(),
        "salt": salt,
        "form": form.key if form else "",
        "classes": _classes(request.LANGUAGE_CODE),
        "entries": [_entry(row, people.get(row.person), names.get(row.person, ""), salt) for row in rows],
    }
    return JsonResponse(told)


def _entries(rows: Any) -> Any:
    return rows.filter(withdrawn_at=None).select_related("review").prefetch_related("results")[:MOST]


def _entry(row: Declaration, person: PersonOut | None, who: str, salt: str) -> dict[str, Any]:
    result = next((one for one in row.results.all() if one.replaced_at is None), None)
    numbers = [document.number for document in person.documents] if person else []
    return {
        "id": row.pk,
        "who": who,
        "flight": row.flight or row.vehicle,
        "seat": row.seat,
        "class": result.class_id if result else "",
        "done": hasattr(row, "review"),
        "n": [hashed(number, salt) for number in numbers],
    }


def hashed(number: str, salt: str) -> str:
    """As the page's script hashes what is typed: the first eight bytes of SHA-256."""
    plain = "".join(letter for letter in number.upper() if letter.isascii() and letter.isalnum())
    return hashlib.sha256(f"{salt}{plain}".encode()).hexdigest()[:16]


def _classes(language: str) -> dict[str, dict[str, str]]:
    """Classes of every rule in words, the newest rule's last."""
    vi = language == "vi"
    rules: list[EntryRule] = sorted(results.rules().values(), key=lambda one: str(one.valid_from))
    return {
        one.id: {"name": one.name.vi if vi else one.name.en, "todo": one.todo.vi if vi else one.todo.en}
        for rule in rules
        for one in rule.classes
    }


@require_POST
@officer_required(Permission.BORDER_REVIEW)
def merge(request: HttpRequest) -> HttpResponse:
    """A list of sealed records; one verdict each."""
    try:
        sealed = list(json.loads(request.body)["sealed"])[:MOST_RECORDS]
    except (ValueError, KeyError, TypeError) as exc:
        raise UserError("border.record-unreadable") from exc
    verdicts = offline.merge(sealed=sealed, by=officer_of(request))
    return JsonResponse({"verdicts": [_said(one) for one in verdicts]})


def _said(one: Any) -> dict[str, Any]:
    said = {"record": one.record, "verdict": one.verdict, "reason": one.reason, "declaration": one.declaration}
    if one.reason:
        error = UserError(one.reason)
        said |= {"thong_bao": error.text("vi"), "message": error.text("en")}
    return said


@require_POST
@officer_required(Permission.BORDER_REVIEW)
def complete(request: HttpRequest, record: str) -> HttpResponse:
    """Finish a declaration that an offline desk took down with something missing."""
    officer = officer_of(request)
    row = get_object_or_404(queries.kept_records(officer), pk=record, kind="declare")
    return redirect("border:check", token=offline.draft_of(row=row, by=officer))


@require_POST
@officer_required(Permission.BORDER_REVIEW)
def settle(request: HttpRequest, record: str) -> HttpResponse:
    """Read and dealt with."""
    officer = officer_of(request)
    offline.settle(row=get_object_or_404(queries.kept_records(officer), pk=record), by=officer)
    messages.success(request, _("Settled."))
    return redirect("border:desk")
