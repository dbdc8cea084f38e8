"""Officers: which places are assessed or stale, both results side by side, exposed places, publishing."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vungxanh.core.errors import UserError
from vungxanh.core.listing import Column, Listing
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission
from vungxanh.places.models import Place
from vungxanh.places.queries import newest_fact, newest_facts
from vungxanh.safetymap import actions, points, queries
from vungxanh.safetymap.shown import age, day_of, kind_name, local


@officer_required(Permission.SAFETY_INSPECT, Permission.SAFETY_ASSESS, Permission.STATISTICS_READ)
def home(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    listing = _listing(request)
    context = {
        "listing": listing,
        "snapshot": queries.newest_snapshot(),
        "may_publish": officer.may(Permission.ZONE_DECIDE) or officer.may(Permission.MESSAGE_APPROVE),
        "may_complete": officer.may(Permission.RULE_EDIT) or officer.may(Permission.RULE_APPROVE),
        "may_expose": officer.may(Permission.ZONE_PROPOSE),
    }
    return render(request, "safetymap/desk.html", context)


def _listing(request: HttpRequest) -> Listing[Any]:
    rows = queries.visible_places(officer_of(request))
    facts = newest_facts(rows.values_list("pk", flat=True), actions.LEVEL_FACT)
    columns: list[Column[Place]] = [
        Column("name", _("Place"), _link, sort="name_sort", head=True),
        Column("kind", _("Kind"), lambda place: kind_name(place.kind), sort="kind"),
        Column("result", _("Result"), lambda place: _result(facts.get(place.pk))),
        Column("on", _("Assessed"), lambda place: day_of(facts[place.pk].at) if place.pk in facts else None),
        Column("state", _("State"), lambda place: _state(facts.get(place.pk))),
    ]
    return Listing("safety-places", columns, rows, request.GET, caption=_("Places and their safety"), per_page=25)


def _link(place: Place) -> str:
    return format_html('<a href="{}">{}</a>', reverse("safetymap:desk_place", args=[place.pk]), place.name)


def _result(fact: Any) -> str | None:
    return local(fact.value.get("band_name")) if fact else None


def _state(fact: Any) -> str:
    if fact is None:
        return _("Not assessed")
    return age(fact.at, fact.valid_until, timezone.now()) or _("fresh")


@officer_required(Permission.SAFETY_INSPECT, Permission.SAFETY_ASSESS)
def place(request: HttpRequest, number: int) -> HttpResponse:
    """Both results side by side, the items on which they differ, what the place owes and does."""
    found = get_object_or_404(queries.visible_places(officer_of(request)), pk=number)
    own, inspected = queries.finished(found, "self"), queries.finished(found, "inspector")
    context = {
        "place": found,
        "results": [(_("The place itself"), own, _band(own)), (_("Inspector"), inspected, _band(inspected))],
        "differences": queries.differences(own, inspected),
        "point": fact.value if (fact := newest_fact(found, points.FACT)) else {},
        "point_kinds": points.KINDS.items(),
        "deeds": [(deed, local(deed.duty.name.model_dump())) for deed in queries.deeds(found)],
    }
    return render(request, "safetymap/desk_place.html", context)


@officer_required(Permission.SAFETY_INSPECT)
@require_POST
def point(request: HttpRequest, number: int) -> HttpResponse:
    """Make a place a point where people declare or are tested, or no longer one."""
    officer = officer_of(request)
    found = get_object_or_404(queries.visible_places(officer), pk=number)
    given = {name: request.POST.get(name, "") for name in ("kind", "hours", "phone")}
    try:
        points.set_point(by=officer, place=found, **given)
        messages.success(request, _("Saved. The map shows it when it is next published."))
    except UserError as error:
        messages.error(request, error.text(get_language() or "vi"))
    return redirect("safetymap:desk_place", number)


def _band(assessment: Any) -> str:
    return local(assessment.verdict.get("band_name")) if assessment else ""


@officer_required(Permission.ZONE_DECIDE, Permission.MESSAGE_APPROVE)
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    actions.publish(by=officer_of(request))
    messages.success(request, _("Published. Everybody sees it now."))
    return redirect("safetymap:desk")


class ExposureForm(forms.Form):
    """A place and a window. Times are local."""

    place = forms.IntegerField(label=gettext_lazy("Number of the place"), min_value=1)
    start = forms.DateTimeField(
        label=gettext_lazy("From"), widget=forms.DateTimeInput({"type": "datetime-local", "class": "nhsuk-input"})
    )
    end = forms.DateTimeField(
        label=gettext_lazy("Until"), widget=forms.DateTimeInput({"type": "datetime-local", "class": "nhsuk-input"})
    )
    advice = forms.CharField(
        label=gettext_lazy("What people should do"),
        required=False,
        widget=forms.Textarea({"rows": 2, "class": "nhsuk-textarea"}),
    )
    person_told = forms.BooleanField(label=gettext_lazy("The person concerned has been told"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].widget.attrs["class"] = "nhsuk-input nhsuk-input--width-10"


@officer_required(Permission.ZONE_PROPOSE, Permission.ZONE_DECIDE)
def exposures(request: HttpRequest) -> HttpResponse:
    """Places on their way to the public, and those that are there."""
    officer, form = officer_of(request), ExposureForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _propose(request, form):
        return redirect("safetymap:exposures")
    context = {
        "form": form,
        "rows": queries.visible_exposures(officer),
        "officer": officer,
        "may_release": officer.may(Permission.ZONE_DECIDE),
        "may_propose": officer.may(Permission.ZONE_PROPOSE),
    }
    return render(request, "safetymap/exposures.html", context)


def _propose(request: HttpRequest, form: ExposureForm) -> bool:
    officer, given = officer_of(request), form.cleaned_data
    found = queries.visible_places(officer).filter(pk=given["place"]).first()
    try:
        if found is None:
            raise UserError("safetymap.no-such-place", field="place")
        window: tuple[datetime, datetime] = (given["start"], given["end"])
        told, advice = given["person_told"], given["advice"]
        actions.propose_exposure(
            by=officer, place=found, start=window[0], end=window[1], advice=advice, person_told=told
        )
    except UserError as error:
        form.add_error(error.field if error.field in form.fields else None, error.text(_language()))
        return False
    return True


def _language() -> str:
    return (get_language() or "vi")[:2]


@officer_required(Permission.ZONE_PROPOSE, Permission.ZONE_DECIDE)
@require_POST
def exposure_act(request: HttpRequest, pk: int) -> HttpResponse:
    """told, propose, release or withdraw."""
    officer = officer_of(request)
    exposure = get_object_or_404(queries.visible_exposures(officer), pk=pk)
    try:
        _act(request.POST.get("do", ""), officer, exposure)
    except UserError as error:
        messages.error(request, error.text(_language()))
    return redirect("safetymap:exposures")


def _act(what: str, officer: Any, exposure: Any) -> None:
    if what == "told":
        actions.tell_person(by=officer, exposure=exposure)
    elif what == "propose" and officer.may(Permission.ZONE_PROPOSE):
        actions.propose_exposure(by=officer, place=exposure.place, start=exposure.start, end=exposure.end)
    elif what == "release" and officer.may(Permission.ZONE_DECIDE):
        actions.release_exposure(by=officer, exposure=exposure)
    elif what == "withdraw":
        actions.withdraw_exposure(by=officer, exposure=exposure)
