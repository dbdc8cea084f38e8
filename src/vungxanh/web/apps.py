"""The assembly as Django knows it."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "vungxanh.web"
    label = "web"

    def ready(self) -> None:
        from vungxanh.web import watching

        watching.register()
