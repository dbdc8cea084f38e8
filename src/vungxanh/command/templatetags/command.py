"""The rooms within the command room, as far as the officer may open them."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vungxanh.people.models import Officer
from vungxanh.people.roles import Permission

register = template.Library()

#: address, label, who is let in; nobody named: every officer
ROOMS: tuple[tuple[str, Any, tuple[Permission, ...]], ...] = (
    ("command:home", _("Dispatches"), (Permission.DISPATCH_ANSWER,)),
    ("command:messages", _("Messages"), (Permission.MESSAGE_DRAFT, Permission.MESSAGE_APPROVE)),
    ("command:broadcasts", _("Broadcasts"), (Permission.DISPATCH_ANSWER,)),
    ("command:hotline", _("Hotline"), (Permission.HOTLINE_ANSWER, Permission.CASE_WRITE)),
    ("command:directory", _("Directory"), ()),
    ("notify:inbox", _("Messages of people"), (Permission.HOTLINE_ANSWER,)),
    ("command:reserves", _("Reserves and prices"), (Permission.RESERVE_WRITE, Permission.STATISTICS_READ)),
    ("command:inspections", _("Inspection"), (Permission.SAFETY_INSPECT,)),
    ("command:courses", _("Courses"), ()),
    ("command:reports", _("Reports"), (Permission.STATISTICS_READ,)),
)


@register.simple_tag
def command_rooms(user: object) -> list[tuple[str, Any]]:
    """(address, label) of the rooms that this officer may open."""
    if not isinstance(user, Officer):
        return []
    return [
        (reverse(name), label)
        for name, label, needed in ROOMS
        if not needed or any(user.may(permission) for permission in needed)
    ]
