"""Anybody's page: paste what you received, read whether it came from here."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from vungxanh.command.directory import number_for
from vungxanh.command.real import judge
from vungxanh.core.scope import ANY_PATH


class TextForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What did you receive? Paste or type it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "nhsuk-textarea", "rows": 5}),
    )


def real(request: HttpRequest) -> HttpResponse:
    """Nothing of the text is kept."""
    form = TextForm(request.POST or None)
    verdict = judge(form.cleaned_data["text"]) if request.method == "POST" and form.is_valid() else None
    call = number_for("hotline", ANY_PATH, timezone.localdate())
    return render(request, "command/real.html", {"form": form, "verdict": verdict, "call": call})
