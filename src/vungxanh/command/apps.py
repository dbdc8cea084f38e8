"""The command room as a Django app."""

from django.apps import AppConfig


class CommandConfig(AppConfig):
    name = "vungxanh.command"
    label = "command"
