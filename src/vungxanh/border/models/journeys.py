"""Who came with what: lists of carriers and hotels, voyages with who was aboard, frequent crossers."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vungxanh.border.models.declared import DECLARATION_SCOPE, Declaration
from vungxanh.core.models import ScopedModel
from vungxanh.core.scope import Scope


class PassengerList(ScopedModel):
    """A carrier's list of one flight, or a hotel's of one day, as it was sent. `replaces`: the list before it.

    `gone`: persons of the list before who are not on this one any more.
    """

    class Kind(models.TextChoices):
        CARRIER = "carrier", _("carrier")
        HOTEL = "hotel", _("hotel")

    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.CARRIER)
    sender_name = models.CharField(max_length=120, blank=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="replaced_by")
    gone = models.JSONField(default=list)
    flight = models.CharField(max_length=10, blank=True)
    entry_on = models.DateField()
    gate = models.CharField(max_length=8)
    file_name = models.CharField(max_length=200)
    sent_at = models.DateTimeField()
    sent_by = models.BigIntegerField(null=True)
    mapping = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.flight} {self.entry_on}"


class PassengerLine(models.Model):
    """One line: who it is, whether they declared, and which fields differ (names of fields, never values).

    `change` against the list before: new, moved (another seat), or nothing.
    """

    SCOPE: ClassVar[Scope] = Scope(
        path="of_list__scope_path", org="of_list__scope_org", sector="of_list__scope_sector"
    )

    of_list = models.ForeignKey(PassengerList, on_delete=models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField()
    person = models.BigIntegerField(null=True)
    document_hash = models.BinaryField(max_length=32, null=True)
    seat = models.CharField(max_length=4, blank=True)
    state = models.CharField(max_length=10)
    declaration = models.ForeignKey(Declaration, null=True, on_delete=models.SET_NULL, related_name="lines")
    differences = models.JSONField(default=list)
    change = models.CharField(max_length=8, blank=True)
    fault = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["of_list", "line"], name="one_row_a_line"),)

    def __str__(self) -> str:
        return f"line {self.line}"


class ListRequest(ScopedModel):
    """A list asked of a carrier or a hotel: by when, and what came."""

    kind = models.CharField(max_length=8, choices=PassengerList.Kind.choices)
    asked_of = models.CharField(max_length=120)
    gate = models.CharField(max_length=8)
    flight = models.CharField(max_length=10, blank=True)
    entry_on = models.DateField()
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True)
    due = models.DateTimeField()
    answer = models.ForeignKey(PassengerList, null=True, on_delete=models.SET_NULL, related_name="requests")

    def __str__(self) -> str:
        return f"{self.kind} list of {self.asked_of}"


class Voyage(ScopedModel):
    """One run of a vehicle that people entered with: a flight of a day, a train, a lorry. `place` is its trip.

    Times that nobody told are empty; the evidence then counts the whole day and says that it is assumed.
    """

    key = models.CharField(max_length=60)
    mode = models.CharField(max_length=8)
    on = models.DateField()
    place = models.IntegerField(unique=True)
    departs = models.DateTimeField(null=True)
    arrives = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["key", "on"], name="one_voyage_a_day"),)

    def __str__(self) -> str:
        return f"{self.key} {self.on}"


class Aboard(models.Model):
    """Who was aboard, in which seat, as what. `export_no` is given when the row goes to the evidence for good."""

    SCOPE: ClassVar[Scope] = Scope(
        path="voyage__scope_path", org="voyage__scope_org", sector="voyage__scope_sector"
    )

    class Role(models.TextChoices):
        PASSENGER = "passenger", _("passenger")
        CREW = "crew", _("crew")
        DRIVER = "driver", _("driver")
        MATE = "mate", _("co-driver")

    voyage = models.ForeignKey(Voyage, on_delete=models.CASCADE, related_name="aboard")
    person = models.BigIntegerField(db_index=True)
    seat = models.CharField(max_length=20, blank=True)
    row = models.PositiveSmallIntegerField(null=True)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.PASSENGER)
    source = models.CharField(max_length=10)
    made_at = models.DateTimeField()
    export_no = models.BigIntegerField(null=True, unique=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["voyage", "person"], name="aboard_once"),)

    def __str__(self) -> str:
        return f"{self.role} {self.seat}"


class Period(models.Model):
    """A frequent crosser's declaration holds from a day to a day: within it a scan is enough."""

    SCOPE: ClassVar[Scope] = DECLARATION_SCOPE

    declaration = models.OneToOneField(Declaration, on_delete=models.CASCADE, related_name="period")
    kind = models.CharField(max_length=10)
    since = models.DateField()
    until = models.DateField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.since} to {self.until}"


class Crossing(ScopedModel):
    """One scan of a frequent crosser. `sender` is the id that the device gave; the same twice is one."""

    class Way(models.TextChoices):
        IN = "in", _("into Viet Nam")
        OUT = "out", _("out of Viet Nam")

    sender = models.UUIDField(unique=True)
    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="crossings")
    person = models.BigIntegerField(db_index=True)
    mate = models.BigIntegerField(null=True)
    gate = models.CharField(max_length=8)
    way = models.CharField(max_length=4, choices=Way.choices)
    at = models.DateTimeField(db_index=True)
    vehicle = models.CharField(max_length=20, blank=True)
    yard = models.CharField(max_length=60, blank=True)
    temperature = models.DecimalField(max_digits=3, decimal_places=1, null=True)
    unwell = models.BooleanField(default=False)
    by = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"crossing {self.pk} {self.way}"
