"""Markets, fairs, meetings: who works at which stall, who sells today, tickets, lorries, who is invited."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from vungxanh.core.scope import Scope
from vungxanh.places.models import Place
from vungxanh.venues.models.records import PLACE_SCOPE, VENUE_SCOPE, Venue


class RosterEntry(models.Model):
    """Somebody who works at a stall (or a market) from a day on. A day they sell is a row of `SellingDay`."""

    SCOPE: ClassVar[Scope] = PLACE_SCOPE

    class Role(models.TextChoices):
        TRADER = "trader", _("trader")
        PORTER = "porter", _("porter")
        STAFF = "staff", _("staff")
        DRIVER = "driver", _("driver")

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="roster")
    person = models.BigIntegerField()
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.TRADER)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(fields=["person"], name="roster_person"),)
        constraints = (
            models.UniqueConstraint(
                fields=["place", "person"], condition=models.Q(until=None), name="once_on_a_roster"
            ),
        )

    def __str__(self) -> str:
        return f"person {self.person} at {self.place_id}"


class SellingDay(models.Model):
    """A stall sells on a day. `row` is its number in the lake's order of export."""

    SCOPE: ClassVar[Scope] = PLACE_SCOPE

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="selling")
    day = models.DateField()
    start = models.DateTimeField()
    end = models.DateTimeField()
    export_no = models.BigIntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=["export_no"], name="selling_exported"),)
        constraints = (models.UniqueConstraint(fields=["place", "day"], name="one_row_a_stall_and_day"),)

    def __str__(self) -> str:
        return f"{self.place_id} on {self.day}"


class TicketRule(models.Model):
    """By household, day and hour: which households may come when. Dated; a later one replaces."""

    SCOPE: ClassVar[Scope] = VENUE_SCOPE

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="ticket_rules")
    basis = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField()
    #: days of the week, Monday is 0; a group of households has the days `group, group + groups, …` of these
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    groups = models.PositiveSmallIntegerField(default=1)
    first_hour = models.PositiveSmallIntegerField()
    last_hour = models.PositiveSmallIntegerField()
    hours_each = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"tickets {self.valid_from} of {self.venue_id}"


class Ticket(models.Model):
    """The ticket of one household, by its number on the commune's list; no name."""

    SCOPE: ClassVar[Scope] = Scope(
        path="rule__venue__place__scope_path",
        org="rule__venue__place__scope_org",
        sector="rule__venue__place__scope_sector",
    )

    rule = models.ForeignKey(TicketRule, on_delete=models.CASCADE, related_name="tickets")
    household = models.CharField(max_length=40)
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    first_hour = models.PositiveSmallIntegerField()
    last_hour = models.PositiveSmallIntegerField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["rule", "household"], name="one_ticket_a_household"),)

    def __str__(self) -> str:
        return f"ticket {self.pk}"


class Lorry(models.Model):
    """A lorry at a wholesale market: where it comes from, who drives, when it left."""

    SCOPE: ClassVar[Scope] = PLACE_SCOPE

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="lorries")
    plate = models.CharField(max_length=20)
    origin = models.CharField(max_length=120, blank=True)
    goods = models.CharField(max_length=120, blank=True)
    driver = models.BigIntegerField(null=True)
    arrived = models.DateTimeField()
    left = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["place", "plate"], condition=models.Q(left=None), name="one_open_lorry_a_plate"
            ),
        )

    def __str__(self) -> str:
        return f"{self.plate} at {self.place_id}"


class Invitee(models.Model):
    """Somebody invited to a meeting or a fair, and where they sit."""

    SCOPE: ClassVar[Scope] = VENUE_SCOPE

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="invitees")
    person = models.BigIntegerField()
    seat = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["venue", "person"], name="invited_once"),)

    def __str__(self) -> str:
        return f"person {self.person} to {self.venue_id}"
