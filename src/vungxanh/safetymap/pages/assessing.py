"""A place is assessed item by item: one question a page, saved as it goes; keeper and inspector alike."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vungxanh.core.errors import UserError
from vungxanh.core.scope import may, scoped
from vungxanh.people.models import Officer
from vungxanh.people.roles import Permission
from vungxanh.places.models import Place
from vungxanh.rules.answers import item_max
from vungxanh.rules.criteria import CriteriaSet
from vungxanh.safetymap import actions, keeper, limits, queries
from vungxanh.safetymap.completing import criteria_set
from vungxanh.safetymap.models import Assessment
from vungxanh.safetymap.shown import local


def enter(request: HttpRequest) -> HttpResponse:
    """A keeper's link: `?k=` opens the place for this session."""
    try:
        place = keeper.open_link(request, request.GET.get("k", ""))
    except UserError as error:
        return render(request, "safetymap/refused.html", {"error": _said(error)}, status=403)
    return redirect("safetymap:choose", place)


def _said(error: UserError) -> str:
    return error.text((get_language() or "vi")[:2])


def _door(request: HttpRequest, number: int) -> tuple[Place, str, Officer | None]:
    """The place, as whom one assesses it, and the officer; 404 for anybody else."""
    if isinstance(request.user, Officer):
        place = scoped(Place.objects.filter(pk=number), request.user).first()
        if place is not None:
            if _may(request.user, Permission.SAFETY_INSPECT, place):
                return place, "inspector", request.user
            if _may(request.user, Permission.SAFETY_ASSESS, place):
                return place, "self", request.user
    kept = keeper.kept_place(request, number)
    if kept is None:
        raise Http404
    return kept, "self", None


def _may(officer: Officer, permission: Permission, place: Place) -> bool:
    return may(officer, permission, path=place.scope_path, org=place.scope_org, sector=place.scope_sector)


def choose(request: HttpRequest, number: int) -> HttpResponse:
    """Where the keeper begins: the last result, what is owed, which set to use."""
    place, assessor, officer = _door(request, number)
    if request.method == "POST":
        try:
            begun = actions.begin(by=officer, place=place, criteria=request.POST.get("set", ""), assessor=assessor)
        except UserError as error:
            messages.error(request, _said(error))
            return redirect("safetymap:choose", number)
        return redirect("safetymap:item", begun.pk, _first_open(begun))
    context = {
        "place": place,
        "assessor": assessor,
        "sets": [(one, local(one.name.model_dump())) for one in queries.sets_for(place.kind)],
        "own": queries.finished(place, "self"),
        "inspected": queries.finished(place, "inspector"),
        "deeds": [(deed, local(deed.duty.name.model_dump())) for deed in queries.deeds(place)],
    }
    return render(request, "safetymap/choose.html", context)


def _asked(assessment: Assessment) -> tuple[int, ...]:
    return criteria_set(assessment.criteria).asked_of(assessment.place.kind)


def _first_open(assessment: Assessment) -> int:
    asked = _asked(assessment)
    return next((number for number in asked if str(number) not in assessment.answers), asked[-1])


def _mine(request: HttpRequest, pk: int) -> tuple[Assessment, Officer | None]:
    rows = Assessment.objects.select_related("place")  # scope: `_door` lets only those in who hold the place
    assessment = get_object_or_404(rows, pk=pk)
    _place, assessor, officer = _door(request, assessment.place_id)
    if assessment.assessor != assessor:
        raise Http404
    return assessment, officer


