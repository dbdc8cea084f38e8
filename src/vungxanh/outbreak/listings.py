"""The lists of the workbench: which columns, in which order."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from vungxanh.core.listing import Column, Listing
from vungxanh.outbreak import times, words
from vungxanh.outbreak.exposed import Difference
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.words import Book
from vungxanh.tracing.model import ContactRow

#: the class of a tag by generation: nearer is darker
TAGS = {0: "vx-tag--strong", 1: "vx-tag--soft"}


def class_tag(row: ContactRow) -> SafeString:
    tag = TAGS.get(row.generation, "") if row.called else ""
    return format_html('<span class="vx-tag {}">{}</span>', tag, words.called(row))


def cases(rows: "QuerySet[Case]", params: QueryDict, people: dict[int, str]) -> Listing[Case]:
    """Cases, newest first. `people` is filled by the page once it knows which rows are shown."""

    def person(case: Case) -> SafeString:
        name = people.get(case.person) or _("Person %(number)s") % {"number": case.person}
        return format_html('<a href="{}">{}</a>', reverse("outbreak:case", args=[case.pk]), name)

    columns: list[Column[Case]] = [
        Column("number", _("Case"), lambda case: case.pk, sort="pk", numeric=True),
        Column("person", _("Person"), person, head=True),
        Column("status", _("Status"), lambda case: case.get_status_display(), sort="status"),
        Column("onset", _("Onset"), onset, sort="onset"),
        Column("reported", _("Reported"), reported, sort="reported_at"),
    ]
    return Listing("cases", columns, rows, params, caption=_("Cases"), default_sort="-reported")


def onset(case: Case) -> str:
    """The day it began with who says so, else the day of the sample."""
    if case.onset:
        return f"{times.day_with_year(case.onset)} ({case.get_onset_provenance_display()})"
    assert case.sampled is not None
    return _("no symptoms; sample of %(day)s") % {"day": times.day_with_year(case.sampled)}


def reported(case: Case) -> str:
    when = localtime(case.reported_at)
    return f"{times.day(when.date())}, {when:%H:%M}"


def contacts(
    rows: Sequence[ContactRow],
    params: QueryDict,
    book: Book,
    change: Difference,
    exports: Sequence[tuple[Any, str]],
) -> Listing[ContactRow]:
    """The exposed, in the engine's order: generation, first exposure."""

    def person(row: ContactRow) -> SafeString:
        new = (
            format_html(' <span class="vx-tag vx-tag--open">{}</span>', _("new"))
            if row.contact in change.come
            else ""
        )
        moved = format_html(' <span class="vx-tag">{}</span>', _("changed")) if row.contact in change.moved else ""
        return format_html("{}{}{}", book.person(row.contact), new, moved)

    def evidence(row: ContactRow) -> SafeString:
        lines = [book.item(item) for item in row.evidence]
        shown = format_html_join("", "<div>{}</div>", ((line,) for line in lines[:2]))
        if len(lines) > 2:
            more = format_html_join("", "<div>{}</div>", ((line,) for line in lines[2:]))
            head = _("%(count)s more") % {"count": len(lines) - 2}
            shown = format_html("{}<details><summary>{}</summary>{}</details>", shown, head, more)
        chain = book.chain(row)
        through = format_html('<div class="vx-muted">{}</div>', _("through %(chain)s") % {"chain": chain})
        return format_html("{}{}", shown, through if chain else "")

    columns: list[Column[ContactRow]] = [
        Column("class", _("Class"), class_tag, sort=lambda row: row.generation),
        Column("person", _("Person"), person, head=True),
        Column(
            "first", _("First exposed"), lambda r: times.moment(r.first_exposed), sort=lambda r: r.first_exposed
        ),
        Column(
            "minutes",
            _("Minutes"),
            lambda r: times.minutes(r.seconds) if r.seconds else None,
            sort=lambda r: r.seconds,
            numeric=True,
        ),
        Column("certainty", _("Certainty"), certainty_tag, sort=lambda row: row.certainty),
        Column("evidence", _("Evidence"), evidence),
    ]
    return Listing("contacts", columns, rows, params, caption=_("People exposed"), exports=exports)


def certainty_tag(row: ContactRow) -> SafeString:
    kind = ("", "vx-tag--soft", "vx-tag--open")[row.certainty]
    return format_html('<span class="vx-tag {}">{}</span>', kind, words.certainty(row.certainty))
