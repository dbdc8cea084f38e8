"""Goods × people × days: what is needed, what is held, what runs out when; and prices that jump."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vungxanh.core.scope import Scope


class Good(models.Model):
    """Something to hold in reserve; `a_person_a_day` is a dated planning figure of ours or of a document."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    unit = models.CharField(max_length=20)
    a_person_a_day = models.DecimalField(max_digits=9, decimal_places=3)
    basis = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Stock(models.Model):
    """What one place holds of a good, as counted last; the newest count of a place counts."""

    SCOPE: ClassVar[Scope] = Scope(org=None)

    good = models.ForeignKey(Good, on_delete=models.PROTECT, related_name="stocks")
    where = models.CharField(_("Where"), max_length=200)
    quantity = models.DecimalField(_("Quantity"), max_digits=14, decimal_places=2)
    counted_at = models.DateTimeField()
    counted_by = models.BigIntegerField()
    supplier = models.CharField(_("Supplier"), max_length=200, blank=True)
    lead_days = models.PositiveSmallIntegerField(_("Days until delivery"), default=0)
    scope_path = models.CharField(max_length=120, db_collation="C")
    scope_sector = models.CharField(max_length=20, default="industry-trade")

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(quantity__gte=0), name="no_stock_below_nothing"),)
        indexes = (models.Index(fields=["good", "where", "-counted_at"], name="command_last_count"),)

    def __str__(self) -> str:
        return f"{self.good_id} {self.quantity} {self.where}"


class Price(models.Model):
    """A price seen on a day at a place, in đồng for one unit."""

    SCOPE: ClassVar[Scope] = Scope(org=None)

    good = models.ForeignKey(Good, on_delete=models.PROTECT, related_name="prices")
    where = models.CharField(_("Where"), max_length=200)
    dong = models.PositiveIntegerField(_("Price in đồng"))
    day = models.DateField(_("Date"))
    seen_by = models.BigIntegerField()
    scope_path = models.CharField(max_length=120, db_collation="C")
    scope_sector = models.CharField(max_length=20, default="industry-trade")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["good", "where", "day"], name="one_price_a_day_and_place"),)

    def __str__(self) -> str:
        return f"{self.good_id} {self.dong} {self.day}"


class SenderCount(models.Model):
    """How many reports came today from one network, as a keyed hash; not whose, and not which reports."""

    day = models.DateField()
    digest = models.BinaryField(max_length=16)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["day", "digest"], name="one_count_a_sender_and_day"),)

    def __str__(self) -> str:
        return f"{self.day} {self.count}"


class MarketState(models.TextChoices):
    RECEIVED = "received", _("received")
    SENT = "sent", _("with market surveillance")
    ANSWERED = "answered", _("answered")


class MarketKind(models.TextChoices):
    FAKE = "fake", _("fake or poor goods")
    HOARD = "hoard", _("goods held back")
    PRICE = "price", _("price far above the usual")


class MarketReport(models.Model):
    """What a citizen or an inspector saw: it goes to market surveillance, comes back with an answer; never a fine.

    `token` lets a citizen read the answer without an account; nobody's name stands here.
    """

    SCOPE: ClassVar[Scope] = Scope(org=None)

    kind = models.CharField(_("What is it about"), max_length=6, choices=MarketKind.choices)
    where = models.CharField(_("Where"), max_length=200)
    text = models.TextField(_("What did you see"))
    state = models.CharField(max_length=8, choices=MarketState.choices, default=MarketState.RECEIVED)
    token = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    sent_to = models.ForeignKey("people.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.BigIntegerField(null=True)
    scope_path = models.CharField(max_length=120, db_collation="C")
    scope_sector = models.CharField(max_length=20, default="industry-trade")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="answered")
                | (models.Q(answered_at__isnull=False, answered_by__isnull=False) & ~models.Q(answer="")),
                name="a_market_answer_has_words_and_who",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.where}"
