"""Everything that the exposed part of a case page shows, gathered once for the page, its parts and the export."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from vungxanh.core.errors import UserError
from vungxanh.core.listing import Listing
from vungxanh.lake.evidence import Evidence
from vungxanh.lake.store import LakeStore
from vungxanh.outbreak import case_map, listings, timeline, window, words
from vungxanh.outbreak.exposed import Difference, difference, evidence_lake, exposed, rule_for
from vungxanh.outbreak.forms import Ask
from vungxanh.outbreak.models import Case
from vungxanh.outbreak.schemas import Question
from vungxanh.outbreak.words import Book
from vungxanh.rules.contact import ContactRule
from vungxanh.tracing.model import Certainty, ContactRow, TraceResult

#: most names shown of those whom a change leaves out; their number is shown whole
MOST_GONE = 50


@dataclass(frozen=True)
class Exposed:
    """An answered question about a case."""

    case: Case
    question: Question
    rule: ContactRule
    result: TraceResult
    rows: Sequence[ContactRow]
    change: Difference
    book: Book
    bar: window.Bar

    @property
    def counts(self) -> list[tuple[str, int]]:
        """(class, people) of the whole answer, and how many wait for an interview."""
        by_class = Counter(row.called or words.UNCLASSED for row in self.result.rows)
        found = [(str(name), by_class[name]) for name in sorted(by_class, key=lambda name: (len(name), name))]
        waiting = sum(row.certainty == Certainty.NEEDS_INTERVIEW for row in self.result.rows)
        return [*found, (words.certainty(Certainty.NEEDS_INTERVIEW), waiting)]

    @property
    def gone(self) -> list[str]:
        """Whom the change leaves out, masked."""
        return [f"{self.book.person(row.contact)} ({words.called(row)})" for row in self.change.gone[:MOST_GONE]]

    @cached_property
    def own(self) -> Evidence:
        """Of the case alone."""
        return self.book.lake.evidence_of([self.case.person])

    @property
    def days(self) -> list[timeline.Day]:
        return timeline.days(self.own, self.result.window, self.result.rows)

    @property
    def map(self) -> case_map.CaseMap:
        stays = timeline.stays(self.own, self.case.person, self.result.window)
        return case_map.case_map(stays, self.result.rows)

    def listing(self, params: QueryDict) -> Listing[ContactRow]:
        """The page of contacts asked for, with the names on it."""
        export = reverse("outbreak:contacts-xlsx", args=[self.case.pk]) + "?" + params.urlencode()
        found = listings.contacts(self.rows, params, self.book, self.change, [(_("Export XLSX"), export)])
        self.book.load(list(found.page.object_list))
        return found


def answer(case: Case, form: Ask, lake: LakeStore | None = None) -> Exposed:
    """Trace as asked, compare with the rule in force, keep the rows to be shown."""
    where = lake or evidence_lake()
    question = form.question()
    result = exposed(case, question, where)
    rule = rule_for(case, question)
    plain = result if question.is_plain else _plain(case, question, where)
    change = Difference(frozenset(), (), frozenset()) if plain is None else difference(plain.rows, result.rows)
    rows = [row for row in result.rows if shown(row, form)]
    book = Book(rule, where).load((), (row.contact for row in change.gone[:MOST_GONE]))
    return Exposed(case, question, rule, result, rows, change, book, window.bar(case, result.window, rule))


def _plain(case: Case, question: Question, lake: LakeStore) -> TraceResult | None:
    """The answer under the rule in force; None where none was."""
    try:
        return exposed(case, Question(generations=question.generations), lake)
    except UserError as error:
        if error.code != "rules.none-in-force":
            raise
        return None


def shown(row: ContactRow, form: Ask) -> bool:
    """Does the row pass the filters?"""
    generation, certainty = form.shown_generation, form.shown_certainty
    return (generation is None or row.generation == generation) and (
        certainty is None or int(row.certainty) == certainty
    )
