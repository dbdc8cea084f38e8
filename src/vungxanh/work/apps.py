"""`vungxanh.work` as a Django app."""

from datetime import timedelta

from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "vungxanh.work"
    label = "work"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vungxanh.core.jobs import register
        from vungxanh.people.merge_actions import register_mover
        from vungxanh.work.actions import escalate
        from vungxanh.work.mover import WorkMover

        register_mover("work", WorkMover())
        register("work.escalate", timedelta(minutes=5), escalate)
