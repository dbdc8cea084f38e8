"""The page of chains, and what its drawing fetches: narrowed, opened, laid out by the server."""

from collections import Counter

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vungxanh.core.errors import UserError
from vungxanh.outbreak import behind, chain, chain_drawing, diseases
from vungxanh.outbreak.exposed import evidence_lake
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.number_pages import counted_cases
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer
from vungxanh.people.queries import masked
from vungxanh.people.roles import Permission

#: lines of the tables below the drawing
MOST_LINKS, MOST_ROOTS, MOST_WRONG = 200, 50, 100


@require_GET
@officer_required(Permission.TRACE_RUN)
def chains(request: HttpRequest) -> HttpResponse:
    """The page of chains; the drawing fetches its elements."""
    disease = diseases.chosen(request.GET.get("disease", ""))
    made, cases, impossible = _forest(officer_of(request), disease)
    sizes = chain.sizes(made)
    listed = list(made.source.items())[:MOST_LINKS]
    wrong = impossible[:MOST_WRONG]
    names = masked(
        {person for person, _link in listed} | {end for one in wrong for end in (one.source, one.target)}
    )
    context = {
        "disease": disease,
        "diseases": diseases.choices(),
        "cases": len(cases),
        "roots": len(made.roots),
        "largest": sizes[0] if sizes else 0,
        "deepest": max(made.depth.values(), default=0),
        "spread": sorted(Counter(sizes).items(), reverse=True),
        "impossible": [
            (_who(names, one.source), cases[one.source], _who(names, one.target), cases[one.target])
            for one in wrong
        ],
        "asked": {name: request.GET.get(name, "") for name in ("root", "least", "since", "case")},
        "elements": request.GET.urlencode(),
        "largest_roots": _largest(made),
        "links": [
            (names.get(person, person), cases[person].pk, cases[link.source].pk, made.depth[person])
            for person, link in listed
        ],
    }
    return render(request, "outbreak/chains.html", context)


def _who(names: dict[int, str], person: int) -> str:
    return names.get(person) or _("Person %(number)s") % {"number": person}


@require_GET
@officer_required(Permission.TRACE_RUN)
def chain_elements(request: HttpRequest) -> HttpResponse:
    """Nodes and edges with their places, at most `chain_drawing.MOST_ELEMENTS`."""
    made, cases, impossible = _forest(officer_of(request), diseases.chosen(request.GET.get("disease", "")))
    root = request.GET.get("root", "")
    if root.isdigit() and int(root) in made.began:
        made = chain.part(made, [int(root)])
    made = chain.narrowed(made, _narrow(request, cases))
    opened = [int(one) for one in request.GET.get("open", "").split(",") if one.isdigit()]
    people = chain_drawing.shown(made, opened, [one for one in impossible if one.source in made.began])
    result = chain_drawing.drawn(made, people, cases, masked(people), impossible)
    return JsonResponse(
        {"nodes": result.nodes, "edges": result.edges, "folded": result.folded, "shown": result.shown}
    )


def _narrow(request: HttpRequest, cases: dict[int, Case]) -> chain.Narrow:
    """As the form above the drawing asks; a case that is not there draws nothing."""
    least, number = request.GET.get("least", ""), request.GET.get("case", "").strip().upper().removeprefix("VX-")
    person = None
    if number:
        person = next((person for person, case in cases.items() if str(case.pk) == number), 0)
    since = behind.parse_date(request.GET.get("since", ""))
    return chain.Narrow(int(least) if least.isdigit() else 1, since, person)


def _forest(officer: Officer, disease: str) -> tuple[chain.Forest, dict[int, Case], list[chain.Link]]:
    cases = counted_cases(officer, disease)
    try:
        found = chain.links(cases, None, evidence_lake())
    except UserError as error:
        if error.code not in {"lake.no-lake", "rules.none-in-force"}:
            raise
        found = []
    known, impossible = chain.told(cases)
    by_person = {case.person: case for case in cases}
    return chain.forest(cases, [*known, *found]), by_person, impossible


def _largest(made: chain.Forest) -> list[tuple[int, str, int]]:
    """(person at the root, day, size) of the largest chains, to be opened one at a time."""
    sized = sorted(((made.size[root], root) for root in made.roots), reverse=True)
    found: list[tuple[int, str, int]] = []
    for size, root in sized[:MOST_ROOTS]:
        found += [(root, f"{made.began[root]:%d/%m/%Y}", size)] if size > 1 else []
    return found
