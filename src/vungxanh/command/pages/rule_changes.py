"""The rule that a draft changes: what differs, and whom it would touch, before anybody signs."""

import json
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy

from vungxanh.command.actions import directives as actions
from vungxanh.command.models import Directive
from vungxanh.command.rule_changes import difference, kinds, parsed
from vungxanh.core.errors import UserError
from vungxanh.core.scope import scoped
from vungxanh.people.access import officer_of, officer_required
from vungxanh.people.roles import Permission


class RuleForm(forms.Form):
    """`kind` and `rule` in one choice, `contact:vn.covid19.f1.11042`; the rule's text to be corrected."""

    rule = forms.ChoiceField(label=gettext_lazy("Rule"), widget=forms.Select(attrs={"class": "nhsuk-select"}))
    text = forms.CharField(
        label=gettext_lazy("The rule as the document has it"),
        help_text=gettext_lazy("Correct numbers and days; names stay as they are."),
        required=False,
        widget=forms.Textarea(attrs={"class": "nhsuk-textarea", "rows": 18, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [  # type: ignore[attr-defined]
            (f"{kind.key}:{key}", f"{kind.name}: {label}")
            for kind in kinds().values()
            for key, label in kind.choices()
        ]


def _text(kind: str, rule: str) -> str:
    return json.dumps(kinds()[kind].raw(rule), ensure_ascii=False, indent=1)


@officer_required(Permission.DISPATCH_ISSUE)
def rule_change(request: HttpRequest, pk: int) -> HttpResponse:
    officer = officer_of(request)
    row = get_object_or_404(
        scoped(Directive.objects.filter(state="draft"), officer, Permission.DISPATCH_ISSUE), pk=pk
    )
    if not kinds():
        raise Http404
    chosen = f"{row.rule_kind}:{row.rule_id}" if row.rule_kind else request.GET.get("rule", "")
    kind, _sep, rule = chosen.partition(":")
    text = row.rule_text or (_text(kind, rule) if kind in kinds() and rule else "")
    form = RuleForm(request.POST or None, initial={"rule": chosen, "text": text})
    if request.method == "POST" and "none" in request.POST:
        actions.propose_rule(directive=row, kind="", rule="", text="", by=officer)
        return redirect("command:review", pk)
    if request.method == "POST" and form.is_valid():
        try:
            kind, _sep, rule = form.cleaned_data["rule"].partition(":")
            given = form.cleaned_data["text"] or _text(kind, rule)
            actions.propose_rule(directive=row, kind=kind, rule=rule, text=given, by=officer)
            return redirect("command:rule_change", pk)
        except UserError as exc:
            form.add_error("text", exc.text(get_language() or "vi"))
    context: dict[str, Any] = {"directive": row, "form": form}
    if row.rule_kind and request.method == "GET":
        after = parsed(row.rule_kind, row.rule_text)
        context["lines"] = list(difference(kinds()[row.rule_kind].raw(row.rule_id), after))
        context["touched"] = kinds()[row.rule_kind].simulate(row.rule_id, after, officer)
        actions.rule_shown(directive=row, by=officer)
    return render(request, "command/rule_change.html", context)
