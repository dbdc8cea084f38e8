"""A declaration as its owner sees it: result, reasons, basis, who may overrule, rights, the signed code."""

from typing import Any

from django.utils import timezone

from vungxanh.declarations.models import Declaration
from vungxanh.declarations.queries import order_of, version
from vungxanh.declarations.results import rules_named
from vungxanh.declarations.rights import reviewers
from vungxanh.declarations.signing import result_code
from vungxanh.exchange.pdf import qr_svg
from vungxanh.people.queries import masked
from vungxanh.rules.dated import Text


def result_context(row: Declaration, language: str) -> dict[str, Any]:
    """For the templates. Names nobody."""
    form = version(row.form, row.version)
    rules = rules_named(form.result_rules)
    main = rules.named(row.result)
    order = order_of(form, timezone.localdate(row.given_at))

    def said(text: Text, **params: str) -> str:
        filled = text.filled(**params) if params else text
        return filled.vi if language == "vi" else filled.en

    return {
        "row": row,
        "form_title": form.said(form.title, language),
        "name": said(main.name),
        "todo": said(main.todo),
        "reasons": [said(rules.named(one["code"]).why, **one["params"]) for one in row.reasons],
        "rule": rules.id,
        "rule_verified": rules.verified,
        "basis": " ".join(part for part in (order.basis.doc, order.basis.article) if part) if order else "",
        "own_basis": rules.basis.doc,
        "over": timezone.now() > row.valid_until,
        "replaced": hasattr(row, "corrected_by"),
        "form": form,
        "decided": row.overrules.order_by("-pk").first(),
        "reviewers": said(reviewers()),
    }


def code_of(row: Declaration) -> str:
    """Result, expiry, initials, sex, birth year; signed."""
    name, sex, born = _few(row.person)
    return result_code(
        result=row.result,
        issued=row.given_at,
        expires=row.valid_until,
        initials=name,
        sex=sex,
        born=born,
        number=row.pk,
    )


def _few(person: int) -> tuple[str, int, int | None]:
    """Initials, sex and birth year: all that a gate may learn."""
    from vungxanh.people.models import Person

    row = Person.objects.get(pk=person)  # scope: the owner's own code
    initials = "".join(part[0] for part in row.name.open().split()).upper()
    return initials, row.sex, row.birth_year


def code_svg(row: Declaration) -> bytes:
    return qr_svg(code_of(row), scale=4)


def masked_name(row: Declaration, language: str) -> str:
    return masked([row.person], language).get(row.person, "")
