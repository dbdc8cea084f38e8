"""An administrator completes a template with the document at hand; a second person puts it in force."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vungxanh.core.errors import UserError
from vungxanh.core.minutes import parse_date
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission
from vungxanh.rules.criteria import CriteriaSet
from vungxanh.rules.dated import parse
from vungxanh.rules.store.models import RuleVersion
from vungxanh.safetymap import completing
from vungxanh.safetymap.shown import local

SPARE_BANDS = 4


@officer_required(Permission.RULE_EDIT, Permission.RULE_APPROVE)
def sets(request: HttpRequest) -> HttpResponse:
    """Templates with what each lacks, and the completed sets."""
    if request.method == "POST":
        try:
            version = completing.begin(by=officer_of(request), template=request.POST.get("set", ""))
            return redirect("safetymap:complete", version.pk)
        except UserError as error:
            messages.error(request, _said(error))
    rows = [(one, local(one.name.model_dump()), one.gaps) for one in completing.templates()]
    done = [(key, local(one.name.model_dump()), one) for key, one in completing.in_force().items()]
    return render(request, "safetymap/sets.html", {"rows": rows, "done": done})


def _said(error: UserError) -> str:
    return error.text((get_language() or "vi")[:2])


@officer_required(Permission.RULE_EDIT, Permission.RULE_APPROVE)
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """The items and bands as fields; saved as a draft, put in force by another person."""
    officer = officer_of(request)
    version = get_object_or_404(RuleVersion, pk=pk, kind=completing.KIND)
    if request.method == "POST":
        try:
            if request.POST.get("do") == "force":
                if not officer.may(Permission.RULE_APPROVE):
                    raise UserError("safetymap.same-person")
                on = parse_date(request.POST.get("on") or timezone.localdate().isoformat())
                completing.put_in_force(by=officer, version=version, on=on)
                messages.success(request, _("In force."))
                return redirect("safetymap:sets")
            items, bands = _items(request, version), _bands(request)
            document = request.POST.get("document", "")
            completing.fill(by=officer, version=version, items=items, bands=bands, document=document)
            messages.success(request, _("Saved as a draft."))
            return redirect("safetymap:complete", pk)
        except (UserError, ValueError) as error:
            messages.error(request, _said(error) if isinstance(error, UserError) else str(error))
    known = parse(CriteriaSet, version.content)
    context = {
        "version": version,
        "name": local(known.name.model_dump()),
        "items": [known.item(number) for number in known.numbers],
        "bands": [*version.content.get("bands", []), *({} for _spare in range(SPARE_BANDS))],
        "document": known.basis.doc,
        "gaps": known.gaps,
        "is_complete": known.complete,
        "draft": version.state == RuleVersion.State.DRAFT,
        "may_force": officer.may(Permission.RULE_APPROVE) and officer.pk != version.made_by,
        "today": timezone.localdate().isoformat(),
    }
    return render(request, "safetymap/complete.html", context)


def _items(request: HttpRequest, version: RuleVersion) -> list[dict[str, Any]]:
    """The items as they were, with the texts and points given; a new number adds an item."""
    known = {item["number"]: item for item in version.content.get("items", [])}
    given = {int(m[1]) for name in request.POST if (m := re.fullmatch(r"vi-(\d{1,3})", name))}
    made = []
    for number in sorted(given):
        vi, en = (request.POST.get(f"{language}-{number}", "").strip() for language in ("vi", "en"))
        most = request.POST.get(f"max-{number}", "").strip()
        if not vi and not en and number not in known:
            continue
        before = known.get(number, {"number": number})
        made.append({**before, "vi": vi, "en": en, "max": int(most) if most else before.get("max")})
    return made


def _bands(request: HttpRequest) -> list[dict[str, Any]]:
    """Rows of the bands that have a name; edges as numbers."""
    given = request.POST
    rows = zip(
        *(given.getlist(f"band-{name}") for name in ("vi", "en", "from", "below", "unit", "opens", "deadline")),
        strict=True,
    )
    made: list[dict[str, Any]] = []
    for number, (vi, en, low, below, unit, opens, deadline) in enumerate(rows, start=1):
        if not vi.strip():
            continue
        band: dict[str, Any] = {"code": f"b{number}", "name": {"vi": vi.strip(), "en": en.strip() or vi.strip()}}
        band |= {"from": float(low or 0), "below": float(below) if below else None, "unit": unit, "opens": opens}
        made.append(band | {"deadline": deadline.strip() or None})
    return made
