"""The assembly as Django knows it."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "vungxanh.web"
    label = "web"

    def ready(self) -> None:
        from vungxanh.safetymap import telling
        from vungxanh.venues.keeping import numbers_of
        from vungxanh.web import watching

        watching.register()
        telling.register(numbers_of)
        _lake()


def _lake() -> None:
    """The lake knows no Django: what the clock does with it is said here."""
    from datetime import timedelta

    from vungxanh.core import jobs, retention
    from vungxanh.core.home import lake_dir
    from vungxanh.lake.export import export
    from vungxanh.lake.retention import forget_before

    jobs.register("lake.export", timedelta(minutes=15), lambda: export(lake_dir()))
    retention.register(
        "lake",
        lambda: [retention.stated("vungxanh.lake", "days", lambda before: forget_before(lake_dir(), before))],
    )
