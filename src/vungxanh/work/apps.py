"""`vungxanh.work` as a Django app."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "vungxanh.work"
    label = "work"
    default_auto_field = "django.db.models.BigAutoField"
