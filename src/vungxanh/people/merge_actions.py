"""Two records made one, and parted again; values of a record corrected.

Rooms that keep a person's number register a mover: it hands the rows over inside the merge's transaction and says
which they were, so that undoing gives exactly those back.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.core.vault import Sealed
from vungxanh.people.models import MatchCandidate, Merge, NotSamePair, Person
from vungxanh.people.names import checked, keys_of
from vungxanh.people.register import add_phones

#: what may be taken over from the record that is given up; what is empty is taken over anyway
FIELDS = ("name", "sex", "birth", "nationality", "address")
_COLUMNS = {
    "name": ("name",),
    "sex": ("sex",),
    "birth": ("birth_date", "birth_year"),
    "nationality": ("nationality",),
    "address": ("address", "home_code", "home_scheme"),
}


class Mover(Protocol):
    """A room's part in a merge."""

    def move(self, given_up: int, kept: int) -> Mapping[str, Any]: ...

    def give_back(self, given_up: int, kept: int, moved: Mapping[str, Any]) -> None: ...


_movers: dict[str, Mover] = {}


def register_mover(name: str, mover: Mover) -> None:
    """In a room's AppConfig; the same name again replaces."""
    _movers[name] = mover


@transaction.atomic
def merge(*, kept: int, given_up: int, chosen: Sequence[str] = (), by: By) -> Merge:
    """One person from two records. `chosen`: fields whose value comes from the record that is given up.

    Raises UserError `people.merge-chain`, `people.merge-field`.
    """
    if unknown := [name for name in chosen if name not in FIELDS]:
        raise UserError("people.merge-field", field=unknown[0][:20])
    rows = {
        row.pk: row for row in Person.objects.select_for_update().filter(pk__in=[kept, given_up], same_as=None)
    }
    if len(rows) != 2:
        raise UserError("people.merge-chain")
    before = _take_over(rows[kept], rows[given_up], chosen)
    rows[given_up].same_as = rows[kept]
    rows[given_up].save(update_fields=["same_as"])
    Person.objects.filter(same_as=given_up).update(same_as=kept)
    made = Merge.objects.create(
        kept_id=kept,
        given_up_id=given_up,
        chosen=list(chosen),
        before=json.dumps(before, ensure_ascii=False),
        moved={name: dict(mover.move(given_up, kept)) for name, mover in _movers.items()},
        by=_officer(by),
    )
    _decide(kept, given_up, same=True, by=by)
    audit.record(by=by, action="people:person:merged", subject=f"person:{given_up}", details={"into": kept})
    return made


@transaction.atomic
def undo(*, merge: int, by: By) -> None:
    """The two records stand as before. Raises UserError `people.merge-undone`."""
    row = Merge.objects.select_for_update().get(pk=merge)
    if row.undone_at:
        raise UserError("people.merge-undone")
    for name, moved in row.moved.items():
        if name in _movers:
            _movers[name].give_back(row.given_up_id, row.kept_id, moved)
    before = json.loads(row.before.open())
    person = Person.objects.select_for_update().get(pk=row.kept_id)
    _put_back(person, before)
    Person.objects.filter(pk=row.given_up_id).update(same_as=None)
    row.undone_at, row.undone_by = timezone.now(), _officer(by)
    row.save(update_fields=["undone_at", "undone_by"])
    _pair(row.kept_id, row.given_up_id).update(same=None, decided_at=None, decided_by=None)
    audit.record(
        by=by, action="people:person:parted", subject=f"person:{row.given_up_id}", details={"from": row.kept_id}
    )


@transaction.atomic
def keep_apart(*, one: int, other: int, by: By) -> None:
    """They are two people: never proposed again."""
    low, high = sorted((one, other))
    NotSamePair.objects.get_or_create(low_id=low, high_id=high, defaults={"decided_by": _officer(by)})
    _decide(one, other, same=False, by=by)
    audit.record(by=by, action="people:person:kept-apart", subject=f"person:{high}", details={"with": low})


def _pair(one: int, other: int) -> Any:
    low, high = sorted((one, other))
    return MatchCandidate.objects.filter(Q(older_id=low, newer_id=high) | Q(older_id=high, newer_id=low))


def _decide(one: int, other: int, *, same: bool, by: By) -> None:
    _pair(one, other).update(same=same, decided_at=timezone.now(), decided_by=_officer(by))


def _officer(by: By) -> int | None:
    return by if by is None or isinstance(by, int) else by.pk


def _take_over(kept: Person, other: Person, chosen: Sequence[str]) -> dict[str, Any]:
    """-> column -> what the kept record said before."""
    wanted = [name for name in FIELDS if name in chosen or _is_empty(kept, name)]
    before: dict[str, Any] = {}
    for column in (column for name in wanted for column in _COLUMNS[name]):
        if _plain(other, column) not in (None, "") and _plain(other, column) != _plain(kept, column):
            before[column] = _plain(kept, column)
            _set(kept, column, _plain(other, column))
    kept.save()
    return before


def _is_empty(person: Person, name: str) -> bool:
    values = [_plain(person, column) for column in _COLUMNS[name]]
    return all(value in (None, "") for value in values) or (name == "sex" and person.sex == 3)


def _plain(person: Person, column: str) -> Any:
    value = getattr(person, column)
    if isinstance(value, Sealed):
        return value.open()
    return value.isoformat() if isinstance(value, date) else value


def _set(person: Person, column: str, value: Any) -> None:
    if column == "birth_date" and isinstance(value, str):
        value = date.fromisoformat(value)
    if column == "name":
        keys = keys_of(checked(value))
        person.name_hash, person.name_key = keys.whole, keys.block
        person.name_syllables, person.name_initials, person.name_trigrams = (
            keys.syllables,
            keys.initials,
            keys.trigrams,
        )
    setattr(person, column, value)


def _put_back(person: Person, before: Mapping[str, Any]) -> None:
    for column, value in before.items():
        _set(person, column, value)
    person.save()


@transaction.atomic
def correct(*, person: int, values: Mapping[str, Any], phones: Sequence[str] = (), by: By, why: str) -> list[str]:
    """Correct columns of a record: name, sex, birth_date, birth_year, nationality, address, home_code or
    home_scheme.
    -> those that changed. Telephones are added, never taken away."""
    row = Person.objects.select_for_update().get(pk=person)
    changed = [column for column, value in values.items() if _plain(row, column) != _as_text(value)]
    for column in changed:
        _set(row, column, values[column])
    if "birth_date" in changed and values["birth_date"]:
        row.birth_year = values["birth_date"].year
    if changed:
        row.save()
    added = add_phones(person, phones)
    if changed or added:
        details = {"columns": sorted(changed), "phones": added, "why": why}
        audit.record(by=by, action="people:person:corrected", subject=f"person:{person}", details=details)
    return changed


def _as_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
