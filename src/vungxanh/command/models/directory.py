"""Whom to call: the only source of any number that the house prints or sends."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vungxanh.core.scope import Scope


class ContactPoint(models.Model):
    """A number of an organisation for one topic, from `since` to `until` (both inclusive; None is open)."""

    SCOPE: ClassVar[Scope] = Scope("organisation__scope_path", "organisation_id", "organisation__sector")

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(_("topic"), max_length=40)
    number = models.CharField(_("number"), max_length=20)
    hours = models.CharField(_("hours"), max_length=60, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "topic"], condition=models.Q(until=None), name="one_open_number_a_topic"
            ),
        )

    def __str__(self) -> str:
        return f"{self.topic}: {self.number}"
