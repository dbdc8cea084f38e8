"""The command room as a Django app."""

from django.apps import AppConfig


class CommandConfig(AppConfig):
    name = "vungxanh.command"
    label = "command"

    def ready(self) -> None:
        from vungxanh.command.report_figures import register_all

        register_all()
