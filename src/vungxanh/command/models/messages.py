"""One message, dated, approved by a named person; and where it was said or hung."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from vungxanh.core.scope import ANY_PATH, Scope


class MessageState(models.TextChoices):
    DRAFT = "draft", _("draft")
    APPROVED = "approved", _("approved")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Channel(models.TextChoices):
    LOUDSPEAKER = "loudspeaker", _("loudspeaker")
    RADIO = "radio", _("radio or television")
    POSTER = "poster", _("poster hung")
    ZALO = "zalo", _("Zalo")
    WEB = "web", _("web page")
    PRESS = "press", _("press")


class Message(models.Model):
    """What is said. `say` and `do` hold one sentence a line, the weightiest first; English beside Vietnamese."""

    SCOPE: ClassVar[Scope] = Scope()

    title = models.CharField(_("Title"), max_length=120)
    title_en = models.CharField(_("Title in English"), max_length=120, blank=True)
    say = models.TextField(_("What happened, one sentence a line"))
    say_en = models.TextField(_("The same in English"), blank=True)
    do = models.TextField(_("What to do, one line each"))
    do_en = models.TextField(_("The same in English"), blank=True)
    topic = models.CharField(_("Topic of the number to call"), max_length=40, blank=True)
    slogans = models.CharField(_("Slogan set"), max_length=40, blank=True)
    starts = models.DateField(_("Valid from"))
    ends = models.DateField(_("Valid until"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.DRAFT)
    drafted_by = models.BigIntegerField()
    approved_by = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)
    scope_path = models.CharField(max_length=120, db_collation="C")
    scope_org = models.BigIntegerField(null=True)
    scope_sector = models.CharField(max_length=20)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | (
                    models.Q(approved_by__isnull=False, approved_at__isnull=False)
                    & ~models.Q(approved_by=models.F("drafted_by"))
                ),
                name="a_message_is_approved_by_somebody_else",
            ),
        )

    def __str__(self) -> str:
        return self.title


class MessageText(models.Model):
    """A message in one more language: written by a named person, read by a second; nothing by a machine."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("Language"), max_length=3)
    title = models.CharField(_("Title"), max_length=120)
    say = models.TextField(_("What happened, one sentence a line"), blank=True)
    do = models.TextField(_("What to do, one line each"))
    translator = models.CharField(_("Written by (name and office)"), max_length=160)
    kept_by = models.BigIntegerField()
    checked_by = models.BigIntegerField(null=True)
    checker = models.CharField(_("Read by (name and office)"), max_length=160, blank=True)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["message", "language"], name="one_text_a_language"),
            models.CheckConstraint(condition=~models.Q(translator=""), name="a_text_has_a_writer"),
            models.CheckConstraint(
                condition=models.Q(checked_at__isnull=True)
                | (models.Q(checked_by__isnull=False) & ~models.Q(checked_by=models.F("kept_by"))),
                name="a_text_is_read_by_a_second",
            ),
        )

    def __str__(self) -> str:
        return f"{self.message_id} {self.language}"


class MessageUse(models.Model):
    """A broadcast or a poster: which commune, when, where. Withdrawing a message lists these to correct.

    `scope_path` is the commune where it was said or hung, else the area of the message.
    """

    SCOPE: ClassVar[Scope] = Scope(org=None)

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="uses")
    channel = models.CharField(_("Channel"), max_length=12, choices=Channel.choices)
    where = models.CharField(_("Where"), max_length=200)
    at = models.DateTimeField(_("When"))
    by = models.BigIntegerField()
    commune = models.CharField(_("Commune"), max_length=120, blank=True)
    corrected_at = models.DateTimeField(null=True)
    scope_path = models.CharField(max_length=120, default=ANY_PATH, db_collation="C")
    scope_sector = models.CharField(max_length=20, default="government")

    class Meta:
        indexes = (models.Index(fields=["message", "scope_path"], name="command_use_of_commune"),)

    def __str__(self) -> str:
        return f"{self.channel} {self.where}"
