"""Zoning as a Django app: counts, levels, proposals. `zoning.model` knows nothing of it."""

from django.apps import AppConfig


class ZoningConfig(AppConfig):
    name = "vungxanh.zoning"
    label = "zoning"

    def ready(self) -> None:
        from datetime import timedelta

        from vungxanh.core import jobs
        from vungxanh.work.kinds import register
        from vungxanh.zoning.daily_levels import draft_all

        jobs.register("zoning.levels", timedelta(hours=24), draft_all)
        register("zone.need", vi="Nhu cầu trong vùng khoanh", en="A need inside a zone", escalate_hours=[0, 4])
