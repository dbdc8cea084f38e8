"""The room as Django knows it."""

from django.apps import AppConfig


class DeclarationsConfig(AppConfig):
    name = "vungxanh.declarations"
    label = "declarations"
