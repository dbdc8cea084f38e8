"""`vungxanh.notify` as a Django app."""

from datetime import timedelta
from functools import partial

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "vungxanh.notify"
    label = "notify"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vungxanh.core import retention
        from vungxanh.core.jobs import register
        from vungxanh.notify.delivery import deliver
        from vungxanh.notify.interface import Channel
        from vungxanh.notify.retention import kinds

        retention.register("notify", kinds)
        for channel in Channel:
            register(f"notify.{channel}", timedelta(seconds=10), partial(deliver, channel))
