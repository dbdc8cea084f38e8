"""`vungxanh.venues` as a Django app; its visits are a source of the lake."""

from django.apps import AppConfig


class VenuesConfig(AppConfig):
    name = "vungxanh.venues"
    label = "venues"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vungxanh.lake import sources
        from vungxanh.venues.evidence import PlaceTree, TripSeats, VenueVisits

        sources.register(VenueVisits())
        sources.register(PlaceTree())
        sources.register(TripSeats())
