"""Zoning as a Django app: counts, levels, proposals. `zoning.model` knows nothing of it."""

from django.apps import AppConfig


class ZoningConfig(AppConfig):
    name = "vungxanh.zoning"
    label = "zoning"
