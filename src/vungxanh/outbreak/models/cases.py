"""Cases of a disease. A person may have several; everywhere here a person is an integer."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vungxanh.core.models import ScopedModel


class Case(ScopedModel):
    """One episode of one disease in one person, with where its dates come from: a wrong onset moves everything.

    A day is a calendar day of Viet Nam. `isolated_at` ends the infectious window, `negative_at` where the rule
    says so.
    """

    class Status(models.TextChoices):
        SUSPECTED = "suspected", _("suspected")
        PROBABLE = "probable", pgettext_lazy("case", "probable")
        CONFIRMED = "confirmed", _("confirmed")
        WITHDRAWN = "withdrawn", pgettext_lazy("case", "withdrawn")

    class Provenance(models.TextChoices):
        """Who says when it began."""

        PATIENT = "patient", _("said by the patient")
        RELATIVE = "relative", _("said by a relative")
        RECORD = "record", _("medical record")
        ESTIMATE = "estimate", _("estimated by the officer")
        LIST = "list", _("a list that came in")

    class Outcome(models.TextChoices):
        RECOVERED = "recovered", _("recovered")
        DECEASED = "deceased", _("deceased")
        TREATED = "treated", _("under treatment")
        UNKNOWN = "unknown", _("not known")

    person = models.BigIntegerField(db_index=True)
    disease = models.CharField(max_length=40, default="covid19")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.CONFIRMED)
    onset = models.DateField(null=True, blank=True)
    onset_provenance = models.CharField(max_length=12, choices=Provenance.choices, blank=True)
    sampled = models.DateField(null=True, blank=True)
    symptoms = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    isolated_at = models.DateTimeField(null=True, blank=True)
    negative_at = models.DateTimeField(null=True, blank=True)
    definition = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    outcome_on = models.DateField(null=True, blank=True)
    admitted_on = models.DateField(null=True, blank=True)
    hospital = models.CharField(max_length=200, blank=True)
    spot = models.ForeignKey(
        "outbreak.Spot", null=True, blank=True, on_delete=models.SET_NULL, related_name="cases"
    )
    reported_at = models.DateTimeField()
    reported_by = models.BigIntegerField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["disease", "-onset"], name="case_newest_onset"),
            models.Index(fields=["status", "-reported_at"], name="case_newest_report"),
            models.Index(fields=["-reported_at", "-id"], name="case_newest"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(onset__isnull=False) | models.Q(sampled__isnull=False), name="case_has_a_day"
            ),
            models.UniqueConstraint(
                fields=["person", "disease"],
                condition=~models.Q(status="withdrawn") & models.Q(negative_at=None),
                name="one_open_case_a_disease",
            ),
        )

    def __str__(self) -> str:
        return f"case {self.pk}"

    @property
    def kept(self) -> int:
        """How many exposed people were written down and still count."""
        return self.contacts.exclude(status="dropped").count()


class CaseChange(models.Model):
    """One correction of a case: what it was, what it became, why. Never changed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="changes")
    field = models.CharField(max_length=30)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
    by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.field} of case {self.case_id}"


class Link(models.Model):
    """Somebody says that one case infected the other: an interview, a list, a laboratory. A trace adds its own."""

    class Kind(models.TextChoices):
        INTERVIEW = "interview", _("told in an interview")
        LIST = "list", _("from a list that came in")
        GENOME = "genome", _("from sequencing")

    source = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="infected")
    target = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="infectors")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["source", "target"], name="one_link_a_pair"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="nobody_infects_himself"),
        )

    def __str__(self) -> str:
        return f"case {self.source_id} → case {self.target_id}"


class Spot(ScopedModel):
    """An outbreak spot (ổ dịch): a household cluster, an agency, a school, a hamlet; smaller than a commune."""

    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, db_collation="C")
    place = models.BigIntegerField(null=True)
    disease = models.CharField(max_length=40, default="covid19")
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["name_key", "disease", "scope_path"], name="one_spot_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class LabResult(ScopedModel):
    """One test of one sample. `ct` is the cycle threshold: the lower, the more virus."""

    class Kind(models.TextChoices):
        PCR = "pcr", _("PCR")
        ANTIGEN = "antigen", _("rapid antigen test")
        SEROLOGY = "serology", _("IgM antibodies")
        OTHER = "other", _("other test")

    class Result(models.TextChoices):
        POSITIVE = "positive", _("positive")
        NEGATIVE = "negative", _("negative")
        UNDECIDED = "undecided", _("undecided")

    person = models.BigIntegerField(db_index=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="tests")
    disease = models.CharField(max_length=40, default="covid19")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PCR)
    sampled_on = models.DateField()
    tested_on = models.DateField(null=True)
    result = models.CharField(max_length=10, choices=Result.choices)
    ct = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    laboratory = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("-sampled_on", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["person", "disease", "kind", "sampled_on"], name="one_test_a_sample"),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.person} on {self.sampled_on}"
