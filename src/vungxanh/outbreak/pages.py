"""Pages of cases: the list, opening one, the case with its exposed, corrections, the export."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.outbreak import (
    actions,
    behind,
    behind_pages,
    diseases,
    exports,
    listings,
    queries,
    symptoms,
    times,
    view,
    voyages,
)
from vungxanh.outbreak.exposed import choices
from vungxanh.outbreak.forms import Ask, CorrectDays, FindPerson, NewPerson, OpenCase, Reason
from vungxanh.outbreak.models import Case, Order
from vungxanh.outbreak.words import Book
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.actions import register_person
from vungxanh.people.queries import masked, search
from vungxanh.people.roles import Permission
from vungxanh.rules.diseases import named, traced

#: why a name is looked up here, as the trail records it
PURPOSE = "open a case"


@require_GET
@officer_required(Permission.CASE_READ)
def cases(request: HttpRequest) -> HttpResponse:
    """The list of cases."""
    status = request.GET.get("status", "")
    people: dict[int, str] = {}
    rows = behind.cases(queries.cases(officer_of(request), status=status), request.GET.dict())
    text = request.GET.get("q", "").strip()
    if text:
        found = search(text, by=officer_of(request), purpose="find a case", limit=50)
        rows = rows.filter(person__in=[one.id for one in found])
    listing = listings.cases(rows, request.GET, people)
    people.update(masked(case.person for case in listing.page.object_list))
    narrow = [name for name in behind.NARROWS if request.GET.get(name)]
    context = {"listing": listing, "statuses": Case.Status.choices, "status": status, "q": text, "narrow": narrow}
    context["may_write"] = officer_of(request).may(Permission.CASE_WRITE)
    return render(request, "outbreak/cases.html", context)


@officer_required(Permission.CASE_WRITE)
def find_person(request: HttpRequest) -> HttpResponse:
    """Whom the new case is about: found in the register, or registered here."""
    officer = officer_of(request)
    finding = FindPerson(request.GET or None)
    found = search(finding.cleaned_data["q"], by=officer, purpose=PURPOSE) if finding.is_valid() else None
    new = NewPerson(request.POST or None)
    if request.method == "POST" and new.is_valid():
        try:
            person = _register(request, new)
        except UserError as error:
            refuse(new, error)
        else:
            return redirect("outbreak:open", person=person)
    return render(request, "outbreak/find_person.html", {"finding": finding, "found": found, "form": new})


def _register(request: HttpRequest, form: NewPerson) -> int:
    officer, data = officer_of(request), form.cleaned_data
    path = next((grant.path for grant in officer.grants() if Permission.CASE_WRITE in grant.permissions), "/")
    return register_person(
        name=data["name"],
        sex=data["sex"],
        birth_year=data["birth_year"],
        phones=[data["phone"]] if data["phone"] else [],
        scope_path=path,
        by=officer,
        purpose=PURPOSE,
    )


@officer_required(Permission.CASE_WRITE)
def open_case(request: HttpRequest, person: int) -> HttpResponse:
    """Open a case of a person."""
    asked = request.GET.get("disease", "")
    disease = asked if asked in traced() else traced()[0]
    form = OpenCase(request.POST or None, disease=disease)
    if request.method == "POST" and form.is_valid():
        try:
            case = actions.create_case(by=officer_of(request), new=form.new_case(person))
        except UserError as error:
            refuse(form, error)
        else:
            return redirect("outbreak:case", number=case.pk)
    name = masked([person]).get(person) or _("Person %(number)s") % {"number": person}
    offered = named(traced(), language="en" if times.is_english() else "vi")
    context = {"form": form, "name": name, "diseases": offered, "disease": disease}
    return render(request, "outbreak/open_case.html", context)


def refuse(form: forms.Form, error: UserError) -> None:
    """The action's refusal beside the field that it names."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, error.text("en" if times.is_english() else "vi"))


