"""`vungxanh.venues` as a Django app; its visits are a source of the lake."""

from django.apps import AppConfig


class VenuesConfig(AppConfig):
    name = "vungxanh.venues"
    label = "venues"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vungxanh.lake import sources
        from vungxanh.venues.evidence import PlaceTree, TripSeats, VenueVisits
        from vungxanh.venues.roster_evidence import StallRosters

        sources.register(VenueVisits())
        sources.register(PlaceTree())
        sources.register(TripSeats())
        sources.register(StallRosters())
        _work_and_jobs()


def _work_and_jobs() -> None:
    """What the commune is asked to look at, and what is done by the clock."""
    from datetime import timedelta

    from vungxanh.core import jobs, retention
    from vungxanh.venues import errands, keeping, refold, reminding, watched, webhooks
    from vungxanh.venues.retention import kinds as kept
    from vungxanh.work import kinds

    kinds.register(
        watched.KIND,
        vi="Người đang cách ly được ghi ở nơi khác",
        en="Somebody in isolation was recorded elsewhere",
        escalate_hours=[0, 4],
    )
    jobs.register("venues.settle", timedelta(minutes=1), refold.settle)
    jobs.register("venues.errands", timedelta(minutes=5), errands.empty)
    jobs.register("venues.remind", timedelta(minutes=5), reminding.remind)
    jobs.register("venues.webhooks.observe", timedelta(minutes=1), webhooks.observe)
    jobs.register("venues.webhooks.send", timedelta(seconds=15), webhooks.send_due)
    retention.register("venues", kept)
    jobs.register("venues.over", timedelta(hours=1), keeping.close_over)
