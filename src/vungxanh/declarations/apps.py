"""The room as Django knows it."""

from django.apps import AppConfig


class DeclarationsConfig(AppConfig):
    name = "vungxanh.declarations"
    label = "declarations"

    def ready(self) -> None:
        from vungxanh.declarations.at_gate import GateDeclarations
        from vungxanh.forms import declared

        declared.register(GateDeclarations())
        from datetime import timedelta

        from django.utils.translation import gettext_lazy

        from vungxanh.core import retention
        from vungxanh.core.jobs import register
        from vungxanh.declarations import sms
        from vungxanh.declarations.retention import kinds
        from vungxanh.notify import inbound

        inbound.register(sms.WORD, sms.answer, about=gettext_lazy("Daily health, answered by SMS"))
        retention.register("declarations", kinds)
        register("declarations.ask-daily", timedelta(hours=24), sms.ask_due)
