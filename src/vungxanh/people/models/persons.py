"""Persons and what identifies them. Whatever names somebody is encrypted; look-ups go by keyed hash."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from vungxanh.core.models import ScopedModel
from vungxanh.core.scope import ANY_PATH, Scope
from vungxanh.core.vault import EncryptedTextField


class Sex(models.IntegerChoices):
    """As the citizen's number counts it, and 3 for neither or not told."""

    MALE = 1
    FEMALE = 2
    OTHER = 3


class Person(ScopedModel):
    """Somebody. Everywhere outside this package only the id is known.

    The three arrays are keyed hashes of the folded name (whole syllables, initials, trigrams), so that a name
    can be looked for without a readable name in any index; `name_key` joins the syllables in any order, without
    Thị and Văn, so that likely doubles meet. They are personal data too.
    """

    name = EncryptedTextField(record_class="person")
    name_hash = models.BigIntegerField(db_index=True)
    name_syllables = ArrayField(models.BigIntegerField())
    name_initials = ArrayField(models.BigIntegerField())
    name_trigrams = ArrayField(models.BigIntegerField())
    name_key = models.BigIntegerField(default=0)
    sex = models.PositiveSmallIntegerField(choices=Sex.choices, default=Sex.OTHER)
    birth_date = models.DateField(null=True)
    birth_year = models.SmallIntegerField(null=True)
    nationality = models.CharField(max_length=3, default="VNM")
    home_code = models.CharField(max_length=10, blank=True)
    home_scheme = models.CharField(max_length=10, blank=True)
    address = EncryptedTextField(record_class="person", null=True)
    purpose = models.CharField(max_length=80)
    registered_at = models.DateTimeField(auto_now_add=True)
    registered_by = models.BigIntegerField(null=True)
    same_as = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="duplicates")

    class Meta:
        indexes = (
            GinIndex(fields=["name_syllables", "name_initials", "name_trigrams"], name="person_name_keys"),
            models.Index(fields=["name_key", "birth_year"], name="person_name_key"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(birth_year=None) | models.Q(birth_year__range=(1850, 2200)),
                name="birth_year_sane",
            ),
            models.CheckConstraint(condition=~models.Q(same_as=models.F("id")), name="person_not_same_as_itself"),
        )

    def __str__(self) -> str:
        return f"person {self.pk}"


class PersonReach(models.Model):
    """Another area that has to do with this person for a while: where they stay, were exposed, entered."""

    SCOPE = Scope(org=None)

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reaches")
    scope_path = models.CharField(max_length=120, default=ANY_PATH, db_collation="C", db_index=True)
    scope_sector = models.CharField(max_length=20)
    reason = models.CharField(max_length=40)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "scope_path", "scope_sector", "reason"], name="one_reach_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} in {self.scope_path}"


class IdentityDocument(models.Model):
    """A document that somebody showed (`verified`) or only named. Two persons never hold one verified document."""

    class Kind(models.TextChoices):
        CCCD = "cccd"
        CMND = "cmnd"
        PASSPORT = "passport"
        BHYT = "bhyt"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    country = models.CharField(max_length=3, default="VNM")
    number = EncryptedTextField(record_class="document")
    number_hash = models.BinaryField(max_length=16)
    verified = models.BooleanField(default=False)
    verified_by = models.BigIntegerField(null=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (models.Index(fields=["number_hash"], name="document_by_hash"),)
        constraints = (
            models.UniqueConstraint(
                fields=["number_hash"], condition=models.Q(verified=True), name="one_holder_a_verified_document"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class Phone(models.Model):
    """A number under which somebody is reached; a family shares one, so it identifies nobody."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="phones")
    number = EncryptedTextField(record_class="phone")
    number_hash = models.BinaryField(max_length=16)
    country = models.CharField(max_length=2, default="VN")
    plausible = models.BooleanField(default=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (models.Index(fields=["number_hash"], name="phone_by_hash"),)
        constraints = (models.UniqueConstraint(fields=["person", "number_hash"], name="phone_once_a_person"),)

    def __str__(self) -> str:
        return f"phone of {self.person_id}"


class DeviceHolder(models.Model):
    """Somebody for whom a citizen's device stands. `device`: keyed hash of the token that the device holds."""

    device = models.BinaryField(max_length=16, db_index=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["device", "person"], name="one_holder_a_device"),)

    def __str__(self) -> str:
        return f"person {self.person_id} on a device"


class Household(ScopedModel):
    """People who live together."""

    head = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    home_code = models.CharField(max_length=10, blank=True)
    home_scheme = models.CharField(max_length=10, blank=True)
    address = EncryptedTextField(record_class="person", null=True)

    def __str__(self) -> str:
        return f"household {self.pk}"


class HouseholdMember(models.Model):
    """Who lived there from when to when (both inclusive; None is open)."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="households")
    relation = models.CharField(max_length=20, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["household", "person"], condition=models.Q(until=None), name="one_open_membership"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} in household {self.household_id}"


class Consent(models.Model):
    """A consent for one purpose, with the version of the text that was shown. Never changed, only withdrawn."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=80)
    text_version = models.CharField(max_length=40)
    channel = models.CharField(max_length=20)
    given_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} by {self.person_id}"


class MatchCandidate(models.Model):
    """Two records that may be one person (same phone, name and birth year); a person judges, never the machine."""

    older = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    newer = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=40)
    score = models.PositiveSmallIntegerField(default=0)
    reasons = ArrayField(models.CharField(max_length=30), default=list)
    found_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    same = models.BooleanField(null=True)

    class Meta:
        indexes = (models.Index(fields=["-score"], condition=models.Q(decided_at=None), name="candidate_open"),)
        constraints = (
            models.UniqueConstraint(fields=["older", "newer"], name="one_candidate_a_pair"),
            models.CheckConstraint(
                condition=models.Q(decided_at=None, same=None)
                | models.Q(decided_at__isnull=False, same__isnull=False),
                name="candidate_decided_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.older_id} ? {self.newer_id}"


class Merge(models.Model):
    """Two records made one, and what it takes to part them again.

    `before`: what the kept record said where a value was taken over (JSON, encrypted); `moved`: rows that were
    handed over, table by table.
    """

    kept = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    given_up = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    chosen = ArrayField(models.CharField(max_length=20), default=list)
    before = EncryptedTextField(record_class="person")
    moved = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)
    by = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["given_up"], condition=models.Q(undone_at=None), name="one_open_merge_a_record"
            ),
        )

    def __str__(self) -> str:
        return f"{self.given_up_id} into {self.kept_id}"


class NotSamePair(models.Model):
    """Judged to be two people; never proposed again. `low` < `high`."""

    low = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["low", "high"], name="one_judgement_a_pair"),
            models.CheckConstraint(condition=models.Q(low__lt=models.F("high")), name="pair_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.low_id} ≠ {self.high_id}"
