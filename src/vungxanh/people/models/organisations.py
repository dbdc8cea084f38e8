"""Organisations as dated trees: health services, authorities, enterprises. A merger is data, not an edit."""

from django.db import models

from vungxanh.core.scope import ANY_PATH


class Organisation(models.Model):
    """A unit that answers for something, from `since` to `until` (both inclusive; None is open).

    `kind` is free data (`cdc`, `health-station`, `peoples-committee`, `department`, `economic-zone-board`,
    `enterprise`, `school`, …); `scope_path` is where it works.
    """

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=40)
    sector = models.CharField(max_length=20)
    scope_path = models.CharField(max_length=120, default=ANY_PATH, db_collation="C")
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    head = models.ForeignKey(
        "people.Officer", null=True, blank=True, on_delete=models.SET_NULL, related_name="heads"
    )

    def __str__(self) -> str:
        return self.name


class OrganisationLink(models.Model):
    """`child` stood under `parent` from `since` to `until`."""

    child = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="parents")
    parent = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="children")
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~models.Q(child=models.F("parent")), name="no_unit_under_itself"),
        )

    def __str__(self) -> str:
        return f"{self.child_id} under {self.parent_id}"


class Succession(models.Model):
    """What became of a unit: merged, split, renamed, abolished with its work going to another."""

    predecessor = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="successors")
    successor = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="predecessors")
    on = models.DateField()
    kind = models.CharField(max_length=20)
    basis = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["predecessor", "successor"], name="one_succession_a_pair"),
            models.CheckConstraint(
                condition=~models.Q(predecessor=models.F("successor")), name="no_unit_follows_itself"
            ),
        )

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"
