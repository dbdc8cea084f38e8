"""The safety map as a Django app."""

from django.apps import AppConfig


class SafetyMapConfig(AppConfig):
    name = "vungxanh.safetymap"
    label = "safetymap"
