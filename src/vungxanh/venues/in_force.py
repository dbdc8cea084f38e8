"""What a venue does today: its keeper's choice as far as the pack in force leaves one."""

from datetime import date

from vungxanh.venues.gate_rules import Asks, Mode, pack
from vungxanh.venues.models import Venue


def asks_of(venue: Venue, day: date | None = None) -> Asks:
    """What its gates ask for."""
    return pack(day).asks_of(venue.place.kind, venue.asks)


def mode_of(venue: Venue, day: date | None = None) -> Mode:
    """How it records."""
    return pack(day).mode_of(venue.place.kind, venue.mode)
