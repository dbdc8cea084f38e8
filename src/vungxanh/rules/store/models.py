"""A version of a rule that an administrator made. What is in force is never changed, only followed by another."""

from django.db import models


class RuleVersion(models.Model):
    """`content` is what the TOML of a shipped rule would hold; `samples` are inputs with what they must give.

    `kind` says whose rule it is (`form`); whoever reads that kind judges the content.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        APPROVED = "approved"
        DROPPED = "dropped"

    kind = models.CharField(max_length=20)
    rule = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    content = models.JSONField()
    samples = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    valid_from = models.DateField(null=True)
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    approved_by = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "rule", "version"], name="one_rule_version"),
            models.CheckConstraint(
                condition=~models.Q(state="approved")
                | models.Q(valid_from__isnull=False, approved_at__isnull=False),
                name="approved_versions_say_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule}@{self.version}"