def item(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One question. Yes and no are one tap; points are a number."""
    assessment, officer = _mine(request, pk)
    criteria, asked = criteria_set(assessment.criteria), _asked(assessment)
    if number not in asked:
        raise Http404
    fault = ""
    if request.method == "POST":
        try:
            _take(request, assessment, criteria, number, officer)
            return redirect(_after(assessment, asked, number))
        except UserError as error:
            fault = _said(error)
    return render(request, "safetymap/item.html", _question(assessment, criteria, asked, number, fault))


def _take(
    request: HttpRequest, assessment: Assessment, criteria: CriteriaSet, number: int, officer: Officer | None
) -> None:
    upload = request.FILES.get("picture")
    if upload is not None:
        content = upload.read(limits.picture_bytes() + 1)
        actions.add_picture(by=officer, assessment=assessment, item=number, content=content)
    value = _value(request.POST.get("answer", ""), criteria)
    actions.answer(by=officer, assessment=assessment, item=number, value=value)


def _value(given: str, criteria: CriteriaSet) -> Any:
    words = {"yes": True, "no": False, "na": "na"}
    if given in words:
        return words[given]
    try:
        return int(given)
    except ValueError:
        return given or "?"


def _after(assessment: Assessment, asked: tuple[int, ...], number: int) -> str:
    from django.urls import reverse

    later = asked[asked.index(number) + 1 :]
    rest = [one for one in later if str(one) not in assessment.answers]
    if rest:
        return reverse("safetymap:item", args=[assessment.pk, rest[0]])
    return reverse("safetymap:review", args=[assessment.pk])


def _question(
    assessment: Assessment, criteria: CriteriaSet, asked: tuple[int, ...], number: int, fault: str
) -> dict[str, Any]:
    one, at = criteria.item(number), asked.index(number)
    return {
        "assessment": assessment,
        "place": assessment.place,
        "number": number,
        "text": one.en if (get_language() or "vi").startswith("en") else one.vi,
        "scoring": criteria.scoring,
        "most": item_max(criteria, one),
        "may_skip": one.may_be_skipped,
        "given": assessment.answers.get(str(number)),
        "pictures": assessment.pictures.filter(item=number).count(),
        "done": at,
        "position": at + 1,
        "total": len(asked),
        "before": asked[at - 1] if at else None,
        "fault": fault,
    }


def review(request: HttpRequest, pk: int) -> HttpResponse:
    """All answers with *change* beside each, and the one button that sends."""
    assessment, officer = _mine(request, pk)
    if request.method == "POST":
        try:
            actions.finish(by=officer, assessment=assessment)
            return redirect("safetymap:result", assessment.pk)
        except UserError as error:
            messages.error(request, _said(error))
    criteria = criteria_set(assessment.criteria)
    lines = [_line(assessment, criteria, number) for number in _asked(assessment)]
    context = {"assessment": assessment, "place": assessment.place, "lines": lines}
    return render(request, "safetymap/review.html", context)


def _line(assessment: Assessment, criteria: CriteriaSet, number: int) -> dict[str, Any]:
    one, given = criteria.item(number), assessment.answers.get(str(number))
    words = {True: _("Yes"), False: _("No"), "na": _("Does not apply"), None: _("not answered")}
    shown = words[given] if given is None or given == "na" or isinstance(given, bool) else given
    text = one.en if (get_language() or "vi").startswith("en") else one.vi
    return {"number": number, "text": text, "answer": shown, "missing": given is None}


def result(request: HttpRequest, pk: int) -> HttpResponse:
    """The verdict with its reasons, what to mend by when."""
    assessment, _officer = _mine(request, pk)
    if not assessment.finished_at:
        return redirect("safetymap:review", pk)
    criteria, verdict = criteria_set(assessment.criteria), assessment.verdict
    context = {
        "assessment": assessment,
        "place": assessment.place,
        "verdict": verdict,
        "band": local(verdict["band_name"]),
        "action": local(verdict["action"]),
        "deadline": local(verdict["deadline"]) if verdict["deadline"] else "",
        "reasons": [local(one) for one in verdict["reasons"]],
        "failed": [_line(assessment, criteria, number) for number in verdict["failed_items"]],
        "set_name": local(criteria.name.model_dump()),
        "criteria": criteria,
    }
    return render(request, "safetymap/result.html", context)


@require_POST
def link_back(request: HttpRequest, number: int) -> HttpResponse:
    """Leaves the place: a shared phone forgets it."""
    kept = request.session.get(keeper.SESSION, [])
    request.session[keeper.SESSION] = [one for one in kept if one != number]
    return redirect("safetymap:public")
