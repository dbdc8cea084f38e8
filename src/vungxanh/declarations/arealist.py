"""The dated list of epidemic areas: everybody may read it, whoever edits rules may add to it and end a listing."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from vungxanh.core.errors import UserError
from vungxanh.declarations import actions
from vungxanh.declarations.models import EpidemicArea
from vungxanh.forms.rendering import language
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission
from vungxanh.places.search import search
from vungxanh.rules.diseases import diseases, named


def _diseases() -> list[tuple[str, str]]:
    return named(tuple(key for key in diseases() if key != "other"), language=language())


class NewArea(forms.Form):
    """A commune, district or province, by its name or its code of that day."""

    disease = forms.ChoiceField(label=gettext_lazy("Disease"), choices=_diseases)
    area = forms.CharField(
        label=gettext_lazy("Commune, district or province"),
        max_length=200,
        help_text=gettext_lazy("Name or code, for example: Bến Nghé, Thành phố Hồ Chí Minh"),
    )
    since = forms.DateField(label=gettext_lazy("Listed from"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(
        label=gettext_lazy("Listed until (empty: still)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    basis = forms.CharField(label=gettext_lazy("Legal basis"), max_length=200)


@require_http_methods(["GET", "POST"])
@officer_required(Permission.DECLARATION_READ, Permission.RULE_EDIT)
def areas(request: HttpRequest) -> HttpResponse:
    """The list, newest first; below it what adds to it."""
    may_edit = officer_of(request).may(Permission.RULE_EDIT)
    form = NewArea(request.POST or None)
    if request.method == "POST" and may_edit and form.is_valid():
        try:
            row = _add(request, form)
        except UserError as exc:
            form.add_error("area", exc.text(language()))
        else:
            messages.success(request, _("Listed: %(name)s.") % {"name": row.name})
            return redirect("declarations:areas")
    for field in form.fields.values():
        field.widget.attrs["class"] = "nhsuk-select" if isinstance(field, forms.ChoiceField) else "nhsuk-input"
    rows = EpidemicArea.objects.order_by("-since", "name")[:500]
    context = {"rows": rows, "form": form, "may_edit": may_edit, "today": timezone.localdate()}
    return render(request, "declarations/areas.html", context)


def _add(request: HttpRequest, form: NewArea) -> EpidemicArea:
    data = form.cleaned_data
    return actions.list_area(
        disease=data["disease"],
        code=_code(data["area"], data["since"]),
        since=data["since"],
        until=data["until"],
        basis=data["basis"],
        by=officer_of(request),
    )


def _code(written: str, on: object) -> str:
    """A code stays; a name is looked up among the units of that day. Several of one name: the form says which."""
    if written.strip().isdigit():
        return written.strip()
    found = [match.unit for match in search(written, on) if match.today is None]  # type: ignore[arg-type]
    if not found:
        raise UserError("declarations.area-unknown", name=written[:60])
    if len(found) > 1 and found[0].name == found[1].name:
        choices = ", ".join(f"{unit.full_name} ({unit.code})" for unit in found[:6])
        raise UserError("declarations.area-ambiguous", name=written[:60], choices=choices)
    return found[0].code


@require_POST
@officer_required(Permission.RULE_EDIT)
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Off the list from tomorrow."""
    get_object_or_404(EpidemicArea, pk=number)  # scope: the list of areas is public
    actions.end_area(area=number, on=timezone.localdate(), by=officer_of(request))
    return redirect("declarations:areas")
