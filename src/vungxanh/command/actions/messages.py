"""A message is drafted, approved by somebody else, used, withdrawn; its uses are then corrected one by one."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from vungxanh.command.models import Channel, Message, MessageState, MessageUse
from vungxanh.core import audit
from vungxanh.core.errors import UserError
from vungxanh.people.models import Officer


@transaction.atomic
def keep(*, message: Message, by: Officer) -> Message:
    """Save a new or corrected draft. Raises UserError once it is approved: withdraw it and write another."""
    if message.state != MessageState.DRAFT:
        raise UserError("command.message-not-draft")
    if message.ends and message.ends < message.starts:
        raise UserError("command.message-ends-before-start", field="ends")
    message.drafted_by = by.pk
    message.save()
    audit.record(by=by, action="command:message:drafted", subject=f"message:{message.pk}")
    return message


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
def use(*, message: Message, channel: Channel, where: str, at: datetime, by: Officer) -> MessageUse:
    """Write down a broadcast or a poster. Raises UserError without approval."""
    if message.state != MessageState.APPROVED:
        raise UserError("command.message-not-approved")
    made = MessageUse.objects.create(message=message, channel=channel, where=where, at=at, by=by.pk)
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
