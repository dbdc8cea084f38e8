"""A telephone number proved by a one-time code of six digits."""

import hmac
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from vungxanh.codes import phone as phone_codes
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.core.vault import keyed_hash
from vungxanh.people.models import Officer
from vungxanh.venues import sender
from vungxanh.venues.models import PhoneCode

LIFETIME = timedelta(minutes=10)
#: against whoever has others' telephones rung: codes to one number within the quarter of an hour
MOST_CODES, WITHIN = 3, timedelta(minutes=15)
#: against guessing: six digits, five tries
MOST_TRIES = 5


def number(text: str) -> str:
    """E.164. Raises UserError `venues.phone-needed`."""
    found = phone_codes.parse_or_none(text)
    if found is None or not found.mobile:
        raise UserError("venues.phone-needed", field="phone")
    return found.e164


def hash_of(e164: str) -> bytes:
    return keyed_hash("phone", e164)


@transaction.atomic
def send_code(text: str) -> str:
    """Send a code; -> the code where it may be shown (drill), else empty. Raises `venues.too-many-codes`."""
    e164, now = number(text), timezone.now()
    digest = hash_of(e164)
    if PhoneCode.objects.filter(phone_hash=digest, made_at__gt=now - WITHIN).count() >= MOST_CODES:
        raise UserError("venues.too-many-codes", field="phone", count=MOST_CODES)
    code = f"{secrets.randbelow(1_000_000):06d}"
    PhoneCode.objects.create(
        phone_hash=digest, code_hash=_code_hash(digest, code), made_at=now, expires_at=now + LIFETIME
    )
    return sender.send_code(e164, code)


#: a code that an officer says on the telephone or in person may be used until the evening
OFFICER_LIFETIME = timedelta(hours=12)


@transaction.atomic
def officer_code(*, by: Officer, text: str) -> str:
    """Where no message arrives: an officer who knows the keeper hands them a code. It is recorded who did."""
    e164, now = number(text), timezone.now()
    digest, code = hash_of(e164), f"{secrets.randbelow(1_000_000):06d}"
    made = PhoneCode.objects.create(
        phone_hash=digest, code_hash=_code_hash(digest, code), made_at=now, expires_at=now + OFFICER_LIFETIME
    )
    audit.record(by=by, action="venues:phone:confirmed", subject=f"phone-code:{made.pk}")
    return code


def check_code(text: str, code: str) -> str:
    """The proved number. Raises UserError `venues.wrong-code`; a wrong try counts, whatever the caller does."""
    e164, now = number(text), timezone.now()
    digest = hash_of(e164)
    newest = (
        PhoneCode.objects.filter(phone_hash=digest, used_at=None, expires_at__gt=now).order_by("-made_at").first()
    )
    if newest is None:
        raise UserError("venues.wrong-code", field="code")
    # counted before it is compared, in one statement: parallel guesses share the five tries
    counted = PhoneCode.objects.filter(pk=newest.pk, tries__lt=MOST_TRIES).update(tries=F("tries") + 1)
    right = hmac.compare_digest(bytes(newest.code_hash), _code_hash(digest, code.strip()))
    if not counted or not right or not PhoneCode.objects.filter(pk=newest.pk, used_at=None).update(used_at=now):
        raise UserError("venues.wrong-code", field="code")
    return e164


def _code_hash(digest: bytes, code: str) -> bytes:
    return keyed_hash("one-time-code", f"{digest.hex()}:{code}")
