"""What people asked of their declarations, and what officers decided against the rule's result."""

from django.db import models

from vungxanh.core.models import ScopedModel
from vungxanh.core.vault import EncryptedTextField


class RightsRequest(ScopedModel):
    """See, correct, delete, object. `reply_due`: the first answer; `due`: done. Both by law."""

    declaration = models.ForeignKey("declarations.Declaration", on_delete=models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=10)
    text = EncryptedTextField(record_class="declaration", null=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    reply_due = models.DateTimeField()
    due = models.DateTimeField()
    answer = EncryptedTextField(record_class="declaration", null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.BigIntegerField(null=True)
    is_granted = models.BooleanField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["declaration", "kind"],
                condition=models.Q(answered_at=None),
                name="one_open_request_a_kind",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Overrule(models.Model):
    """A health officer decided otherwise than the rule, and said why. Both stand."""

    declaration = models.ForeignKey("declarations.Declaration", on_delete=models.CASCADE, related_name="overrules")
    before = models.CharField(max_length=40)
    result = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(auto_now_add=True)
    by = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.before} -> {self.result}"
