"""From a call onwards: the declaration for the caller; from a verified event to a case, and what came of it."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungxanh.command import for_caller
from vungxanh.command.events import Onward, register
from vungxanh.core.scope import HasGrants, grants_of, scoped
from vungxanh.declarations.queries import open_forms
from vungxanh.forms.rendering import language
from vungxanh.outbreak.models import Case
from vungxanh.people.roles import Permission


def _made(officer: HasGrants, person: int, since: datetime) -> list[tuple[str, str]]:
    rows = scoped(Case.objects.filter(person=person, reported_at__gte=since), officer, Permission.CASE_READ)
    return [(reverse("outbreak:case", args=[row.pk]), _("Case %(number)s") % {"number": row.pk}) for row in rows]


def _declarations(officer: HasGrants) -> list[tuple[str, str]]:
    """The forms that may be keyed in today."""
    if not grants_of(officer, Permission.DECLARATION_KEY):
        return []
    today = timezone.localdate()
    return [
        (form.said(form.title, language()), reverse("declarations:key-in", args=[form.slug]))
        for form, _order in open_forms(today)
    ]


def register_all() -> None:
    for_caller.register("declarations", _declarations)

    def url(person: int) -> str:
        return reverse("outbreak:open", args=[person])

    name = gettext_lazy("Open a case")
    register("case", Onward(name, frozenset({"suspected"}), Permission.CASE_WRITE, url, _made))
