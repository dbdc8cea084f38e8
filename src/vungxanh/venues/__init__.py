"""Arrivals and departures: every way in and out, with a phone, a card or on paper."""
