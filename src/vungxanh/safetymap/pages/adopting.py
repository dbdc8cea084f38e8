"""Officers: how far each commune and kind of place does what it owes, and the list behind every number."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission
from vungxanh.rules.duties import duty_rule
from vungxanh.safetymap import adoption
from vungxanh.safetymap.shown import kind_name, local

SEES = (Permission.SAFETY_INSPECT, Permission.SAFETY_ASSESS, Permission.STATISTICS_READ)


def _system(code: str) -> str:
    return local(duty_rule().systems[code].model_dump())


@officer_required(*SEES)
def overview(request: HttpRequest) -> HttpResponse:
    found = adoption.lines(officer_of(request))
    rows: list[dict[str, Any]] = [
        {"line": line, "kind": kind_name(line.kind), "system": _system(line.system)} for line in found
    ]
    return render(request, "safetymap/adoption.html", {"rows": rows, "basis": duty_rule().basis.doc})


@officer_required(*SEES)
def behind(request: HttpRequest) -> HttpResponse:
    """The places behind one number, to call or to visit."""
    given = {name: request.GET.get(name, "") for name in ("path", "kind", "system", "state")}
    if given["system"] not in duty_rule().systems or given["state"] not in (
        adoption.DONE,
        adoption.STALE,
        adoption.NONE,
    ):
        raise Http404
    places = adoption.behind(
        officer_of(request),
        path=given["path"],
        kind=given["kind"],
        system=given["system"],
        state=given["state"],
    )
    context = {
        "places": places[:500],
        "kind": kind_name(given["kind"]),
        "system": _system(given["system"]),
        "state": given["state"],
    }
    return render(request, "safetymap/adoption_list.html", context)
