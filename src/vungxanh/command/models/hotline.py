"""What callers tell: an event goes received → screened → verified or dismissed. A rumour is never a case."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vungxanh.core.scope import Scope


class EventKind(models.TextChoices):
    SUSPECTED = "suspected", _("suspected case")
    RUMOUR = "rumour", _("rumour")
    DIFFICULTY = "difficulty", _("difficulty")
    PRICE = "price", _("price, fake or hoarded goods")
    QUESTION = "question", _("question")


class EventState(models.TextChoices):
    RECEIVED = "received", _("received")
    SCREENED = "screened", _("screened, being verified")
    VERIFIED = "verified", _("verified")
    DISMISSED = "dismissed", _("dismissed")


#: which state may follow which; the law's order of event-based surveillance
NEXT: dict[str, tuple[EventState, ...]] = {
    EventState.RECEIVED: (EventState.SCREENED, EventState.DISMISSED),
    EventState.SCREENED: (EventState.VERIFIED, EventState.DISMISSED),
    EventState.VERIFIED: (),
    EventState.DISMISSED: (),
}


class HotlineEvent(models.Model):
    """One thing told by phone or found in the press. `caller` is a person of `people`, or None."""

    SCOPE: ClassVar[Scope] = Scope(org=None)

    kind = models.CharField(_("Kind"), max_length=12, choices=EventKind.choices)
    text = models.TextField(_("What was told"))
    state = models.CharField(max_length=10, choices=EventState.choices, default=EventState.RECEIVED)
    caller = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    received_by = models.BigIntegerField()
    call_back_at = models.DateTimeField(_("Call back at"), null=True, blank=True)
    called_back_at = models.DateTimeField(null=True)
    outcome = models.TextField(_("What was found"), blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    scope_path = models.CharField(max_length=120, db_collation="C")
    scope_sector = models.CharField(max_length=20)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state__in=["verified", "dismissed"])
                | (models.Q(decided_at__isnull=False, decided_by__isnull=False) & ~models.Q(outcome="")),
                name="an_event_is_decided_by_somebody_with_words",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.received_at:%d/%m %H:%M}"
