"""`vungxanh.exposure` as a Django app."""

from django.apps import AppConfig


class ExposureConfig(AppConfig):
    name = "vungxanh.exposure"
    label = "exposure"
    default_auto_field = "django.db.models.BigAutoField"
