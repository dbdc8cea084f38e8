"""`vungxanh.places` as a Django app."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "vungxanh.places"
    label = "places"
