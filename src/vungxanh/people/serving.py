"""Whom an officer serves now: one of those that their own search found, or whom they registered just now.

Kept in the officer's session, so that no page that goes on from there carries a person in its address.
"""

from collections.abc import Iterable

from django.http import HttpRequest

_FOUND, _SERVED, _BACK = "serving-found", "serving-person", "serving-back"


def found(request: HttpRequest, people: Iterable[int]) -> None:
    """What the last search gave; only they may be chosen."""
    request.session[_FOUND] = list(people)


def was_found(request: HttpRequest, person: int) -> bool:
    return person in request.session.get(_FOUND, [])


def serve(request: HttpRequest, person: int, *, back: str) -> None:
    """From now on this person is served; `back`: the page to return to when something is done for them."""
    request.session[_SERVED], request.session[_BACK] = person, back
    request.session.pop(_FOUND, None)


def person_of(request: HttpRequest) -> int | None:
    person = request.session.get(_SERVED)
    return person if isinstance(person, int) else None


def back_of(request: HttpRequest) -> str:
    """Empty where nobody is served."""
    return str(request.session.get(_BACK, ""))


def done(request: HttpRequest) -> None:
    """Nobody is served any more."""
    for key in (_FOUND, _SERVED, _BACK):
        request.session.pop(key, None)
