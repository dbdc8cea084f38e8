"""Pages: officers give codes and take wrong positives back; anybody reads how it works and checks a receipt."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from vungxanh.core.errors import UserError
from vungxanh.core.scope import scoped
from vungxanh.exposure import actions, queries
from vungxanh.exposure.alarms import sentence
from vungxanh.exposure.forms import CodeForm, RecallForm, ReceiptForm
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import Recall
from vungxanh.exposure.tokens import grouped
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission

SHOWN = 50


def _say(request: HttpRequest, error: UserError) -> None:
    messages.error(request, error.text(get_language() or "vi"))


def _desk(request: HttpRequest, **forms: Any) -> HttpResponse:
    officer = officer_of(request)
    context = {
        "form": forms.get("form", CodeForm()),
        "recall_form": forms.get("recall_form", RecallForm()),
        "codes": queries.codes(officer)[:SHOWN],
        "recalls": queries.open_recalls(officer),
        "alarms": [(alarm.at, sentence(alarm)) for alarm in queries.alarms(officer)],
        "officer": officer,
        "now": timezone.now(),
    }
    return render(request, "exposure/codes.html", context)


@never_cache
@officer_required(Permission.EXPOSURE_CODE)
def codes(request: HttpRequest) -> HttpResponse:
    """Give a code; codes of the area, recalls that wait, alarms."""
    if request.method != "POST":
        return _desk(request)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _desk(request, form=form)
    try:
        issued = actions.issue_code(by=officer_of(request), **form.cleaned_data)
    except UserError as exc:
        form.add_error(exc.field if exc.field in form.fields else None, exc.text(get_language() or "vi"))
        return _desk(request, form=form)
    shown = {"issued": issued, "short": grouped(issued.short), "long": grouped(issued.long)}
    return render(request, "exposure/issued.html", {**shown, "case_id": form.cleaned_data["case_id"]})


@require_POST
@officer_required(Permission.EXPOSURE_CODE)
def withdraw_code(request: HttpRequest, code: int) -> HttpResponse:
    """A code went to the wrong person."""
    officer = officer_of(request)
    if queries.codes(officer).filter(pk=code).exists():
        try:
            actions.withdraw_code(code=code, by=officer)
            messages.success(request, _("The code works no more."))
        except UserError as exc:
            _say(request, exc)
    return redirect("exposure:codes")


@require_POST
@officer_required(Permission.EXPOSURE_CODE)
def ask_recall(request: HttpRequest) -> HttpResponse:
    """Ask that the keys of a wrong positive be taken back."""
    form = RecallForm(request.POST)
    if not form.is_valid():
        return _desk(request, recall_form=form)
    officer = officer_of(request)
    mine = queries.codes(officer).filter(case_id=form.cleaned_data["case_id"])
    try:
        if not mine.exists():
            raise UserError("exposure.nothing-to-recall", field="case_id")
        actions.ask_recall(by=officer, **form.cleaned_data)
        messages.success(request, _("Asked. A second officer has to agree."))
    except UserError as exc:
        form.add_error(exc.field if exc.field in form.fields else None, exc.text(get_language() or "vi"))
        return _desk(request, recall_form=form)
    return redirect("exposure:codes")


@require_POST
@officer_required(Permission.EXPOSURE_CODE)
def agree_recall(request: HttpRequest, recall: int) -> HttpResponse:
    """Agree, as somebody else than who asked."""
    officer = officer_of(request)
    mine = Recall.objects.filter(code__in=scoped(queries.codes(officer), officer, Permission.EXPOSURE_CODE))
    if mine.filter(pk=recall).exists():
        try:
            count = actions.agree_recall(recall=recall, by=officer)
            text = _("%(count)s keys are taken back; the next file says so to every device.")
            messages.success(request, text % {"count": count})
        except UserError as exc:
            _say(request, exc)
    return redirect("exposure:codes")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """How it works, what it can and cannot do, for everybody."""
    return render(request, "exposure/home.html", {"limits": limits(), "form": ReceiptForm()})


def _local(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, timezone.get_current_timezone())


@never_cache
@require_POST
def receipt(request: HttpRequest) -> HttpResponse:
    """Where the keys of a receipt are, or taking them back."""
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        return render(request, "exposure/home.html", {"limits": limits(), "form": form})
    now, given = timezone.now(), form.cleaned_data["receipt"].strip()
    if "withdraw" in request.POST:
        try:
            count = actions.withdraw_upload(receipt=given, now=now)
        except UserError as exc:
            form.add_error("receipt", exc.text(get_language() or "vi"))
            return render(request, "exposure/home.html", {"limits": limits(), "form": form})
        messages.success(request, _("%(count)s keys are taken back.") % {"count": count})
        return redirect("exposure:home")
    stories = queries.receipt_files(given, now=int(now.timestamp()), limits=limits().export)
    if stories is None:
        form.add_error("receipt", UserError("exposure.no-such-receipt").text(get_language() or "vi"))
        return render(request, "exposure/home.html", {"limits": limits(), "form": form})
    language = get_language() or "vi"
    rows = [
        {
            "file": story.file,
            "at": _local(story.published_from),
            "why": story.reason.get(language, story.reason["en"]),
        }
        for story in stories
    ]
    return render(request, "exposure/receipt.html", {"rows": rows, "receipt": given, "form": form})
