"""What changes versions of forms: a draft from the last version, its edits, its samples, the day it begins."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.declarations import editing, trying
from vungxanh.forms import catalogue, fhir_in
from vungxanh.forms.definition import Form, read
from vungxanh.rules.store import actions as store
from vungxanh.rules.store.models import RuleVersion


@transaction.atomic
def new_draft(*, form: str, by: By) -> RuleVersion:
    """A draft made of the version put in force last. Raises UserError `forms.unknown-form`."""
    known = [one for one in catalogue.versions() if one.id == form]
    if not known:
        raise UserError("forms.unknown-form", name=form[:60])
    stored = RuleVersion.objects.filter(kind=catalogue.KIND, rule=form).values_list("version", flat=True)
    number = editing.next_number([*stored, *(one.version for one in known)], timezone.localdate())
    content = editing.draft_from(known[-1], number)
    return store.make(kind=catalogue.KIND, rule=form, version=number, content=content, by=by)


@transaction.atomic
def draft_from_fhir(*, given: dict[str, Any], name: str, disease: str, by: By) -> RuleVersion:
    """A Questionnaire from elsewhere as a draft. Raises UserError `forms.fhir-item`, `rules.bad-rule`."""
    form = f"vn.declaration.{fhir_in.name(name or str(given.get('name', '')) or 'imported').replace('_', '-')}"
    stored = RuleVersion.objects.filter(kind=catalogue.KIND, rule=form).values_list("version", flat=True)
    number = editing.next_number(list(stored), timezone.localdate())
    content = fhir_in.content(given, form=form, version=number, disease=disease, rules="declaration")
    read(content)
    return store.make(kind=catalogue.KIND, rule=form, version=number, content=content, by=by)


@transaction.atomic
def change(*, row: RuleVersion, content: editing.Content, by: By) -> Form:
    """Keep an edit if the form still holds together. Raises UserError `rules.bad-rule`, `rules.version-fixed`."""
    form = read(content)
    store.change(row=row.pk, content=content, by=by)
    return form


@transaction.atomic
def keep_sample(*, row: RuleVersion, name: str, answers: dict[str, Any], expects: str, by: By) -> None:
    """Answers with what must follow; the same name again replaces it."""
    others = [one for one in row.samples if one["name"] != name]
    store.change(row=row.pk, samples=[*others, {"name": name, "answers": answers, "expects": expects}], by=by)


@transaction.atomic
def put_in_force(*, row: RuleVersion, on: date, by: By) -> Form:
    """From that day the next citizen gets it; what was given before is judged by its own version.

    Raises UserError `declarations.samples-fail`, `rules.in-the-past`, `declarations.ends-before-it-begins`.
    """
    content = editing.in_force_from(row.content, on)
    form = read(content)
    wrong = [one.name for one in trying.run(form, row.samples, timezone.localdate()) if not one.is_right]
    if wrong:
        raise UserError("declarations.samples-fail", names=", ".join(wrong)[:200])
    store.put_in_force(row=row.pk, on=on, content=content, by=by)
    return form
