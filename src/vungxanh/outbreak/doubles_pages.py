"""Pages of likely doubles: the list with reasons, two records side by side, merging by field, undoing."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from vungxanh.core.models import JobRun
from vungxanh.outbreak.intake import field_words
from vungxanh.outbreak.models import Case, Contact
from vungxanh.people import merge_actions
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import MatchCandidate, Merge, Officer
from vungxanh.people.models.persons import Sex
from vungxanh.people.queries import masked, reveal
from vungxanh.people.roles import Permission
from vungxanh.people.scope import visible_persons

SHOWN = 100
JOB = "people.duplicates"
WORDS = {
    "name": gettext_lazy("Name"),
    "sex": gettext_lazy("Sex"),
    "birth": gettext_lazy("Born"),
    "nationality": gettext_lazy("Nationality"),
    "address": gettext_lazy("Address"),
}
SEXES = {1: gettext_lazy("male"), 2: gettext_lazy("female"), 3: gettext_lazy("not told")}


def candidates(officer: Officer) -> Any:
    """Open pairs of which the officer may see one, most likely first."""
    mine = visible_persons(officer, Permission.PEOPLE_JUDGE).values("pk")
    pairs = MatchCandidate.objects.filter(decided_at=None, older__same_as=None, newer__same_as=None)
    return pairs.filter(Q(older__in=mine) | Q(newer__in=mine)).order_by("-score", "pk")


@require_GET
@officer_required(Permission.PEOPLE_JUDGE)
def doubles(request: HttpRequest) -> HttpResponse:
    """Likely doubles with their reasons, and what was merged last."""
    officer = officer_of(request)
    pairs = list(candidates(officer)[:SHOWN])
    mine = visible_persons(officer, Permission.PEOPLE_JUDGE).values("pk")
    merged = list(Merge.objects.filter(kept__in=mine).order_by("-pk")[:20])
    names = masked({p for one in pairs for p in (one.older_id, one.newer_id)} | {one.kept_id for one in merged})
    run = JobRun.objects.filter(name=JOB).first()
    context = {
        "pairs": [
            (one, names.get(one.older_id, one.older_id), names.get(one.newer_id, one.newer_id), _why(one))
            for one in pairs
        ],
        "total": candidates(officer).count(),
        "merged": [(one, names.get(one.kept_id, one.kept_id)) for one in merged],
        "run": run,
        "waiting": run is not None and run.began_at is None,
    }
    return render(request, "outbreak/doubles.html", context)


def _why(pair: MatchCandidate) -> list[str]:
    return field_words.reasons(pair.reasons) or [str(field_words.FIRST.get(pair.reason, pair.reason))]


@require_POST
@officer_required(Permission.PEOPLE_JUDGE)
def search(request: HttpRequest) -> HttpResponse:
    """Ask the worker to search the whole register now."""
    JobRun.objects.update_or_create(name=JOB, defaults={"began_at": None})
    messages.success(request, _("The whole register is being searched; the list fills by itself."))
    return redirect("outbreak:doubles")


@officer_required(Permission.PEOPLE_JUDGE)
def compare(request: HttpRequest, number: int) -> HttpResponse:
    """Two records side by side: which value is kept, or that they are two people."""
    officer = officer_of(request)
    pair = candidates(officer).filter(pk=number).first()
    if pair is None:
        raise Http404
    if request.method == "POST":
        return _judge(request, officer, pair)
    both = (pair.older_id, pair.newer_id)
    people = reveal(both, by=officer, purpose="judge whether two records are one person")
    names = masked(both)
    context = {
        "pair": pair,
        "reasons": _why(pair),
        "sides": [
            _side(person, people.get(person), names.get(person, "")) for person in (pair.older_id, pair.newer_id)
        ],
        "rows": _rows(people.get(pair.older_id), people.get(pair.newer_id)),
    }
    return render(request, "outbreak/compare.html", context)


def _side(person: int, plain: Any, name: str) -> dict[str, Any]:
    # scope: counts about persons in hand
    cases = Case.objects.filter(person=person)
    # scope: counts about persons in hand
    contacts = Contact.objects.filter(person=person)
    return {
        "person": person,
        "name": plain.name if plain else name,
        "phones": plain.phones if plain else [],
        "documents": [document.number for document in plain.documents] if plain else [],
        "cases": list(cases.values_list("pk", flat=True)),
        "contacts": contacts.count(),
    }


def _rows(older: Any, newer: Any) -> list[tuple[str, Any, str, str, bool]]:
    """(field, word, value of the older, of the newer, is the newer's chosen): only what differs is a choice."""
    if older is None or newer is None:
        return []
    values = [(name, _value(older, name), _value(newer, name)) for name in merge_actions.FIELDS]
    return [(name, WORDS[name], a, b, not a and bool(b)) for name, a, b in values if a or b]


def _value(person: Any, name: str) -> str:
    if name == "birth":
        return person.birth_date.strftime("%d/%m/%Y") if person.birth_date else str(person.birth_year or "")
    if name == "sex":
        return "" if person.sex == Sex.OTHER else str(SEXES[person.sex])
    return str(getattr(person, name) or "")


def _judge(request: HttpRequest, officer: Officer, pair: MatchCandidate) -> HttpResponse:
    if request.POST.get("step") == "apart":
        merge_actions.keep_apart(one=pair.older_id, other=pair.newer_id, by=officer)
        messages.success(request, _("Kept apart; this pair is not proposed again."))
        return redirect("outbreak:doubles")
    kept, given_up = pair.older_id, pair.newer_id
    chosen = [name for name in merge_actions.FIELDS if request.POST.get(f"take-{name}") == "newer"]
    merge_actions.merge(kept=kept, given_up=given_up, chosen=chosen, by=officer)
    messages.success(request, _("Merged. It can be undone below."))
    return redirect("outbreak:doubles")


@require_POST
@officer_required(Permission.PEOPLE_JUDGE)
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Part two records that were merged."""
    mine = visible_persons(officer_of(request), Permission.PEOPLE_JUDGE).values("pk")
    row = Merge.objects.filter(pk=number, kept__in=mine).first()
    if row is None:
        raise Http404
    merge_actions.undo(merge=row.pk, by=officer_of(request))
    messages.success(request, _("Undone: two records again."))
    return redirect("outbreak:doubles")
