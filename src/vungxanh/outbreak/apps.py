"""The room as Django knows it."""

from django.apps import AppConfig


class OutbreakConfig(AppConfig):
    name = "vungxanh.outbreak"
    label = "outbreak"

    def ready(self) -> None:
        from vungxanh.outbreak.report_figures import register_all
        from vungxanh.outbreak.seen import watched_persons
        from vungxanh.venues import watched

        register_all()
        watched.register("outbreak", watched_persons)
