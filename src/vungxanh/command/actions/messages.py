"""A message is drafted, approved by somebody else, used, withdrawn; its uses are then corrected one by one."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from vungxanh.command.actions.photos import keep as keep_photos
from vungxanh.command.directory import numbers_elsewhere
from vungxanh.command.models import Channel, Message, MessageState, MessageText, MessageUse
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.people.models import Officer, Organisation

#: a phone's clock may run ahead by so much
CLOCK_SKEW = timedelta(minutes=10)


@transaction.atomic
def keep(*, message: Message, by: Officer) -> Message:
    """Save a new or corrected draft. Raises UserError once it is approved: withdraw it and write another."""
    if message.state != MessageState.DRAFT:
        raise UserError("command.message-not-draft")
    if message.ends and message.ends < message.starts:
        raise UserError("command.message-ends-before-start", field="ends")
    _only_our_numbers(
        "\n".join((message.title, message.say, message.do, message.title_en, message.say_en, message.do_en))
    )
    message.drafted_by = by.pk
    message.save()
    audit.record(by=by, action="command:message:drafted", subject=f"message:{message.pk}")
    return message


def _only_our_numbers(text: str) -> None:
    """Raises UserError `command.number-elsewhere`: a number that is said must stand in the directory."""
    if elsewhere := numbers_elsewhere(text):
        raise UserError("command.number-elsewhere", field="do", numbers=", ".join(elsewhere))


@transaction.atomic
def approve(*, message: Message, by: Officer) -> None:
    """A second person approves. Raises UserError for the author, and for anything but a draft."""
    if message.state != MessageState.DRAFT:
        raise UserError("command.message-not-draft")
    if message.drafted_by == by.pk:
        raise UserError("command.message-own")
    message.state, message.approved_by, message.approved_at = MessageState.APPROVED, by.pk, timezone.now()
    message.save()
    audit.record(by=by, action="command:message:approved", subject=f"message:{message.pk}")


@transaction.atomic
def use(
    *,
    message: Message,
    channel: Channel,
    where: str,
    at: datetime,
    by: Officer,
    commune: Organisation | None = None,
    photos: "list[UploadedFile[Any]] | None" = None,
) -> MessageUse:
    """Write down a broadcast or a poster, with photographs. Raises UserError without approval."""
    if message.state != MessageState.APPROVED:
        raise UserError("command.message-not-approved")
    if at > timezone.now() + CLOCK_SKEW:
        raise UserError("command.use-in-future", field="at")
    made = MessageUse.objects.create(
        message=message,
        channel=channel,
        where=where,
        at=at,
        by=by.pk,
        commune=commune.name if commune else "",
        scope_path=commune.scope_path if commune else message.scope_path,
        scope_sector=message.scope_sector,
    )
    keep_photos(
        files=photos or [],
        subject=f"use:{made.pk}",
        scope_path=made.scope_path,
        scope_sector=made.scope_sector,
        by=by,
    )
    audit.record(
        by=by, action="command:message:used", subject=f"message:{message.pk}", details={"channel": channel}
    )
    return made


@transaction.atomic
def withdraw(*, message: Message, why: str, by: Officer) -> int:
    """End a message. -> number of uses that must now be corrected. Raises UserError without a reason."""
    if message.state != MessageState.APPROVED:
        raise UserError("command.message-not-approved")
    if not why.strip():
        raise UserError("command.reason-needed", field="why")
    message.state, message.withdrawn_at, message.withdrawn_why = (
        MessageState.WITHDRAWN,
        timezone.now(),
        why.strip(),
    )
    message.save()
    audit.record(by=by, action="command:message:withdrawn", subject=f"message:{message.pk}")
    return message.uses.filter(corrected_at=None).count()


@transaction.atomic
def corrected(*, use: MessageUse, by: Officer) -> None:
    """A poster was taken down, a broadcast corrected."""
    use.corrected_at = timezone.now()
    use.save()
    audit.record(by=by, action="command:message:corrected", subject=f"message:{use.message_id}")


@transaction.atomic
def write_text(*, text: MessageText, by: Officer) -> None:
    """Keep a text in another language; changed words are read again. Raises UserError once withdrawn."""
    if text.message.state == MessageState.WITHDRAWN:
        raise UserError("command.message-not-approved")
    _only_our_numbers(f"{text.title}\n{text.say}\n{text.do}")
    text.kept_by, text.checked_by, text.checked_at, text.checker = by.pk, None, None, ""
    text.save()
    audit.record(
        by=by,
        action="command:message:translated",
        subject=f"message:{text.message_id}",
        details={"language": text.language},
    )


@transaction.atomic
def check_text(*, text: MessageText, checker: str, by: Officer) -> None:
    """A second person has read it in that language; from then on it is shown. Raises UserError for the writer."""
    if text.kept_by == by.pk:
        raise UserError("command.message-own")
    if not checker.strip():
        raise UserError("command.text-unread", field="checker")
    text.checked_by, text.checked_at, text.checker = by.pk, timezone.now(), checker.strip()
    text.save()
    audit.record(
        by=by,
        action="command:message:translation-read",
        subject=f"message:{text.message_id}",
        details={"language": text.language},
    )
