"""Daily answers that people give themselves: by a code typed in, by SMS; the head of a household for all in it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.core.vault import keyed_hash
from vungxanh.notify import inbound
from vungxanh.notify.actions import queue
from vungxanh.notify.interface import Channel
from vungxanh.notify.schemas import BatchIn
from vungxanh.outbreak import follow_actions, guessing
from vungxanh.outbreak.follow_actions import Entry
from vungxanh.outbreak.models import Check, FollowUp, ReportCode
from vungxanh.people.models import HouseholdMember, Officer, Person

#: eight digits and the year of birth: two things to guess, and nothing to see behind them but one's own day
DIGITS = 8
WORD = "TD"
#: what people are asked and told; no diagnosis, no link (rules of messages to citizens)
ASK = "Hom nay ong/ba khoe khong? Tra loi 1: khoe, 2: co trieu chung, 3: can goi lai."
THANKS = "Da ghi nhan. Cam on ong/ba."
AGAIN = "Chua hieu. Tra loi 1: khoe, 2: co trieu chung, 3: can goi lai."
ANSWERS = {"1": Check.Outcome.WELL, "2": Check.Outcome.SYMPTOMS, "3": Check.Outcome.SYMPTOMS}


def digest(code: str) -> bytes:
    return keyed_hash("report-code", "".join(c for c in code if c.isdigit()))


@transaction.atomic
def give_codes(*, by: Officer, followups: Sequence[FollowUp]) -> dict[int, str]:
    """A new code for each; the old one ends. -> follow-up: code, to be handed over now: only its hash is kept."""
    made: dict[int, str] = {}
    ReportCode.objects.filter(followup__in=followups).delete()
    for followup in followups:
        made[followup.pk] = _new_code(followup, by)
    details = {"followups": sorted(made)[:200]}
    audit.record(by=by, action="outbreak:codes:given", subject="followup:many", details=details)
    return made


def _new_code(followup: FollowUp, by: Officer) -> str:
    for _ in range(5):
        code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
        try:
            with transaction.atomic():
                ReportCode.objects.create(followup=followup, code_hash=digest(code), made_by=by.pk)
        except IntegrityError:
            continue
        return code
    raise UserError("outbreak.code-unknown")


@dataclass(frozen=True, slots=True)
class Mine:
    """Somebody for whom a code may answer, and today's check if it is still open."""

    person: int
    check: int | None


def behind(code: str, birth_year: int) -> list[Mine]:
    """Who is behind a code: its person, and where that is the head of a household everybody in it who is followed.

    Raises UserError `outbreak.code-unknown`, the same for a wrong code and a wrong year.
    """
    row = ReportCode.objects.select_related("followup").filter(code_hash=digest(code)).first()
    person = Person.objects.filter(pk=row.followup.person).first() if row else None
    if row is None or person is None or row.followup.status != "active":
        raise UserError("outbreak.code-unknown", field="code")
    if not guessing.may_try(row) or person.birth_year != birth_year:
        raise UserError("outbreak.code-unknown", field="code")
    guessing.forget_tries(row)
    return [Mine(one, _open_check(one)) for one in household(row.followup.person)]


def household(person: int) -> list[int]:
    """The person, and for the head of a household everybody in it."""
    headed = HouseholdMember.objects.filter(household__head=person, until=None)
    return list(dict.fromkeys([person, *headed.order_by("pk").values_list("person", flat=True)]))


def _open_check(person: int) -> int | None:
    """Today's check, else the oldest that nobody entered."""
    due = Check.objects.filter(followup__person=person, followup__status="active", outcome="")
    today = due.filter(day__lte=timezone.localdate()).order_by("-day").values_list("pk", flat=True)
    return today.first()


@transaction.atomic
def answer(*, mine: Sequence[Mine], outcomes: dict[int, str], channel: str, by: By = None) -> int:
    """Enter what people said of themselves and theirs. -> how many."""
    entries = [
        Entry(one.check, outcomes[one.person], channel=channel)
        for one in mine
        if one.check is not None and outcomes.get(one.person) in (Check.Outcome.WELL, Check.Outcome.SYMPTOMS)
    ]
    if not entries:
        return 0
    allowed = [entry.check for entry in entries]
    return follow_actions.record_checks(by=by, entries=entries, allowed=allowed).total()


@transaction.atomic
def ask_by_sms(*, by: Officer, persons: Sequence[int], scope_path: str) -> int:
    """Ask everybody once; whoever answers without the word is understood too. -> batch."""
    inbound.expect(persons, WORD, "followup", days=1)
    source = f"followup:{timezone.localdate()}"
    return queue(BatchIn(Channel.SMS, ASK, source, persons=list(persons), scope_path=scope_path), by=by)


def by_sms(message: inbound.Incoming) -> str | None:
    """`TD 1` from a number: for everybody followed under it, and whom its holder answers for."""
    said = ANSWERS.get(message.rest.strip()[:1])
    persons = list(dict.fromkeys(one for person in message.persons for one in household(person)))
    mine = [Mine(person, check) for person in persons if (check := _open_check(person)) is not None]
    if not mine:
        return None
    if said is None:
        return AGAIN
    answer(mine=mine, outcomes={one.person: said for one in mine}, channel=Check.Channel.SMS)
    return THANKS
