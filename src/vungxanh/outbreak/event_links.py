"""From a verified event of the hotline to a case: the button, and the case that came of it."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vungxanh.command.events import Onward, register
from vungxanh.core.scope import HasGrants, scoped
from vungxanh.outbreak.models import Case
from vungxanh.people.roles import Permission


def _made(officer: HasGrants, person: int, since: datetime) -> list[tuple[str, str]]:
    rows = scoped(Case.objects.filter(person=person, reported_at__gte=since), officer, Permission.CASE_READ)
    return [(reverse("outbreak:case", args=[row.pk]), _("Case %(number)s") % {"number": row.pk}) for row in rows]


def register_all() -> None:
    def url(person: int) -> str:
        return reverse("outbreak:open", args=[person])

    name = gettext_lazy("Open a case")
    register("case", Onward(name, frozenset({"suspected"}), Permission.CASE_WRITE, url, _made))
