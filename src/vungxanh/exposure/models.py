"""Tables of the exposure server.

Times that could be joined to traffic are whole hours or export windows. A key does not say whose it is, nor
whether it is padding; which keys came together is written sealed, and opening that takes the vault's key.
"""

from django.db import models

from vungxanh.core.models import ScopedModel
from vungxanh.core.vault import EncryptedTextField


class Code(ScopedModel):
    """A one-time code that an officer gave to a confirmed person. Neither code is stored, only keyed hashes.

    `handle` names the upload that may follow, sealed: case and keys meet only in a recall or where somebody who
    was near agrees to say so. `person`: the ill person, where the case is one of ours.
    """

    request = models.UUIDField(unique=True)
    short_hash = models.BinaryField(null=True)
    long_hash = models.BinaryField(null=True)
    case_id = models.BigIntegerField()
    person = models.BigIntegerField(null=True)
    list = models.ForeignKey("CodeList", null=True, on_delete=models.PROTECT, related_name="codes")
    report_type = models.PositiveSmallIntegerField()
    onset = models.DateField(null=True)
    handle = EncryptedTextField(record_class="exposure-recall")
    issued_by = models.BigIntegerField(null=True)
    issued_at = models.DateTimeField()
    short_until = models.DateTimeField()
    long_until = models.DateTimeField()
    approved = models.BooleanField(default=True)
    used = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["case_id"], name="exposure_code_case"),
            models.Index(fields=["scope_path", "issued_at"], name="exposure_code_office"),
        )
        constraints = (
            models.UniqueConstraint(fields=["short_hash"], name="exposure_one_short_code"),
            models.UniqueConstraint(fields=["long_hash"], name="exposure_one_long_code"),
        )

    def __str__(self) -> str:
        return f"code {self.pk}"


class CodeList(ScopedModel):
    """Codes asked for together: a second officer agrees, and only then do they work."""

    batch = models.UUIDField(unique=True)
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    count = models.IntegerField()
    agreed_by = models.BigIntegerField(null=True)
    agreed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"codes {self.batch}"


class Token(models.Model):
    """What a used code was exchanged for: the right to one certificate. Times are whole hours."""

    hash = models.BinaryField(primary_key=True)
    report_type = models.PositiveSmallIntegerField()
    onset_interval = models.BigIntegerField(null=True)
    handle = EncryptedTextField(record_class="exposure-recall")
    until_hour = models.BigIntegerField()

    def __str__(self) -> str:
        return "token"


class WrongTries(models.Model):
    """How many codes were wrong in a minute; nothing of who tried."""

    minute = models.BigIntegerField(primary_key=True)
    tries = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.tries} at {self.minute}"


class Upload(models.Model):
    """One accepted upload. `keys` holds its key bytes in hexadecimal, sealed. A fake one is born withdrawn."""

    handle_hash = models.BinaryField(unique=True)
    revision_hash = models.BinaryField(unique=True)
    receipt_hash = models.BinaryField(unique=True)
    report_type = models.PositiveSmallIntegerField()
    hour = models.BigIntegerField()
    keys = EncryptedTextField(record_class="exposure-upload")
    withdrawn = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"upload {self.pk}"


class Key(models.Model):
    """A key to be published, or of nobody: padding stands here too, unmarked.

    `slot`: start (Unix s) of the window that it is published in; `revised_slot`: of the one that says anew what
    it is. `origin`: country that it came from. Keys of fake uploads have the negative of their window, which
    nothing reads: one table for both, so that writing either takes the same work.
    """

    data = models.BinaryField(primary_key=True)
    start = models.IntegerField()
    period = models.SmallIntegerField()
    report = models.SmallIntegerField()
    onset = models.SmallIntegerField(default=0)
    has_onset = models.BooleanField(default=False)
    risk = models.SmallIntegerField(default=0)
    variant = models.SmallIntegerField(default=0)
    slot = models.BigIntegerField()
    revised_slot = models.BigIntegerField(null=True)
    origin = models.CharField(max_length=2, default="VN")

    class Meta:
        indexes = (
            models.Index(fields=["slot"], name="exposure_key_slot"),
            models.Index(
                fields=["revised_slot"],
                name="exposure_key_revised",
                condition=models.Q(revised_slot__isnull=False),
            ),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(period__range=(1, 144)), name="exposure_key_period"),
            models.CheckConstraint(condition=models.Q(report__range=(0, 5)), name="exposure_key_report"),
        )

    def __str__(self) -> str:
        return "key"


class Window(models.Model):
    """One export window [start, end) in Unix seconds, and who is working on it."""

    class State(models.IntegerChoices):
        OPEN = 0
        CLOSED = 1  # padded; no key may enter any more
        DONE = 2  # its files are written

    start = models.BigIntegerField(primary_key=True)
    end = models.BigIntegerField()
    state = models.SmallIntegerField(choices=State.choices, default=State.OPEN)
    lease = models.UUIDField(null=True)
    lease_until = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"window {self.start}"


