"""Zoning as a Django app: counts, levels, proposals. `zoning.model` knows nothing of it."""

from django.apps import AppConfig


class ZoningConfig(AppConfig):
    name = "vungxanh.zoning"
    label = "zoning"

    def ready(self) -> None:
        from vungxanh.work.kinds import register

        register("zone.need", vi="Nhu cầu trong vùng khoanh", en="A need inside a zone", escalate_hours=[0, 4])
