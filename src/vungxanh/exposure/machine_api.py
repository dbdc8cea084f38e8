"""What gateways and laboratories speak to: a list in, one answer a record; the sender is known by its token."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from vungxanh.exposure import gateway_actions, incoming, lab_actions
from vungxanh.exposure.limits import limits
from vungxanh.exposure.models import Feed
from vungxanh.exposure.publish.request import RefusedError, parse_object
from vungxanh.exposure.schemas import HeardIn, LabRecord

MOST_BYTES = 1 << 20
R = TypeVar("R")
Read = Callable[[Mapping[str, Any]], R]
#: records in the order given -> an answer for each
Do = Callable[[Feed, list[R], datetime], list[dict[str, object]]]


def listed(kind: Feed.Kind, read: Read[R], do: Do[R]) -> Callable[[HttpRequest], HttpResponse]:
    """A POST of `{"records": […]}`; what cannot be read is refused by itself and the others go on."""

    def view(request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        feed = gateway_actions.feed_of(token, kind, now) if token else None
        if feed is None:
            return JsonResponse({"code": "unknown_sender"}, status=401)
        try:
            given = parse_object(request.body, MOST_BYTES).get("records")
        except RefusedError as exc:
            return JsonResponse({"code": exc.code, "error": exc.rule}, status=exc.status)
        if not isinstance(given, list) or len(given) > limits().gateway.records:
            return JsonResponse({"code": "bad_request", "error": "records"}, status=400)
        return JsonResponse({"records": _answers(feed, given, read, do, now)})

    return csrf_exempt(require_POST(view))


def _answers(feed: Feed, given: list[Any], read: Read[R], do: Do[R], now: datetime) -> list[dict[str, object]]:
    answers: list[dict[str, object]] = []
    places: list[int] = []
    good: list[R] = []
    for at, item in enumerate(given):
        try:
            good.append(read(incoming.mapping(item)))
        except RefusedError as exc:
            name = item.get("id") if isinstance(item, dict) and isinstance(item.get("id"), str) else None
            answers.append({"id": name, "at": at, "status": "refused", "reason": exc.rule})
            continue
        places.append(at)
        answers.append({})
    for at, answer in zip(places, do(feed, good, now), strict=True):
        answers[at] = answer
    return answers


def _heard(feed: Feed, records: list[HeardIn], now: datetime) -> list[dict[str, object]]:
    said = gateway_actions.heard(gateway=feed, records=records, now=now)
    return [
        {"id": one.id, "status": "refused", "reason": one.reason}
        if one.reason
        else {"id": one.id, "status": "accepted"}
        for one in said
    ]


def _results(feed: Feed, records: list[LabRecord], now: datetime) -> list[dict[str, object]]:
    said = lab_actions.codes_for(feed=feed, records=records, now=now)
    return [
        {name: getattr(one, name) for name in ("id", "status", "reason", "short", "long") if getattr(one, name)}
        for one in said
    ]


gateway = listed(Feed.Kind.GATEWAY, incoming.heard, _heard)
lab = listed(Feed.Kind.LAB, incoming.lab_record, _results)