class File(models.Model):
    """A written export file; its bytes lie in the export folder under `name`."""

    name = models.CharField(max_length=60, primary_key=True)
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="files")
    number = models.IntegerField()
    keys = models.IntegerField()
    revised = models.IntegerField()
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    first_key = models.BinaryField(null=True)
    last_key = models.BinaryField(null=True)
    made_at = models.BigIntegerField()

    def __str__(self) -> str:
        return self.name


class SigningKey(models.Model):
    """A P-256 key pair. Files carry a signature of every key in force, so rotation needs no pause."""

    class Purpose(models.TextChoices):
        EXPORT = "export"
        CERTIFICATE = "certificate"

    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    version = models.CharField(max_length=20)
    private_pem = EncryptedTextField(record_class="exposure-signing")
    public_pem = models.TextField()
    made_at = models.DateTimeField()
    retires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["purpose", "version"], name="exposure_key_version"),)

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"


class Recall(models.Model):
    """Taking back a wrong positive: one officer asks, another one agrees."""

    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="recalls")
    reason = models.CharField(max_length=200)
    asked_by = models.BigIntegerField()
    asked_at = models.DateTimeField()
    agreed_by = models.BigIntegerField(null=True)
    agreed_at = models.DateTimeField(null=True)
    revised = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"recall {self.pk}"


class Alarm(models.Model):
    """Something an officer of data protection should look at: too many codes, too many wrong tries."""

    kind = models.CharField(max_length=30)
    at = models.DateTimeField()
    scope_path = models.CharField(max_length=120, db_collation="C")
    count = models.IntegerField()
    usual = models.FloatField()

    def __str__(self) -> str:
        return f"{self.kind} {self.scope_path}"


class Invite(ScopedModel):
    """A one-time code by which somebody who was warned shares encounters with the tracer who spoke to them."""

    code_hash = models.BinaryField(null=True, unique=True)
    person = models.BigIntegerField()
    given_by = models.BigIntegerField(null=True)
    given_at = models.DateTimeField()
    until = models.DateTimeField()
    used = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"invite {self.pk}"


class SharedDay(models.Model):
    """A person's agreement for one day, as they gave it on their own device."""

    person = models.BigIntegerField()
    day = models.DateField()
    receipt_hash = models.BinaryField(db_index=True)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.day}"


class SharedEncounter(models.Model):
    """Two people near one another, as one device heard it. Minutes since the epoch; `loss`: least attenuation, dB.

    `export_no`: given when the row is final and goes to the lake.
    """

    shared = models.ForeignKey(SharedDay, on_delete=models.CASCADE, related_name="encounters")
    row = models.BigIntegerField(unique=True)
    person = models.BigIntegerField()
    other = models.BigIntegerField(db_index=True)
    start = models.IntegerField()
    end = models.IntegerField()
    seconds = models.IntegerField()
    loss = models.SmallIntegerField()
    export_no = models.BigIntegerField(null=True, unique=True)

    def __str__(self) -> str:
        return f"encounter {self.pk}"


class Feed(ScopedModel):
    """A machine that may send: a gateway at a place, or a laboratory that asks for codes. Its token is hashed."""

    class Kind(models.TextChoices):
        GATEWAY = "gateway"
        LAB = "lab"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=80)
    place = models.BigIntegerField(null=True)
    token_hash = models.BinaryField(unique=True)
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Wearable(ScopedModel):
    """A beacon worn by somebody without a phone. `seed` makes its day keys; it came on the card of the beacon."""

    person = models.BigIntegerField(db_index=True)
    seed = EncryptedTextField(record_class="exposure-wearable")
    card_hash = models.BinaryField()
    handed_by = models.BigIntegerField(null=True)
    handed_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["card_hash"], condition=models.Q(returned_at=None), name="exposure_one_wearer"
            ),
        )

    def __str__(self) -> str:
        return f"wearable {self.pk}"


class GatewayVisit(models.Model):
    """A wearer was heard at a place: minutes since the epoch, [start, end)."""

    gateway = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="visits")
    person = models.BigIntegerField()
    start = models.IntegerField()
    end = models.IntegerField()
    export_no = models.BigIntegerField(null=True, unique=True)

    class Meta:
        indexes = (models.Index(fields=["gateway", "person", "start"], name="exposure_gateway_visit"),)

    def __str__(self) -> str:
        return f"visit {self.pk}"


class PartnerBatch(models.Model):
    """A batch of a window that went to a partner, and what was said of its keys. `refused`: position -> reason."""

    partner = models.CharField(max_length=60)
    tag = models.CharField(max_length=60)
    window = models.ForeignKey(Window, on_delete=models.CASCADE, related_name="batches")
    sent = models.IntegerField()
    failed = models.IntegerField()
    refused = models.JSONField(default=dict)
    tries = models.IntegerField()
    last = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["partner", "tag"], name="exposure_one_batch_a_tag"),)

    def __str__(self) -> str:
        return f"{self.partner} {self.tag}"


class PartnerDay(models.Model):
    """Up to which batch a partner's day was read."""

    partner = models.CharField(max_length=60)
    day = models.DateField()
    tag = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["partner", "day"], name="exposure_one_day_a_partner"),)

    def __str__(self) -> str:
        return f"{self.partner} {self.day}"
