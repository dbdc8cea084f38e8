"""The room as Django knows it."""

from django.apps import AppConfig


class OutbreakConfig(AppConfig):
    name = "vungxanh.outbreak"
    label = "outbreak"

    def ready(self) -> None:
        from vungxanh.outbreak.report_figures import register_all

        register_all()
