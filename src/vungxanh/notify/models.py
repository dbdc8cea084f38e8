"""Messages: what is said (a batch), to whom and how it went (a delivery), where browsers listen."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

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


class Inbound(ScopedModel):
    """A message from outside, kept once. What no room took `waiting` for somebody to read it.

    `persons` are those registered under the sender's number; of a stranger there is none.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be read")
        HANDLED = "handled", _("taken by a room")
        CLOSED = "closed", _("read and closed")

    channel = models.CharField(max_length=10)
    provider_id = models.CharField(max_length=120)
    sender = EncryptedTextField(record_class="message")
    sender_hash = models.BinaryField(max_length=16)
    persons = ArrayField(models.BigIntegerField(), default=list)
    text = EncryptedTextField(record_class="message")
    cut = models.BooleanField(default=False)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    keyword = models.CharField(max_length=12, blank=True)
    failure = models.CharField(max_length=60, blank=True)
    answers = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["channel", "provider_id"], name="one_inbound_a_provider_id"),
        )
        indexes = (models.Index(fields=["-at"], condition=models.Q(state="waiting"), name="inbound_waiting"),)

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"


class Expected(models.Model):
    """A number from which an answer without a first word belongs to `keyword`, until then."""

    sender_hash = models.BinaryField(max_length=16)
    keyword = models.CharField(max_length=12)
    reference = models.CharField(max_length=120, blank=True)
    until = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["sender_hash", "-id"], name="expected_of_sender"),)

    def __str__(self) -> str:
        return f"{self.keyword} {self.reference}"
