"""Whom to call: the only source of any number that the house prints or sends."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vungxanh.core.scope import Scope


class ContactPoint(models.Model):
    """A number of an organisation for one topic, from `since` to `until` (both inclusive; None is open).

    `dead_since`: nobody answered there; such a number is not given out until somebody has tried it again.
    """

    SCOPE: ClassVar[Scope] = Scope("organisation__scope_path", "organisation_id", "organisation__sector")

    organisation = models.ForeignKey(
        "people.Organisation", verbose_name=_("Organisation"), on_delete=models.PROTECT, related_name="+"
    )
    topic = models.CharField(_("topic"), max_length=40)
    number = models.CharField(_("number"), max_length=20)
    hours = models.CharField(_("hours"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    tried_at = models.DateTimeField(null=True)
    dead_since = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "topic"], condition=models.Q(until=None), name="one_open_number_a_topic"
            ),
        )

    def __str__(self) -> str:
        return f"{self.topic}: {self.number}"


class DutyShift(models.Model):
    """Who answers a contact point for some hours; `number` where they answer on another one."""

    point = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, related_name="shifts")
    officer = models.ForeignKey("people.Officer", on_delete=models.CASCADE, related_name="+")
    begin = models.DateTimeField(_("From"))
    end = models.DateTimeField(_("To"))
    number = models.CharField(_("number"), max_length=20, blank=True)

    class Meta:
        ordering = ("begin",)
        indexes = (models.Index(fields=["point", "begin"], name="command_duty_roster"),)

    def __str__(self) -> str:
        return f"{self.point_id} {self.begin:%Y-%m-%d %H:%M}"