@require_GET
@officer_required(Permission.CASE_READ)
def case(request: HttpRequest, number: int) -> HttpResponse:
    """One case: window, days, exposed people."""
    found = queries.case(officer_of(request), number)
    audit.read(
        by=officer_of(request),
        action="outbreak:case:read",
        subjects=[f"case:{number}"],
        purpose="work on the case",
    )
    name = masked([found.person]).get(found.person) or _("Person %(number)s") % {"number": found.person}
    context = {
        "case": found,
        "name": name,
        "disease": diseases.name(found.disease),
        "onset": listings.onset(found),
        "symptoms": symptoms.words(found.disease, found.symptoms),
        "changes": found.changes.all(),
        "rules": choices(found),
        "may_trace": officer_of(request).may(Permission.TRACE_RUN),
        "may_write": officer_of(request).may(Permission.CASE_WRITE),
        "voyages": voyages.voyages_of(found),
        "may_give_code": officer_of(request).may(Permission.EXPOSURE_CODE),
        "may_propose": officer_of(request).may(Permission.ZONE_PROPOSE),
        **_exposed(request, found),
    }
    return render(request, "outbreak/case.html", context)


@require_GET
@officer_required(Permission.TRACE_RUN)
def exposed_part(request: HttpRequest, number: int) -> HttpResponse:
    """The exposed under another question, for the page that is open."""
    found = queries.case(officer_of(request), number, Permission.TRACE_RUN)
    writes = officer_of(request).may(Permission.CASE_WRITE)
    return render(
        request, "outbreak/exposed.html", {"case": found, "may_write": writes, **_exposed(request, found)}
    )


def _exposed(request: HttpRequest, found: Case) -> dict[str, object]:
    """The answer to the question in the address, or why there is none."""
    form = Ask(request.GET)
    more: dict[str, object] = {
        "may_prepare": officer_of(request).may(Permission.ORDER_PREPARE),
        "forms": Order.Form.choices,
    }
    if found.status == Case.Status.WITHDRAWN or not officer_of(request).may(Permission.TRACE_RUN):
        return {"ask": form}
    try:
        seen = view.answer(found, form)
    except UserError as error:
        return {"ask": form, "problem": error.text("en" if times.is_english() else "vi"), "code": error.code}
    more["kept_away"] = behind_pages.handed_over_of(found)
    return {**more, "ask": form, "seen": seen, "listing": seen.listing(request.GET), "question": seen.question}


@require_GET
@officer_required(Permission.EXPORT_LIST)
def contacts_xlsx(request: HttpRequest, number: int) -> HttpResponse:
    """The exposed as shown, as a workbook; recorded."""
    found = queries.case(officer_of(request), number, Permission.EXPORT_LIST)
    seen = view.answer(found, Ask(request.GET))
    book: Book = seen.book.load(seen.rows)
    title = _("People exposed to case %(number)s, rule %(rule)s") % {"number": number, "rule": seen.rule.id}
    content = exports.contacts_workbook(seen.rows, book, title)
    audit.record(
        by=officer_of(request),
        action="outbreak:contacts:exported",
        subject=f"case:{number}",
        purpose="export list",
        details={"rows": len(seen.rows)},
    )
    name = f"attachment; filename=contacts-{number}.xlsx"
    return HttpResponse(content, content_type=exports.TYPE, headers={"Content-Disposition": name})


@officer_required(Permission.CASE_WRITE)
def correct_days(request: HttpRequest, number: int) -> HttpResponse:
    """Correct the onset or the sample day."""
    found = queries.case(officer_of(request), number, Permission.CASE_WRITE)
    start = {"onset": found.onset, "onset_provenance": found.onset_provenance, "sampled": found.sampled}
    form = CorrectDays(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.correct_onset(
                by=officer_of(request),
                case=found,
                onset=data["onset"],
                provenance=data["onset_provenance"],
                sampled=data["sampled"],
                why=data["why"],
            )
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Corrected. Who was exposed has been worked out anew."))
            return redirect("outbreak:case", number=number)
    return render(request, "outbreak/change.html", {"form": form, "case": found, "title": _("Correct the days")})


@officer_required(Permission.CASE_WRITE)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw what was no case."""
    found = queries.case(officer_of(request), number, Permission.CASE_WRITE)
    form = Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_case(by=officer_of(request), case=found, why=form.cleaned_data["why"])
        except UserError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The case is withdrawn. Its history stays."))
            return redirect("outbreak:case", number=number)
    return render(request, "outbreak/change.html", {"form": form, "case": found, "title": _("Withdraw the case")})
