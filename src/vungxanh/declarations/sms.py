"""The daily follow-up by SMS: one question, one figure for an answer, the same form and the same rules behind it.

`SK 0` well; `SK 12` fever and cough. A family that shares a number puts the year of birth first: `SK 1990 3`.
"""

import re
from datetime import timedelta

from django.utils import timezone

from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.declarations.declare_actions import declare
from vungxanh.declarations.identity import known
from vungxanh.declarations.models import Declaration, Whom
from vungxanh.declarations.schemas import NewDeclaration
from vungxanh.forms import catalogue
from vungxanh.forms.definition import Form
from vungxanh.notify import inbound
from vungxanh.notify.actions import queue
from vungxanh.notify.inbound import Incoming
from vungxanh.notify.interface import Channel
from vungxanh.notify.schemas import BatchIn
from vungxanh.people.models import Person
from vungxanh.work import actions as work
from vungxanh.work.models import WorkItem
from vungxanh.work.schemas import ItemIn

WORD, FORM = "SK", "vn.declaration.sms"
#: figure -> question of the form, each of which the text asks; 0 is none of them
ASKED = {
    "1": "fever",
    "2": "cough",
    "3": "breathing",
    "4": "other_sign",
    "5": "call",
    "6": "left_home",
}
QUESTION = (
    "Hom nay ban co gi sau day? Ghi moi so dung voi ban: 1 sot, 2 ho, 3 kho tho, 4 dau hieu khac, 5 xin goi lai,"
    " 6 da ra khoi noi cach ly. Khong co gi: 0. Vi du: 12. Kho tho nhieu: goi 115."
)
THANKS = "Da nhan. Co thay doi thi tra loi lai."
CALLED = "Da nhan. Tram y te se goi cho ban. Kho tho nhieu: goi 115 ngay."
AGAIN = "Chua hieu. Tra loi mot so tu 0 den 6, vi du: 0. Nha dung chung so: ghi nam sinh truoc, vi du: 1990 0."
_ANSWER = re.compile(r"(?:(\d{4})\D+)?([0-6]{1,6})\s*")


def ask(*, persons: list[int], by: By) -> int:
    """Ask people how they are; who does not answer by tomorrow stands on the work list. -> how many."""
    today = timezone.localdate()
    queue(BatchIn(Channel.SMS, QUESTION, f"daily:{today}", persons=persons), by=by)
    inbound.expect(persons, WORD, f"daily:{today}")
    homes = dict(Person.objects.filter(pk__in=persons).values_list("pk", "scope_path"))  # scope: paths only
    due = timezone.now() + timedelta(hours=20)
    items = [
        ItemIn("followup.answer", due, f"sms:{person}", person=person, scope_path=path)
        for person, path in homes.items()
    ]
    work.put_many(items, by=by)
    return len(items)


def ask_due() -> int:
    """Everybody in isolation to be asked today, if they declared once, so that their consent is on record."""
    soon = timezone.now() + timedelta(hours=24)
    rows = WorkItem.objects.filter(kind="isolation.check", finished_at=None, due__lt=soon)  # scope: the worker's
    persons = {person for person in rows.values_list("person", flat=True) if person}
    return ask(persons=[one for one in sorted(persons) if consented(one)], by=None) if persons else 0


def consented(person: int) -> bool:
    """Is there a declaration of theirs that stands? Each was sent with a consent of its own."""
    # scope: yes or no
    return Declaration.objects.filter(person=person, withdrawn_at=None).exists()


def answer(message: Incoming) -> str | None:
    """What came back. None where a person has to read it."""
    found = _ANSWER.fullmatch(message.rest.strip())
    if found is None:
        return AGAIN if message.reference and len(message.rest) < 20 else None
    person = _who(message.persons, found[1])
    if person is None:
        return AGAIN if message.persons else None
    if not consented(person):
        return None
    try:
        form = catalogue.in_force(timezone.localdate(message.at))[FORM][0]
        row = declare(new=_declaration(form, message, person, set(found[2])), by=None)
    except (UserError, KeyError):
        return None
    work.cancel(source=f"sms:{person}", by=None)
    return CALLED if row.result != "nothing" or "5" in found[2] else THANKS


def _who(persons: tuple[int, ...], year: str | None) -> int | None:
    """The one person of the number; of a family the one born in that year."""
    if len(persons) == 1:
        return persons[0]
    if year is None:
        return None
    # scope: numbers only
    born = list(Person.objects.filter(pk__in=persons, birth_year=int(year)).values_list("pk", flat=True))
    return born[0] if len(born) == 1 else None


def _declaration(form: Form, message: Incoming, person: int, figures: set[str]) -> NewDeclaration:
    said = {question: figure in figures for figure, question in ASKED.items()}
    answers = {**known(form, person), **said}
    return NewDeclaration(
        form=form,
        answers=answers,
        whom=Whom.SELF,
        channel=Declaration.Channel.SMS,
        sender=f"sms:{message.id}",
        given_at=message.at,
        person=person,
    )
