"""Who is told what: whom a visitor of an office came to see until it closes, and the keepers' own systems."""

from typing import ClassVar

from django.db import models

from vungxanh.core.scope import Scope
from vungxanh.core.vault import EncryptedTextField
from vungxanh.places.models import Place
from vungxanh.venues.models.records import PLACE_SCOPE, VENUE_SCOPE, Venue


class Errand(models.Model):
    """Whom somebody came to see. Gone at closing time."""

    SCOPE: ClassVar[Scope] = PLACE_SCOPE

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="errands")
    person = models.BigIntegerField()
    host = EncryptedTextField(record_class="person")
    at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["place", "person"], name="one_errand_inside"),)

    def __str__(self) -> str:
        return f"errand of {self.person} at {self.place_id}"


class Reminder(models.Model):
    """Somebody was reminded to check out of a place. A stay that began before it is reminded no more."""

    SCOPE: ClassVar[Scope] = PLACE_SCOPE

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = (models.Index(fields=["person", "place", "at"], name="reminder_of_stay"),)

    def __str__(self) -> str:
        return f"reminder of {self.person} at {self.place_id}"


class Webhook(models.Model):
    """An address that a keeper's own system listens at. It hears counts, never who."""

    SCOPE: ClassVar[Scope] = VENUE_SCOPE

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=300)
    secret = EncryptedTextField(record_class="secret")
    made_at = models.DateTimeField(auto_now_add=True)
    stopped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"webhook {self.pk} of {self.venue_id}"


class WebhookDelivery(models.Model):
    """One event on its way to one address; tried again until it is taken or too old."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.UUIDField()
    body = models.JSONField()
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["next_at"], condition=models.Q(done_at=None), name="webhook_due"),)

    def __str__(self) -> str:
        return f"delivery {self.pk}"
