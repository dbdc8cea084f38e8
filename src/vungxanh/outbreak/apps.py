"""The room as Django knows it."""

from django.apps import AppConfig


class OutbreakConfig(AppConfig):
    name = "vungxanh.outbreak"
    label = "outbreak"
