"""Officers' further pages: busy places where nobody scans, a code for a keeper, layouts of cards."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungxanh.codes import template
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.scope import scoped
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.models import Officer
from vungxanh.people.roles import Permission
from vungxanh.places.models import Place
from vungxanh.places.schemas import today
from vungxanh.venues import phones, statistics
from vungxanh.venues.forms import INPUT, SELECT, say
from vungxanh.venues.models import CodeTemplate, Venue
from vungxanh.venues.officer_forms import digits_of
from vungxanh.venues.personal import as_template
from vungxanh.work.actions import put

#: how soon somebody should go and look: our proposal
VISIT_WITHIN = timedelta(days=2)


@officer_required(Permission.STATISTICS_READ)
def quiet(request: HttpRequest) -> HttpResponse:
    """Busy places where nobody scans; one button puts a visit on the commune's list."""
    officer = officer_of(request)
    venues = scoped(Venue.objects.all(), officer, Permission.STATISTICS_READ)
    rows = statistics.quiet(list(venues.values_list("pk", flat=True)))
    if request.method == "POST":
        asked = digits_of(request.POST.get("place", ""))
        if any(row.place == asked for row in rows):
            ask_visit(by=officer, number=asked)
            messages.success(request, _("A visit is on the list of the commune."))
        return redirect("venues:quiet")
    listed = [{"row": row, "commune": statistics.name_of_commune(row.commune, today())} for row in rows]
    return render(request, "venues/quiet.html", {"rows": listed})


def ask_visit(*, by: Officer, number: int) -> int:
    """-> the item of work; asked twice it is one."""
    place = scoped(Place.objects.all(), by, Permission.STATISTICS_READ).get(pk=number)
    return put(
        kind="venue.visit",
        due=timezone.now() + VISIT_WITHIN,
        source=f"venue-quiet:{number}",
        place=number,
        reason=_("Many people come, and nobody scans"),
        scope_path=place.scope_path,
        by=by,
    )


class ConfirmForm(forms.Form):
    phone = forms.CharField(
        label=gettext_lazy("Mobile number of the keeper"),
        max_length=30,
        widget=forms.TextInput(attrs=INPUT | {"inputmode": "tel"}),
    )


@officer_required(Permission.VENUE_REGISTER)
def confirm_phone(request: HttpRequest) -> HttpResponse:
    """Where no message arrives: the officer hands the keeper a code, in person or by voice."""
    form = ConfirmForm(request.POST or None)
    code = ""
    if request.method == "POST" and form.is_valid():
        try:
            code = phones.officer_code(by=officer_of(request), text=form.cleaned_data["phone"])
        except UserError as error:
            form.add_error("phone", say(error))
    context = {"form": form, "code": code}
    return render(request, "venues/confirm_phone.html", context, status=422 if form.errors else 200)


class LayoutForm(forms.Form):
    """First a sample and its separator; then what each field means."""

    name = forms.CharField(
        label=gettext_lazy("Name of the card or application"), max_length=80, widget=forms.TextInput(attrs=INPUT)
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("What it says"),
        choices=(
            ("identity", gettext_lazy("Who somebody is")),
            ("declaration", gettext_lazy("Who somebody is, and that they declared")),
        ),
        widget=forms.Select(attrs=SELECT),
    )
    sample = forms.CharField(
        label=gettext_lazy("A sample, as the scanner types it"),
        help_text=gettext_lazy("Use a made-up person. The sample is not kept."),
        max_length=2000,
        widget=forms.TextInput(attrs=INPUT),
    )
    separator = forms.ChoiceField(
        label=gettext_lazy("What stands between the fields"),
        choices=[(one, one) for one in template.SEPARATORS if one.strip()],
        widget=forms.Select(attrs=SELECT),
    )
    begins = forms.CharField(
        label=gettext_lazy("What every such code begins with (may be left out)"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs=INPUT),
    )

    def parts(self) -> list[str]:
        data = self.cleaned_data
        return template.split(data["sample"], data["separator"], data["begins"])


MEANINGS = (
    ("-", gettext_lazy("not read")), ("cccd", gettext_lazy("identity number (12 digits)")),
    ("cmnd", gettext_lazy("old identity number")), ("bhyt", gettext_lazy("health insurance number")),
    ("passport", gettext_lazy("passport number")), ("name", gettext_lazy("full name")),
    ("birth", gettext_lazy("date or year of birth")), ("sex", gettext_lazy("sex")),
    ("phone", gettext_lazy("telephone")), ("qid", gettext_lazy("personal code number")),
    ("issued", gettext_lazy("when it was issued or declared")), ("expires", gettext_lazy("until when it counts")),
)  # fmt: skip


@officer_required(Permission.RULE_EDIT)
def layouts(request: HttpRequest) -> HttpResponse:
    """Layouts of cards and other apps: a sample is split, each field gets its meaning, the sample is read back."""
    form = LayoutForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "meanings": MEANINGS}
    if request.method == "POST" and request.POST.get("switch"):
        switch(by=officer_of(request), number=digits_of(request.POST["switch"]))
        return redirect("venues:layouts")
    if request.method == "POST" and form.is_valid():
        parts, chosen = form.parts(), request.POST.getlist("field")
        context["parts"] = [
            {"text": part, "chosen": chosen[n] if n < len(chosen) else "-"} for n, part in enumerate(parts)
        ]
        if len(chosen) == len(parts):
            try:
                context["read"] = keep(by=officer_of(request), form=form, fields=chosen)
            except UserError as error:
                form.add_error(None, say(error))
            else:
                messages.success(request, _("The layout is kept. Gates read it from now on."))
                return redirect("venues:layouts")
    context["known"] = list(CodeTemplate.objects.order_by("name"))
    return render(request, "venues/layouts.html", context, status=422 if form.errors else 200)


@transaction.atomic
def keep(*, by: Officer, form: LayoutForm, fields: list[str]) -> CodeTemplate:
    """Raises UserError `codes.bad-template`, `venues.sample-unread`: the sample itself must be read by it."""
    data = form.cleaned_data
    made = CodeTemplate(
        name=data["name"],
        purpose=data["purpose"],
        prefix=data["begins"],
        separator=data["separator"],
        fields=fields,
        made_by=by.pk,
    )
    whole = template.checked(as_template(made))
    if template.fill(data["sample"], [whole]) is None:
        raise UserError("venues.sample-unread", field="sample")
    CodeTemplate.objects.filter(name=made.name).delete()
    made.save()
    audit.record(by=by, action="venues:layout:keep", subject=f"layout:{made.pk}")
    return made


@transaction.atomic
def switch(*, by: Officer, number: int) -> None:
    """On or off."""
    row = CodeTemplate.objects.select_for_update().get(pk=number)
    row.active = not row.active
    row.save(update_fields=["active"])
    audit.record(by=by, action="venues:layout:switch", subject=f"layout:{row.pk}", details={"active": row.active})
