"""A drill: the sandbox's log, ticks for contacts and places, the engine's score."""

import secrets

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from vungxanh.command.actions import training as actions
from vungxanh.command.drills import drills
from vungxanh.command.models import DrillRun
from vungxanh.core.errors import UserError
from vungxanh.people.access import officer_of, officer_required


@require_POST
@officer_required()
def begin(request: HttpRequest, key: str) -> HttpResponse:
    run = actions.begin(drill=key, seed=secrets.randbelow(1_000_000), by=officer_of(request))
    return redirect("command:drill", run.pk)


@officer_required()
def drill(request: HttpRequest, pk: int) -> HttpResponse:
    officer = officer_of(request)
    run = get_object_or_404(DrillRun, pk=pk, officer=officer)
    found = drills().get(run.drill)
    if request.method == "POST":
        contacts, places = _ticked(request, "contacts"), _ticked(request, "places")
        try:
            actions.hand_in(run=run, contacts=contacts, places=places, by=officer)
        except UserError as exc:
            notes.error(request, exc.text(get_language() or "vi"))
        return redirect("command:drill", pk)
    scenario = found.make(run.seed) if found else None
    people, places_said = (dict(scenario.people), dict(scenario.places)) if scenario else ({}, {})
    log = (
        [(people.get(seen.person), seen, places_said.get(seen.place)) for seen in scenario.log] if scenario else []
    )
    context = {"run": run, "scenario": scenario, "log": log, "score": run.score}
    return render(request, "command/drill.html", context)


def _ticked(request: HttpRequest, name: str) -> set[int]:
    return {int(value) for value in request.POST.getlist(name) if value.isdecimal()}
