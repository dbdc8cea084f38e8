"""`vungxanh.exposure` as a Django app: a source of the lake, and work by the clock."""

from datetime import timedelta

from django.apps import AppConfig


class ExposureConfig(AppConfig):
    name = "vungxanh.exposure"
    label = "exposure"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vungxanh.core import retention
        from vungxanh.core.jobs import register
        from vungxanh.exposure import timers
        from vungxanh.exposure.alarms import KIND
        from vungxanh.exposure.evidence import GatewayVisits, SharedEncounters
        from vungxanh.lake import sources
        from vungxanh.work import kinds

        kinds.register(KIND, vi="Xem cảnh báo lạm dụng mã phơi nhiễm", en="Look at an alarm of exposure codes")
        sources.register(SharedEncounters())
        sources.register(GatewayVisits())
        # a window is ready within a minute of its time, and nothing stays ten minutes past its limit
        register("exposure.export", timedelta(minutes=1), timers.export)
        register("exposure.days", timedelta(minutes=10), timers.days)
        register("exposure.federate", timedelta(minutes=10), timers.federate)
        retention.register("exposure", timers.kept)
