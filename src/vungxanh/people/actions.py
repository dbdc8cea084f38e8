"""What changes several rows of persons: register, households, consent, reach."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from vungxanh.core import audit
from vungxanh.core.audit import By
from vungxanh.core.errors import UserError
from vungxanh.people import register
from vungxanh.people.models import (
    Consent,
    Household,
    HouseholdMember,
    PersonReach,
)
from vungxanh.people.schemas import DocumentIn, PersonIn


def register_person(
    *,
    name: str,
    sex: int = 3,
    birth_date: date | None = None,
    birth_year: int | None = None,
    phones: Sequence[str] = (),
    documents: Sequence[DocumentIn] = (),
    nationality: str = "VNM",
    commune_code: str = "",
    commune_scheme: str = "",
    address: str = "",
    scope_path: str = "/",
    scope_sector: str = "health",
    by: By,
    purpose: str,
) -> int:
    """Register somebody, or find them by a verified document. -> person id.

    Only the same verified document joins two records by itself. Same phone, name and birth year make a
    candidate that a person judges (`merge_actions`). Raises UserError for what cannot be right.
    """
    record = PersonIn(
        name=name,
        sex=sex,
        birth_date=birth_date,
        birth_year=birth_year,
        phones=phones,
        documents=documents,
        nationality=nationality,
        commune_code=commune_code,
        commune_scheme=commune_scheme,
        address=address,
        scope_path=scope_path,
        scope_sector=scope_sector,
    )
    return bulk_register([record], by=by, purpose=purpose)[0]


@transaction.atomic
def bulk_register(records: Sequence[PersonIn], *, by: By, purpose: str) -> list[int]:
    """Register many at once by COPY, with the same matching as one. -> person ids in the order given."""
    if not purpose.strip():
        raise UserError("core.purpose-needed", field="purpose")
    done = register.register(records, by=by, purpose=purpose)
    audit.record(
        by=by,
        action="people:person:registered",
        subject=f"person:{done.ids[0]}" if len(done.ids) == 1 else "person:many",
        purpose=purpose,
        details={"asked": len(records), "made": len(done.made), "candidates": done.candidates},
    )
    return done.ids


@transaction.atomic
def make_household(
    *,
    members: Sequence[int],
    head: int | None = None,
    address: str = "",
    commune_code: str = "",
    commune_scheme: str = "",
    scope_path: str = "/",
    scope_sector: str = "health",
    since: date | None = None,
    by: By,
) -> int:
    """People who live together. -> household id."""
    household = Household.objects.create(
        head_id=head,
        address=address or None,
        home_code=commune_code,
        home_scheme=commune_scheme,
        scope_path=scope_path,
        scope_sector=scope_sector,
    )
    HouseholdMember.objects.bulk_create(
        [HouseholdMember(household=household, person_id=person, since=since) for person in dict.fromkeys(members)]
    )
    audit.record(
        by=by,
        action="people:household:made",
        subject=f"household:{household.pk}",
        details={"members": list(members)},
    )
    return household.pk


@transaction.atomic
def extend_reach(
    *,
    persons: Sequence[int],
    scope_path: str,
    scope_sector: str = "health",
    reason: str,
    until: datetime | None = None,
    by: By,
) -> None:
    """Let the officers of an area see people who live elsewhere but have business there (case, contact, stay)."""
    PersonReach.objects.bulk_create(
        [
            PersonReach(person_id=p, scope_path=scope_path, scope_sector=scope_sector, reason=reason, until=until)
            for p in dict.fromkeys(persons)
        ],
        update_conflicts=True,
        unique_fields=["person", "scope_path", "scope_sector", "reason"],
        update_fields=["until"],
    )
    audit.record(
        by=by,
        action="people:person:reached",
        subject=f"place:{scope_path}",
        details={"persons": list(persons), "reason": reason, "sector": scope_sector},
    )


@transaction.atomic
def give_consent(
    *, person: int, purpose: str, text_version: str, channel: str, given_by: int | None = None, by: By
) -> int:
    """Write a consent down, with the version of the text that was shown. -> consent id."""
    row = Consent.objects.create(
        person_id=person,
        purpose=purpose,
        text_version=text_version,
        channel=channel,
        given_by_id=given_by,
        given_at=timezone.now(),
    )
    audit.record(
        by=by,
        action="people:consent:given",
        subject=f"person:{person}",
        purpose=purpose,
        details={"text": text_version, "channel": channel},
    )
    return row.pk


@transaction.atomic
def withdraw_consent(*, person: int, purpose: str, by: By) -> int:
    """Withdraw every open consent for a purpose. -> how many."""
    rows = Consent.objects.filter(person_id=person, purpose=purpose, withdrawn_at=None)
    done = rows.update(withdrawn_at=timezone.now())
    audit.record(
        by=by,
        action="people:consent:withdrawn",
        subject=f"person:{person}",
        purpose=purpose,
        details={"rows": done},
    )
    return done
