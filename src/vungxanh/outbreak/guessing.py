"""Against guessing of codes on a page without a log-in: a code bears few wrong years, a network few wrong codes.

No address is stored: a wrong code is counted under a hash with a salt that this process made up and forgets.
"""

import hmac
import secrets
import time
from collections import OrderedDict

from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from vungxanh.core.errors import UserError
from vungxanh.outbreak.models import ReportCode

#: wrong years of birth that one code bears in a day; a household that mistypes asks the station
MOST_WRONG_YEARS = 5
#: wrong codes from one network within so many seconds; a ward behind one router mistypes less
MOST_WRONG_CODES, SECONDS = 30, 600.0
#: networks remembered; the oldest are forgotten first
MOST_NETWORKS = 10_000
_salt = secrets.token_bytes(32)
_wrong: OrderedDict[bytes, list[float]] = OrderedDict()


def network_of(request: HttpRequest) -> bytes:
    """Stands for where a request comes from as long as this process lives."""
    return hmac.digest(_salt, request.META.get("REMOTE_ADDR", "").encode(), "sha256")[:16]


def check(network: bytes) -> None:
    """Raises UserError `outbreak.too-many-guesses`."""
    since = time.monotonic() - SECONDS
    if sum(at > since for at in _wrong.get(network, ())) >= MOST_WRONG_CODES:
        raise UserError("outbreak.too-many-guesses", field="code")


def note_wrong(network: bytes) -> None:
    """A code that is none, or with a wrong year."""
    _wrong[network] = [*_wrong.pop(network, [])[-MOST_WRONG_CODES:], time.monotonic()]
    while len(_wrong) > MOST_NETWORKS:
        _wrong.popitem(last=False)


def may_try(code: ReportCode) -> bool:
    """Count one try before the year is compared, in one statement: tries side by side share the five."""
    today = timezone.localdate()
    ReportCode.objects.filter(pk=code.pk).exclude(tried_on=today).update(tried_on=today, tries=0)
    left = ReportCode.objects.filter(pk=code.pk, tries__lt=MOST_WRONG_YEARS)
    return left.update(tries=F("tries") + 1) == 1


def forget_tries(code: ReportCode) -> None:
    """The year was right."""
    ReportCode.objects.filter(pk=code.pk).update(tries=0)
