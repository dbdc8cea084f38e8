"""Where providers deliver what people sent."""

from django.http import HttpRequest
from ninja import Router

from vungxanh.notify import webhooks

router = Router(tags=["notify"])


@router.post("/inbound/sms", response=dict[str, bool], summary="An SMS that somebody sent to our number")
def sms(request: HttpRequest) -> dict[str, bool]:
    """Signed by the aggregator; delivering it again is harmless."""
    webhooks.sms(request.body, request.headers.get("X-Signature", ""))
    return {"kept": True}


@router.post("/inbound/call", response=dict[str, bool], summary="A call to the hotline that nobody took")
def call(request: HttpRequest) -> dict[str, bool]:
    """Signed by the exchange; it stands on the call-back list until somebody has called."""
    webhooks.call(request.body, request.headers.get("X-Signature", ""))
    return {"kept": True}


@router.post("/inbound/zalo", response=dict[str, bool], summary="A message to our Zalo Official Account")
def zalo(request: HttpRequest) -> dict[str, bool]:
    """Signed by Zalo; events that are no text are acknowledged and not kept."""
    return {"kept": webhooks.zalo(request.body, request.headers.get("X-ZEvent-Signature", "")) is not None}
