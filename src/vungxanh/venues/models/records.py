"""Registered places, who keeps them, the gates, and what they recorded. A person is an integer."""

from typing import ClassVar

from django.db import models

from vungxanh.core.append import Appended
from vungxanh.core.scope import Scope
from vungxanh.core.vault import EncryptedTextField
from vungxanh.places.models import Place

PLACE_SCOPE = Scope(path="place__scope_path", org="place__scope_org", sector="place__scope_sector")
VENUE_SCOPE = Scope(
    path="venue__place__scope_path", org="venue__place__scope_org", sector="venue__place__scope_sector"
)


class Venue(models.Model):
    """A place that records arrivals and departures. Parts of it (stalls, floors) are places of their own."""

    SCOPE: ClassVar[Scope] = PLACE_SCOPE

    class Mode(models.TextChoices):
        NAMED = "named"
        PRIVATE = "private"

    class Asks(models.TextChoices):
        VISIT = "visit"
        DECLARATION = "declaration"

    place = models.OneToOneField(Place, on_delete=models.PROTECT, primary_key=True, related_name="venue")
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.NAMED)
    asks = models.CharField(max_length=12, choices=Asks.choices, default=Asks.VISIT)
    help = models.CharField(max_length=40, blank=True)
    occupancy_public = models.BooleanField(default=False)
    visitor_register = models.BooleanField(default=False)
    rotating = models.BooleanField(default=False)
    registered_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.BigIntegerField(null=True)
    #: last day of a fair or a meeting; it is closed the day after
    ends_on = models.DateField(null=True)
    seat_layout = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"venue {self.pk}"


class Keeper(models.Model):
    """Somebody who may act for a venue, known by a telephone number that answered a one-time code."""

    SCOPE: ClassVar[Scope] = VENUE_SCOPE

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="keepers")
    phone = EncryptedTextField(record_class="phone")
    phone_hash = models.BinaryField(max_length=16)
    since = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["phone_hash"], name="keeper_by_phone"),)
        constraints = (
            models.UniqueConstraint(
                fields=["venue", "phone_hash"], condition=models.Q(until=None), name="one_keeper_a_phone"
            ),
        )

    def __str__(self) -> str:
        return f"keeper {self.pk} of {self.venue_id}"


class PhoneCode(models.Model):
    """A one-time code on its way to a telephone; the code itself is not stored."""

    phone_hash = models.BinaryField(max_length=16)
    code_hash = models.BinaryField(max_length=16)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["phone_hash", "-made_at"], name="phonecode_newest"),)

    def __str__(self) -> str:
        return f"code {self.pk}"


class Gate(models.Model):
    """A device that records for a venue. It holds a token; we hold its hash."""

    SCOPE: ClassVar[Scope] = VENUE_SCOPE

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="gates")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="gates")
    name = models.CharField(max_length=80)
    token_hash = models.BinaryField(max_length=16, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"gate {self.pk} of {self.venue_id}"


class Badge(models.Model):
    """Something that was scanned, as a keyed hash, and who it stood for: the same card is the same person again.

    It proves nothing about the person; only `people` joins people, by verified documents.
    """

    key = models.BinaryField(max_length=16, unique=True)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"badge of person {self.person_id}"


class CitizenDevice(models.Model):
    """A telephone that remembers whom it stands for. It holds a token; we hold its hash."""

    token_hash = models.BinaryField(max_length=16, unique=True)
    #: what every room calls this telephone, so that a browser on it can be told something
    known_as = models.CharField(max_length=64, blank=True, db_index=True)
    made_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"device {self.pk}"


class DeviceMember(models.Model):
    """One of the people that a telephone stands for: its owner first, then who usually comes along."""

    device = models.ForeignKey(CitizenDevice, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "pk")
        constraints = (models.UniqueConstraint(fields=["device", "person"], name="one_member_a_device"),)

    def __str__(self) -> str:
        return f"person {self.person_id} on {self.device_id}"


class ScanRecord(Appended):
    """One scan as it was sent. Append-only; visits are folded from these."""

    SCOPE: ClassVar[Scope] = PLACE_SCOPE

    # no database constraint: every id was checked before the batch, and a look-up a row is what ingest can spare
    place = models.ForeignKey(
        Place, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False
    )
    person = models.BigIntegerField()
    at = models.DateTimeField()
    said_at = models.DateTimeField()
    direction = models.PositiveSmallIntegerField()
    way = models.CharField(max_length=12)
    strength = models.PositiveSmallIntegerField()
    mask = models.BooleanField(null=True)
    gate = models.BigIntegerField(null=True)
    group = models.BigIntegerField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["place", "person", "at"], name="scan_fold"),
            models.Index(fields=["at"], name="scan_day"),
        )

    def __str__(self) -> str:
        return f"scan {self.pk}"


