"""Messages: what is said (a batch), to whom and how it went (a delivery), where browsers listen."""

from django.db import models

from vungxanh.core.models import ScopedModel
from vungxanh.core.vault import EncryptedTextField


class Batch(ScopedModel):
    """One text to one or a million people. `source` is what asks for it; the same source and channel ask once."""

    channel = models.CharField(max_length=10)
    source = models.CharField(max_length=120)
    subject = models.CharField(max_length=200, blank=True)
    text = EncryptedTextField(record_class="message")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "channel"], name="one_batch_a_cause"),)

    def __str__(self) -> str:
        return f"{self.channel} {self.source}"


class Delivery(models.Model):
    """One message on its way. `person` is asked for the address when it leaves; else `address` holds it.

    `sending` is written and kept before the provider is asked, so that a process that dies leaves a trace.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        UNCERTAIN = "uncertain"

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="deliveries")
    person = models.BigIntegerField(null=True)
    address = EncryptedTextField(record_class="message", null=True)
    recipient = models.CharField(max_length=40)
    values = EncryptedTextField(record_class="message", null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=120, blank=True)
    cost = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["batch", "recipient"], name="one_message_a_recipient"),)
        indexes = (
            models.Index(
                fields=["next_at", "id"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="delivery_waiting",
            ),
            models.Index(fields=["sent_at"], condition=models.Q(sent_at__isnull=False), name="delivery_sent"),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"

    @property
    def key(self) -> str:
        """What the provider knows this message by; the same on every attempt."""
        return f"vx-{self.pk}"


class PushSubscription(models.Model):
    """A browser that agreed to be told. The endpoint and its keys are secrets of that browser."""

    person = models.BigIntegerField(null=True)
    device = models.CharField(max_length=64)
    secrets = EncryptedTextField(record_class="push")
    endpoint_hash = models.BinaryField(max_length=16, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    gone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"push {self.pk}"
