"""The safety map as a Django app."""

from django.apps import AppConfig


class SafetyMapConfig(AppConfig):
    name = "vungxanh.safetymap"
    label = "safetymap"

    def ready(self) -> None:
        from datetime import timedelta

        from vungxanh.core import jobs
        from vungxanh.safetymap.actions import publish_again
        from vungxanh.safetymap.reminders import KIND, remind
        from vungxanh.work.kinds import register

        register(KIND, vi="Tự đánh giá an toàn lại", en="Assess the safety of a place again")
        jobs.register("safetymap.reminders", timedelta(hours=24), remind)
        jobs.register("safetymap.publish", timedelta(hours=24), publish_again)