class Visit(models.Model):
    """A stay folded from scans. `end` None: nobody has checked out; `until` is when the stay is assumed to end.

    `row` is the id of its first scan: the same stay has the same id in the lake for ever. A visit with an
    `export_no` is in the lake and final; later scans make visits of their own.
    """

    SCOPE: ClassVar[Scope] = PLACE_SCOPE

    row = models.BigIntegerField(primary_key=True)
    place = models.ForeignKey(
        Place, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False
    )
    person = models.BigIntegerField()
    start = models.DateTimeField()
    end = models.DateTimeField(null=True)
    until = models.DateTimeField()
    end_assumed = models.BooleanField(default=False)
    start_assumed = models.BooleanField(default=False)
    strength = models.PositiveSmallIntegerField(default=0)
    way = models.CharField(max_length=12)
    mask = models.BooleanField(null=True)
    export_no = models.BigIntegerField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["place", "start"], name="visit_place"),
            models.Index(fields=["person", "start"], name="visit_person"),
            models.Index(fields=["start"], name="visit_waiting", condition=models.Q(export_no=None)),
            models.Index(fields=["export_no"], name="visit_exported"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["person", "place"], condition=models.Q(end=None), name="one_open_visit_a_place"
            ),
        )

    def __str__(self) -> str:
        return f"visit {self.pk}"


class Unfolded(models.Model):
    """A (place, person) whose scans of a long list wait to be folded into visits."""

    place = models.ForeignKey(
        Place, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False
    )
    person = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.person} at {self.place_id}"


class Tally(models.Model):
    """People who were counted at the peak and not scanned: a number instead of a fiction."""

    SCOPE: ClassVar[Scope] = PLACE_SCOPE

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="tallies")
    at = models.DateTimeField()
    people = models.PositiveIntegerField()
    gate = models.BigIntegerField(null=True)
    #: the sender's own id, so that a number sent twice counts once
    record = models.BigIntegerField(null=True, unique=True)

    def __str__(self) -> str:
        return f"{self.people} at {self.place_id}"


class SeatRecord(models.Model):
    """Who sat where on a trip. `row` counts from the front; None where nobody knows. One a person and trip.

    `alight_assumed`: the vehicle reached the stop to which they were going, and nobody saw them leave.
    """

    SCOPE: ClassVar[Scope] = Scope(
        path="trip__place__scope_path", org="trip__place__scope_org", sector="trip__place__scope_sector"
    )

    trip = models.ForeignKey("places.Trip", on_delete=models.CASCADE, related_name="seats")
    person = models.BigIntegerField()
    label = models.CharField(max_length=8, blank=True)
    row = models.PositiveSmallIntegerField(null=True)
    boarded = models.DateTimeField()
    alighted = models.DateTimeField(null=True)
    to_stop = models.CharField(max_length=60, blank=True, default="")
    alight_assumed = models.BooleanField(default=False)
    export_no = models.BigIntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=["export_no"], name="seat_exported"),)
        constraints = (models.UniqueConstraint(fields=["trip", "person"], name="one_seat_a_trip"),)

    def __str__(self) -> str:
        return f"seat {self.label} of trip {self.trip_id}"
