"""What this room keeps and for how long: that a batch was sent stays, to whom and with what goes."""

from collections.abc import Iterator

from vungxanh.core.retention import Kind, stated
from vungxanh.notify.models import Delivery, Inbound

PACKAGE = "vungxanh.notify"


def kinds() -> Iterator[Kind]:
    yield stated(PACKAGE, "deliveries", lambda before: Delivery.objects.filter(sent_at__lt=before).delete()[0])
    # scope: by the worker
    yield stated(PACKAGE, "inbound", lambda before: Inbound.objects.filter(at__lt=before).delete()[0])
