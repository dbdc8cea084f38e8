"""One POST to a provider, its outcome sorted into the three failures of the interface."""

from collections.abc import Mapping
from typing import Any

import requests

from vungxanh.notify.interface import PermanentFailure, TemporaryFailure, UnknownOutcome

#: seconds to connect, and to wait for the answer
TIMEOUT = (5, 20)


def post(url: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The provider's JSON answer. A connection that never stood is temporary; one that broke is unknown."""
    try:
        answer = requests.post(url, json=body, headers=dict(headers or {}), timeout=TIMEOUT, allow_redirects=False)
    except requests.ConnectTimeout as exc:
        raise TemporaryFailure("no-connection") from exc
    except requests.Timeout as exc:
        raise UnknownOutcome("no-answer") from exc
    except requests.ConnectionError as exc:
        raise (TemporaryFailure("no-connection") if _never_stood(exc) else UnknownOutcome("cut-off")) from exc
    except requests.RequestException as exc:
        raise PermanentFailure("bad-request") from exc
    return _read(answer)


def _never_stood(error: requests.ConnectionError) -> bool:
    """The name was not found or nobody listens, so nothing was said."""
    text = repr(error)
    return "NewConnectionError" in text or "NameResolutionError" in text


def _read(answer: requests.Response) -> dict[str, Any]:
    if answer.status_code == 429 or answer.status_code >= 500:
        raise TemporaryFailure(f"http-{answer.status_code}")
    if answer.status_code >= 400:
        raise PermanentFailure(f"http-{answer.status_code}")
    try:
        found: dict[str, Any] = answer.json()
    except ValueError as exc:
        raise UnknownOutcome("unreadable-answer") from exc
    return found
