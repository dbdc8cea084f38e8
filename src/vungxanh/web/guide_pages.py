"""Guides on the web and on paper; whoever drafts messages changes texts and pictures in the browser."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from vungxanh.core.errors import UserError
from vungxanh.people.access import OfficerRequest, officer_required
from vungxanh.people.roles import Permission
from vungxanh.rules.dated import Text
from vungxanh.venues.links import base_url
from vungxanh.web import guides


def _language() -> str:
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def _found(key: str) -> guides.Guide:
    try:
        return guides.guide(key, timezone.localdate())
    except UserError as exc:
        raise Http404 from exc


def _said(text: Any) -> str:
    return str(text.vi if _language() == "vi" else text.en)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Everything that can be read or printed."""
    rows = [
        {"key": one.key, "kind": one.kind, "title": _said(one.title)}
        for one in guides.guides(timezone.localdate())
    ]
    may_edit = _may_edit(request)
    return render(request, "web/guides.html", {"rows": rows, "may_edit": may_edit})


def _may_edit(request: HttpRequest) -> bool:
    may = getattr(request.user, "may", None)
    return bool(may and may(Permission.MESSAGE_DRAFT))


@require_GET
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One guide as a page."""
    found = _found(key)
    blocks = [(_said(block.head), _said(block.text)) for block in found.shown(timezone.localdate())]
    context = {"key": key, "title": _said(found.title), "blocks": blocks, "has_picture": bool(found.picture)}
    return render(request, "web/guide.html", context | {"may_edit": _may_edit(request)})


@require_GET
def paper(request: HttpRequest, key: str) -> HttpResponse:
    address = base_url(request.build_absolute_uri("/").rstrip("/"))
    made = guides.pdf(
        _found(key), language=_language(), address=address, day=timezone.localdate(), drill=settings.DEMO
    )
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{key}.pdf"'
    return response


@require_GET
def picture(request: HttpRequest, key: str) -> HttpResponse:
    found = _found(key).picture
    if not found:
        raise Http404
    kind = "image/png" if found.startswith(b"\x89PNG") else "image/jpeg"
    return HttpResponse(found, content_type=kind)


@require_http_methods(["GET", "POST"])
@officer_required(Permission.MESSAGE_DRAFT)
def edit(request: OfficerRequest, key: str) -> HttpResponse:
    """Texts in both languages, a picture, the day from which it is put up."""
    found = _found(key)
    if request.method == "POST":
        raw = guides.raw_of(key, timezone.localdate())
        content = {"kind": found.kind, **_content(request, len(found.blocks))}
        upload = request.FILES.get("picture")
        kept = raw.get("picture", "") if not request.POST.get("no_picture") else ""
        content["picture"] = guides.picture(upload.read()) if upload else kept
        guides.change(key=key, content=content, on=_day(request.POST.get("on", "")), by=request.officer)
        messages.success(request, _("Kept."))
        return redirect("guide", key=key)
    empty = guides.Block(Text(vi="", en=""), Text(vi="", en=""))
    context = {
        "key": key,
        "guide": found,
        "blocks": [*found.blocks, empty],
        "today": timezone.localdate().isoformat(),
    }
    return render(request, "web/guide_edit.html", context)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()


def _content(request: HttpRequest, known: int) -> dict[str, Any]:
    def both(name: str) -> dict[str, str]:
        told = {lang: request.POST.get(f"{name}_{lang}", "").strip()[:2000] for lang in ("vi", "en")}
        return {**told, "en": told["en"] or told["vi"]}

    blocks: list[dict[str, Any]] = []
    for n in range(known + 1):
        block: dict[str, Any] = {"head": both(f"head-{n}"), "text": both(f"text-{n}")}
        since = request.POST.get(f"from-{n}", "")
        if block["head"]["vi"] or block["text"]["vi"]:
            blocks.append(block | ({"from": since} if since else {}))
    return {"title": both("title"), "blocks": blocks}
