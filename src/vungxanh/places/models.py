"""Places and what is known about them. A place is an int32: that is what the lake calls it."""

from django.db import models

from vungxanh.core.models import ScopedModel
from vungxanh.core.scope import Scope


class Place(ScopedModel):
    """Anything that people come to: a market, its stall, a floor, a room, a bus, one trip of the bus.

    The commune is kept as it was declared, code with scheme; `scope_path` is in the scheme of today and ends
    with the ids of the places that contain it and its own: `/19/05443/p812/p813/`.
    """

    id = models.AutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    name_folded = models.CharField(max_length=200, db_collation="C")
    name_sort = models.CharField(max_length=800, db_collation="C")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    commune_code = models.CharField(max_length=5)
    commune_scheme = models.CharField(max_length=8)
    address = models.CharField(max_length=300, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    h3 = models.CharField(max_length=15, blank=True, db_collation="C")
    opened = models.DateField()
    closed = models.DateField(null=True)
    capacity = models.PositiveIntegerField(null=True)
    usual_minutes = models.PositiveSmallIntegerField(null=True)
    closes_at = models.TimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["name_folded"], name="place_name", opclasses=["text_pattern_ops"]),
            models.Index(fields=["commune_scheme", "commune_code"], name="place_commune"),
            models.Index(fields=["h3"], name="place_h3", opclasses=["text_pattern_ops"]),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.kind} {self.pk})"


class PlaceFact(models.Model):
    """What one room publishes about a place and another reads there: its level, its use of a day, an old name.

    `kind` is `<package>.<fact>`; the newest of a kind counts, until `valid_until`. A fact names nobody.
    """

    SCOPE = Scope(path="place__scope_path", org="place__scope_org", sector="place__scope_sector")

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="facts")
    kind = models.CharField(max_length=60)
    value = models.JSONField()
    at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    source = models.CharField(max_length=120)

    class Meta:
        indexes = (
            models.Index(fields=["place", "kind", "-at"], name="placefact_newest"),
            models.Index(fields=["kind", "at"], name="placefact_kind"),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.place_id}"


class Trip(models.Model):
    """One run of a vehicle. The trip itself is a place (kind `trip`) inside the vehicle: people meet there."""

    SCOPE = Scope(path="place__scope_path", org="place__scope_org", sector="place__scope_sector")

    place = models.OneToOneField(Place, on_delete=models.CASCADE, primary_key=True, related_name="trip")
    vehicle = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="trips")
    plate = models.CharField(max_length=20)
    route = models.CharField(max_length=200)
    departs = models.DateTimeField()
    arrives = models.DateTimeField(null=True)
    seat_layout = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (models.Index(fields=["vehicle", "-departs"], name="trip_newest"),)

    def __str__(self) -> str:
        return f"{self.plate} {self.departs:%Y-%m-%d %H:%M}"


class ExposedPlace(models.Model):
    """A place and a window in which people may have been exposed. It says nothing of who was ill.

    One row serves two steps. With a `case` it warns those who were there, on their own telephones. Proposed for
    the public and released by a second person it stands on the map until `expires_at`, without anybody having
    to remember to take it away.
    """

    SCOPE = Scope(path="place__scope_path", org="place__scope_org", sector="place__scope_sector")

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="exposures")
    start = models.DateTimeField()
    end = models.DateTimeField()
    case = models.CharField(max_length=40, blank=True)
    advice = models.TextField(blank=True)
    marked_by = models.BigIntegerField()
    marked_at = models.DateTimeField(auto_now_add=True)
    person_told = models.BooleanField(default=False)
    proposed_by = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField(null=True)
    released_by = models.BigIntegerField(null=True)
    released_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["start"], name="exposedplace_when"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(released_by=None) | ~models.Q(released_by=models.F("proposed_by")),
                name="release_takes_two",
            ),
            models.CheckConstraint(
                condition=models.Q(released_at=None)
                | models.Q(proposed_at__isnull=False, expires_at__isnull=False),
                name="release_of_a_proposal",
            ),
        )

    def __str__(self) -> str:
        return f"exposed place {self.place_id}"


class CommuneBoundary(models.Model):
    """An outline of a commune, for drawing only: membership comes from the address. No row, no border."""

    SCOPE = Scope(path="scope_path", org=None, sector=None)

    scope_path = models.CharField(max_length=120, db_collation="C")
    commune_code = models.CharField(max_length=5)
    commune_scheme = models.CharField(max_length=8)
    geometry = models.JSONField()
    islands = models.PositiveSmallIntegerField(default=0)
    notes = models.JSONField(default=list)
    source = models.CharField(max_length=200)
    imported_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["commune_scheme", "commune_code"], name="one_boundary_a_commune"),
        )

    def __str__(self) -> str:
        return f"boundary of {self.commune_code}"
