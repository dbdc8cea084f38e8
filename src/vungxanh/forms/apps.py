"""The machinery of forms as Django knows it: templates and translations, no tables."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "vungxanh.forms"
    label = "forms"
