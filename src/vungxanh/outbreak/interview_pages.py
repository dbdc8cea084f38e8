"""The guided interview (milestones first), calling somebody, results of tests and the classification."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from vungxanh.core.errors import UserError
from vungxanh.outbreak import interview_actions, queries, times, view
from vungxanh.outbreak.exposed import difference
from vungxanh.outbreak.forms import DAY, MOMENT, SELECT, TEXT, Ask
from vungxanh.outbreak.intake.understand import home_of
from vungxanh.outbreak.models import Case, LabResult
from vungxanh.outbreak.pages import refuse
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer
from vungxanh.people.queries import masked, reveal, search
from vungxanh.people.roles import Permission
from vungxanh.places.kinds import kinds
from vungxanh.places.models import Place
from vungxanh.places.queries import search as search_places

PURPOSE = "interview of a case"
MASKS = [("", gettext_lazy("not known")), ("yes", gettext_lazy("worn")), ("no", gettext_lazy("not worn"))]


class MilestoneForm(forms.Form):
    """One milestone: where, from when to when, with whom."""

    place = forms.IntegerField(widget=forms.HiddenInput)
    start = forms.DateTimeField(
        label=pgettext_lazy("milestone", "From"), widget=forms.DateTimeInput(attrs=MOMENT, format="%Y-%m-%dT%H:%M")
    )
    end = forms.DateTimeField(
        label=pgettext_lazy("milestone", "Until"),
        widget=forms.DateTimeInput(attrs=MOMENT, format="%Y-%m-%dT%H:%M"),
    )
    mask = forms.ChoiceField(
        label=gettext_lazy("Mask of the case"), required=False, choices=MASKS, widget=forms.Select(attrs=SELECT)
    )


class PlaceForm(forms.Form):
    """A place that the register does not know yet."""

    name = forms.CharField(
        label=gettext_lazy("Name of the place"), max_length=200, widget=forms.TextInput(attrs=TEXT)
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of place"), widget=forms.Select(attrs=SELECT))
    commune = forms.CharField(
        label=gettext_lazy("Commune or ward (with the province where it is another one)"),
        max_length=120,
        widget=forms.TextInput(attrs=TEXT),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = "en" if times.is_english() else "vi"
        self.fields["kind"].choices = [(one.code, getattr(one.name, language)) for one in kinds().values()]  # type: ignore[attr-defined]


class TestForm(forms.Form):
    """One test."""

    __test__ = False
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of test"), choices=LabResult.Kind.choices, widget=forms.Select(attrs=SELECT)
    )
    sampled_on = forms.DateField(label=gettext_lazy("Day of the sample"), widget=forms.DateInput(attrs=DAY))
    result = forms.ChoiceField(
        label=gettext_lazy("Result"), choices=LabResult.Result.choices, widget=forms.Select(attrs=SELECT)
    )
    ct = forms.FloatField(
        label=gettext_lazy("Ct value"), required=False, widget=forms.NumberInput(attrs={**TEXT, "step": "0.1"})
    )


class SettleForm(forms.Form):
    """Classification and outcome."""

    status = forms.ChoiceField(
        label=gettext_lazy("Classification"),
        choices=[pair for pair in Case.Status.choices if pair[0] != "withdrawn"],
        widget=forms.Select(attrs=SELECT),
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome of the illness"),
        required=False,
        choices=[("", "–"), *Case.Outcome.choices],
        widget=forms.Select(attrs=SELECT),
    )
    outcome_on = forms.DateField(
        label=gettext_lazy("Day of the outcome"),
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
    )
    why = forms.CharField(
        label=gettext_lazy("Reason for the change"), max_length=200, widget=forms.TextInput(attrs=TEXT)
    )


@officer_required(Permission.CASE_WRITE)
def interview(request: HttpRequest, number: int) -> HttpResponse:
    """Milestones first: places of each day, who was there; each is traced at once and the difference shown."""
    officer = officer_of(request)
    case = queries.case(officer, number, Permission.CASE_WRITE)
    step = request.POST.get("step", "")
    form = MilestoneForm(request.POST if step == "" and request.method == "POST" else None)
    new = PlaceForm(request.POST if step == "new-place" else None, initial={"name": request.GET.get("place_q")})
    if request.method == "POST":
        if step == "new-place":
            if new.is_valid() and (found := _new_place(officer, case, new)):
                query = urlencode({"place_q": found, "who": request.GET.get("who", "")})
                return redirect(f"{reverse('outbreak:interview', args=[number])}?{query}")
        elif request.POST.get("step") == "take-back":
            row = request.POST.get("milestone", "")
            interview_actions.take_back(by=officer, case=case, milestone=int(row) if row.isdigit() else 0)
            messages.success(request, _("Taken back; it counts no more."))
            return redirect("outbreak:interview", number=number)
        elif form.is_valid() and _told(request, case, form):
            return redirect("outbreak:interview", number=number)
    context = {"case": case, "form": form, "new": new, **_around(request, case)}
    return render(request, "outbreak/interview.html", context)


def _new_place(officer: Officer, case: Case, form: PlaceForm) -> str:
    """The name under which the place is now found; empty where it was refused."""
    data = form.cleaned_data
    home = home_of(data["commune"], case.scope_path, timezone.localdate())
    if home is None:
        refuse(form, UserError("outbreak.commune-unknown", field="commune", name=data["commune"][:60]))
        return ""
    try:
        interview_actions.new_place(by=officer, name=data["name"], kind=data["kind"], commune=home[1])
    except UserError as error:
        refuse(form, error)
        return ""
    return str(data["name"])


def _around(request: HttpRequest, case: Case) -> dict[str, Any]:
    """What was told so far, and what the two searches found."""
    officer = officer_of(request)
    text, who = request.GET.get("place_q", "").strip(), request.GET.get("who", "").strip()
    told = list(case.milestones.filter(withdrawn_at=None))
    places = Place.objects.in_bulk({one.place for one in told})  # scope: places that this case named
    names = masked({one.person for one in told} | {case.person})
    began = case.onset or case.sampled
    return {
        "name": names.get(case.person, ""),
        "told": [
            (one, places[one.place].name if one.place in places else "", names.get(one.person, "")) for one in told
        ],
        "places": search_places(text, case.scope_path) if text else [],
        "place_q": text,
        "people": search(who, by=officer, purpose=PURPOSE) if who else [],
        "who": who,
        "days": [began - timedelta(days=n) for n in range(4)] if began else [],
    }


def _told(request: HttpRequest, case: Case, form: MilestoneForm) -> bool:
    """Write the milestone, trace again, say what it changed."""
    officer, data = officer_of(request), form.cleaned_data
    before = _rows(case)
    companions = [int(value) for value in request.POST.getlist("with") if value.isdigit()]
    try:
        interview_actions.add_milestone(
            by=officer,
            case=case,
            place=data["place"],
            start=data["start"],
            end=data["end"],
            mask={"yes": True, "no": False}.get(data["mask"]),
            companions=companions,
        )
    except UserError as error:
        refuse(form, error)
        return False
    change = difference(before, _rows(case))
    said = _("Written down and traced again: %(come)s more exposed, %(gone)s fewer, %(moved)s changed.")
    facts = {"come": len(change.come), "gone": len(change.gone), "moved": len(change.moved)}
    messages.success(request, said % facts)
    return True


def _rows(case: Case) -> list[Any]:
    """The exposed as things stand; nobody where nothing can be traced yet."""
    try:
        return list(view.answer(case, Ask({})).result.rows)
    except UserError:
        return []


@require_GET
@officer_required(Permission.CONTACT_FOLLOW, Permission.CASE_WRITE)
def call(request: HttpRequest, person: int) -> HttpResponse:
    """Name and numbers of somebody to be called, on the record; the number dials."""
    found = reveal([person], by=officer_of(request), purpose="call")
    if person not in found:
        raise Http404
    return render(request, "outbreak/call.html", {"person": found[person], "at": timezone.localtime()})


@officer_required(Permission.CASE_WRITE)
def tests(request: HttpRequest, number: int) -> HttpResponse:
    """Results of tests with Ct, what the definition of the day proposes, classification and outcome."""
    from vungxanh.outbreak import definitions

    officer = officer_of(request)
    case = queries.case(officer, number, Permission.CASE_WRITE)
    step = request.POST.get("step", "")
    entered = TestForm(request.POST if step == "test" else None)
    start = {"status": case.status, "outcome": case.outcome, "outcome_on": case.outcome_on}
    settled = SettleForm(request.POST if step == "settle" else None, initial=start)
    form = entered if step == "test" else settled
    if request.method == "POST" and form.is_valid():
        try:
            if step == "test":
                interview_actions.add_test(by=officer, case=case, **form.cleaned_data)
            else:
                interview_actions.settle(by=officer, case=case, **form.cleaned_data)
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Done."))
            return redirect("outbreak:tests", number=number)
    fits = definitions.suggested(case)
    context = {
        "case": case,
        "entered": entered,
        "settled": settled,
        "tests": case.tests.all(),
        "fits": fits,
        "conditions": definitions.in_words(case.disease, fits.conditions) if fits else "",
        "fits_word": dict(Case.Status.choices).get(fits.status, "") if fits else "",
        "english": times.is_english(),
    }
    return render(request, "outbreak/tests.html", context)
